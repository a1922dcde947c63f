/** Consoles whose levels come in: who is heard, what their channels do, and a form for one. */

import { Fields } from "../forms/field.js";
import { gated } from "../gate.js";
import { element, keep } from "../html.js";
import { format } from "../router.js";
import { texts as common } from "../texts.js";
import { button, headed, link, Word } from "./section.js";
import { texts } from "./words.js";

/** @typedef {import("../types.js").Services} Services */
/** @typedef {Record<string, any>} Input */

const CHANNELS = /** @type {const} */ (["master", "blackout", "freeze"]);

export class Inputs {
  /** @type {Map<string, HTMLLIElement>} */
  #items = new Map();
  #list = element("ul", { class: "rows", role: "list" });
  #none = element("p", { class: "hint", hidden: true }, texts.noInputs);
  #overview;

  /** @param {Services} services */
  constructor(services) {
    this.services = services;
    const { store } = services;
    const add = gated(store, "structure", link("#/setup/inputs/+", texts.addInput, "primary"));
    this.#overview = element(
      "div",
      { class: "form-view" },
      headed(texts.inputs, "#/setup").root,
      element("p", { class: "hint" }, texts.inputsWhy),
      this.#none,
      this.#list,
      element("div", { class: "buttons" }, add),
    );
    this.form = new InputForm(services);
    this.root = element("section", { "aria-label": texts.inputs }, this.#overview, this.form.root);
    for (const topic of /** @type {const} */ (["show", "inputs", "status"])) store.on(topic, () => this.#draw());
  }

  /** @param {string[]} path  [] · ["+"] · [name] */
  show([name]) {
    this.#overview.hidden = Boolean(name);
    this.form.root.hidden = !name;
    this.#draw();
    if (name) this.form.show(name);
  }

  #draw() {
    const { store } = this.services;
    if (this.#overview.hidden || !store.show) return;
    const inputs = /** @type {Input[]} */ (store.show.inputs ?? []);
    const heard = store.inputs.length ? store.inputs : (store.status?.inputs ?? []);
    this.#none.hidden = inputs.length > 0;
    keep(
      this.#list,
      this.#items,
      inputs.map(({ name }) => name),
      (name) => inputRow(name),
    );
    for (const input of inputs) {
      const state = heard.find(({ name }) => name === input.name)?.state ?? "";
      const words = [input.name, describe(input), texts.inputStates[state] ?? state];
      this.#items
        .get(input.name)
        ?.querySelectorAll("[data-part]")
        .forEach((place, index) => {
          if (place.textContent !== words[index]) place.textContent = words[index];
        });
      this.#items.get(input.name)?.classList.toggle("odd", state === "lost");
    }
  }
}

/** @param {string} name */
function inputRow(name) {
  const parts = [element("strong"), element("span", { class: "facts" }), element("span", { class: "facts going" })];
  for (const part of parts) part.dataset.part = "";
  return element("li", {}, element("a", { class: "row-link", href: format(["setup", "inputs", name]) }, ...parts));
}

/** @param {Input} input */
function describe({ protocol, universes, interface: way, port_address, controls = {}, when_lost }) {
  const looks = Object.keys(controls.looks ?? {}).length;
  const does = [...CHANNELS.filter((key) => controls[key]).map((key) => texts.channels[key]), looks ? texts.lookChannels(looks) : ""];
  return [
    texts.outputTitle(texts.protocols[protocol] ?? protocol, String(universes)),
    way && texts.by(way),
    port_address !== undefined && port_address !== null && texts.fromPort(String(port_address)),
    does.filter(Boolean).join(", "),
    texts.whenLost[when_lost ?? "hold"],
  ]
    .filter(Boolean)
    .join(" · ");
}

class InputForm {
  #name = "";
  #head = headed("", "#/setup/inputs");
  #word = new Word();
  #fields = new Fields();
  #delete = button(common.delete, () => this.#remove(), "quiet danger");

  /** @param {Services} services */
  constructor(services) {
    this.services = services;
    const fields = this.#fields;
    fields.text("name", texts.inputName, { maxLength: 40 });
    fields.choice("protocol", texts.protocol, [
      ["sacn", "sACN (E1.31)"],
      ["artnet", "Art-Net"],
    ]);
    fields.text("universes", texts.universes, { hint: texts.universesHint });
    fields.text("port_address", texts.portAddressField, { hint: texts.portAddressHint });
    fields.text("interface", texts.interface, { hint: texts.interfaceHint, maxLength: 15 });
    fields.choice("when_lost", texts.whenLostField, [
      ["hold", texts.whenLost.hold],
      ["take", texts.whenLost.take],
    ]);
    for (const key of CHANNELS) fields.text(key, texts.channelOf(texts.channels[key]), { placeholder: "101.1", hint: texts.channelHint });
    const save = element("button", { type: "submit", class: "primary" }, common.save);
    const form = element("form", { noValidate: true });
    form.append(gated(services.store, "structure", fields.root, element("div", { class: "buttons" }, save, this.#delete)));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.root = element("div", { class: "form-view", hidden: true }, this.#head.root, this.#word.root, form);
    fields.onchange = () => this.#suit();
  }

  /** @returns {Input[]} */
  get #inputs() {
    return this.services.store.show?.inputs ?? [];
  }

  /** @param {string} name  an input, or + */
  show(name) {
    const input = name === "+" ? undefined : this.#inputs.find((each) => each.name === name);
    this.#name = input?.name ?? "";
    this.#word.say(name !== "+" && !input ? texts.inputGone : "");
    this.#head.words.textContent = input ? input.name : texts.addInput;
    this.#delete.hidden = !input;
    const channels = Object.fromEntries(CHANNELS.map((key) => [key, (input?.controls?.[key] ?? []).join(".")]));
    this.#fields.fill({ protocol: "sacn", when_lost: "hold", ...input, ...channels });
    this.#suit();
    this.#head.words.focus({ preventScroll: true });
  }

  #suit() {
    this.#fields.of("port_address").root.hidden = this.#fields.of("protocol").control.value !== "artnet";
  }

  /** The input in the show's keys. @returns {Input} */
  #said() {
    const { master, blackout, freeze, port_address: port, ...own } = this.#fields.value;
    const former = this.#inputs.find((each) => each.name === this.#name);
    /** @type {Input} */
    const controls = { ...former?.controls };
    for (const [key, text] of Object.entries({ master, blackout, freeze })) {
      delete controls[key];
      if (text !== null && text !== undefined) controls[key] = channelIn(String(text));
    }
    const { port_address: _, interface: __, ...kept } = former ?? {};
    return {
      ...kept,
      ...Object.fromEntries(Object.entries(own).filter(([, value]) => value !== null)),
      ...(port === null || port === undefined ? {} : { port_address: /^\d+$/.test(String(port)) ? Number(port) : port }),
      controls,
    };
  }

  async #send() {
    const list = this.#inputs;
    const at = this.#name ? list.findIndex((each) => each.name === this.#name) : list.length;
    await this.#put([...list.slice(0, at), this.#said(), ...list.slice(at + 1)], texts.inputSaved);
  }

  async #remove() {
    await this.#put(
      this.#inputs.filter((each) => each.name !== this.#name),
      texts.inputDeleted,
    );
  }

  /** @param {Input[]} inputs @param {string} said */
  async #put(inputs, said) {
    const { api, store, toast, router } = this.services;
    try {
      await api.send("PUT", "inputs", inputs, { ifMatch: `"${store.rev}"` });
      toast.undoable(said);
      router.go("setup", "inputs");
    } catch (fault) {
      if (fault instanceof Error) throw fault;
      this.#fields.blame(/** @type {import("../api.js").Fault} */ (fault));
    }
  }
}

/** `101.1` as [101, 1]; what is none stays a text, for lumad to say so. @param {string} text */
function channelIn(text) {
  const found = text.match(/^(\d+)\s*[./ ]\s*(\d+)$/);
  return found ? [Number(found[1]), Number(found[2])] : text;
}

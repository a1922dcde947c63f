/** One output: protocol, universes, to whom, and what few need. */

import { Fields } from "../forms/field.js";
import { gated } from "../gate.js";
import { element } from "../html.js";
import { texts as common } from "../texts.js";
import { button, headed, Word } from "./section.js";
import { texts } from "./words.js";

/** @typedef {import("../types.js").Services} Services */
/** @typedef {Record<string, any>} Output */

const OF_SACN = ["priority", "per_address_priority", "preview", "sync_universe"];
const OF_ARTNET = ["port_address", "sync"];
const WAYS = /** @type {const} */ ({ sacn: ["multicast", "multicast6", "list"], artnet: ["discover", "broadcast", "list"] });
const NEUTRAL = /** @type {Record<string, unknown>} */ ({
  priority: 100,
  ttl: 8,
  rate: "auto",
  delay_ms: 0,
  spread_ms: 0,
  sync: false,
  per_address_priority: false,
  preview: false,
  suppress: false,
});

export class OutputForm {
  #at = -1;
  #head = headed("", "#/setup/outputs");
  #word = new Word();
  #fields = new Fields();
  #delete = button(common.delete, () => this.#remove(), "quiet danger");

  /** @param {Services} services */
  constructor(services) {
    this.services = services;
    this.#build();
    const save = element("button", { type: "submit", class: "primary" }, texts.saveLive);
    const form = element("form", { noValidate: true });
    form.append(gated(services.store, "structure", this.#fields.root, element("div", { class: "buttons" }, save, this.#delete)));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.root = element("div", { class: "form-view", hidden: true }, this.#head.root, this.#word.root, form);
    this.#fields.onchange = () => this.#suit();
  }

  #build() {
    const fields = this.#fields;
    fields.choice("protocol", texts.protocol, [
      ["sacn", "sACN (E1.31)"],
      ["artnet", "Art-Net"],
    ]);
    fields.text("universes", texts.universes, { hint: texts.universesHint });
    fields.choice("way", texts.to, []);
    fields.text("receivers", texts.receivers, { hint: texts.receiversHint, wide: true });
    fields.text("port_address", texts.portAddressField, { hint: texts.portAddressHint });
    fields.text("interface", texts.interface, { hint: texts.interfaceHint, maxLength: 15 });
    fields.number("priority", texts.priority, { hint: texts.priorityHint });
    fields.number("sync_universe", texts.syncUniverse, { hint: texts.syncHint });
    fields.flag("sync", texts.artSync, { hint: texts.syncHint });
    fields.text("rate", texts.rate, { hint: texts.rateHint });
    fields.number("delay_ms", texts.delay, { hint: texts.delayHint });
    fields.number("ttl", texts.ttl, { hint: texts.ttlHint });
    fields.flag("per_address_priority", texts.perAddress, { hint: texts.perAddressHint });
    fields.flag("preview", texts.previewData, { hint: texts.previewHint });
    fields.flag("suppress", texts.suppress, { hint: texts.suppressHint });
  }

  /** @param {string} step  a place in the list from 1, or + */
  show(step) {
    const outputs = this.#outputs;
    this.#at = step === "+" ? -1 : Number(step) - 1;
    const output = outputs[this.#at];
    if (!output) this.#at = -1;
    this.#word.say(step !== "+" && !output ? texts.outputGone : "");
    this.#head.words.textContent = output ? texts.outputTitle(texts.protocols[output.protocol], String(output.universes)) : texts.addOutput;
    this.#delete.hidden = !output;
    const { protocol = "sacn", to } = output ?? {};
    this.#offerWays(protocol);
    const listed = Array.isArray(to);
    const way = listed ? "list" : (to ?? WAYS[/** @type {"sacn"} */ (protocol)][0]);
    const sync = typeof output?.sync === "number" ? { sync_universe: output.sync, sync: false } : {};
    this.#fields.fill({ ...NEUTRAL, ...output, ...sync, protocol, way, receivers: listed ? to.join(", ") : "" });
    this.#suit();
    this.#head.words.focus({ preventScroll: true });
  }

  /** @returns {Output[]} */
  get #outputs() {
    return this.services.store.show?.outputs ?? [];
  }

  /** @param {string} protocol */
  #offerWays(protocol) {
    const select = this.#fields.of("way").control;
    const former = select.value;
    const ways = protocol === "artnet" ? WAYS.artnet : WAYS.sacn;
    select.replaceChildren(...ways.map((way) => element("option", { value: way }, texts.ways[way])));
    select.value = ways.some((way) => way === former) ? former : ways[0];
  }

  /** Shows what belongs to the protocol, and the receivers where they are listed. */
  #suit() {
    const protocol = this.#fields.of("protocol").control.value;
    const ways = WAYS[protocol === "artnet" ? "artnet" : "sacn"];
    if (![...this.#fields.of("way").control.children].some((option) => /** @type {HTMLOptionElement} */ (option).value === ways[0]))
      this.#offerWays(protocol);
    for (const key of OF_SACN) this.#fields.of(key).root.hidden = protocol !== "sacn";
    for (const key of OF_ARTNET) this.#fields.of(key).root.hidden = protocol !== "artnet";
    this.#fields.of("receivers").root.hidden = this.#fields.of("way").control.value !== "list";
  }

  /** The output in the show's keys, what is neutral left out. */
  #said() {
    const { way, receivers, sync_universe: universe, port_address: port, rate, ...others } = this.#fields.value;
    const to =
      way === "list"
        ? String(receivers ?? "")
            .split(/[\s,;]+/)
            .filter(Boolean)
        : way;
    const kept = Object.entries(others).filter(([key, value]) => value !== null && value !== NEUTRAL[key]);
    return {
      ...kindred(this.#outputs[this.#at]),
      ...Object.fromEntries(kept),
      to,
      ...(universe === null || universe === undefined ? {} : { sync: universe }),
      ...(port === null || port === undefined ? {} : { port_address: /^\d+$/.test(String(port)) ? Number(port) : port }),
      ...(rate === null || rate === "auto" ? {} : { rate: numberOr(String(rate)) }),
    };
  }

  async #send() {
    const list = [...this.#outputs];
    const others = list.filter((_, index) => index !== this.#at);
    const at = this.#at < 0 ? list.length : this.#at;
    others.splice(at, 0, this.#said());
    await this.#put(others, texts.outputSaved, at);
  }

  async #remove() {
    await this.#put(
      this.#outputs.filter((_, index) => index !== this.#at),
      texts.outputDeleted,
      -1,
    );
  }

  /** @param {Output[]} outputs @param {string} said @param {number} mine  whose faults belong to the fields */
  async #put(outputs, said, mine) {
    const { api, store, toast, router } = this.services;
    try {
      await api.send("PUT", "outputs", outputs, { ifMatch: `"${store.rev}"` });
      toast.undoable(said);
      router.go("setup", "outputs");
    } catch (fault) {
      if (fault instanceof Error) throw fault;
      const { faults = [], ...problem } = /** @type {import("../api.js").Fault} */ (fault);
      this.#fields.blame({ ...problem, faults: faults.map((each) => aimed(each, mine)) });
    }
  }
}

/** Keys that this form does not know stay as they are. @param {Output | undefined} output */
function kindred(output) {
  const known = new Set(["protocol", "universes", "to", "interface", "port_address", ...Object.keys(NEUTRAL)]);
  return Object.fromEntries(Object.entries(output ?? {}).filter(([key]) => !known.has(key)));
}

/** The fault with the name that its field has here. @param {{path: string, message: string}} fault @param {number} mine */
function aimed({ path, message }, mine) {
  const steps = path.split(".");
  if (Number(steps[1]) !== mine) return { path: "", message: `${path}: ${message}` };
  return { path: steps[2] === "to" ? "way" : path, message };
}

/** @param {string} text */
const numberOr = (text) => (Number.isFinite(Number(text.replace(",", "."))) ? Number(text.replace(",", ".")) : text);

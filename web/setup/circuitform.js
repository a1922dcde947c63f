/** One circuit: its name, what its breaker bears, and the lamps on it. */

import { Fields } from "../forms/field.js";
import { gated } from "../gate.js";
import { element } from "../html.js";
import { freeId } from "../looks/look.js";
import { pick, texts as common } from "../texts.js";
import * as words from "../texts/install.js";
import { button, headed, Word } from "./section.js";

const texts = pick(words);
const MOST_W = 1_000_000;

export class CircuitForm {
  #id = "";
  #head = headed("", "#/setup/power");
  #word = new Word();
  #fields = new Fields();
  #lamps = element("div", { class: "checks" });
  #delete = button(common.delete, () => this.#remove(), "quiet danger");

  /** @param {import("../types.js").Services} services */
  constructor(services) {
    this.services = services;
    this.#fields.text("label", texts.circuitName, { maxLength: 80 });
    this.#fields.number("limit_w", texts.limit, { hint: texts.limitHint });
    const lamps = element("fieldset", { class: "choice" }, element("legend", {}, texts.lampsTitle), this.#lamps);
    const save = element("button", { type: "submit", class: "primary" }, common.save);
    const form = element("form", { noValidate: true });
    form.append(gated(services.store, "structure", this.#fields.root, lamps, element("div", { class: "buttons" }, save, this.#delete)));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#save();
    });
    this.root = element("div", { class: "form-view", hidden: true }, this.#head.root, this.#word.root, form);
  }

  /** @param {string} id  a circuit, or + */
  show(id) {
    const { show } = this.services.store;
    const circuit = show?.circuits?.[id];
    this.#id = circuit ? id : "";
    this.#word.say(id !== "+" && !circuit ? texts.circuitGone : "");
    this.#head.words.textContent = circuit ? circuit.label || id : texts.addCircuit;
    this.#delete.hidden = !circuit;
    this.#fields.fill(circuit ? { label: circuit.label || id, limit_w: circuit.limit_w } : {});
    const boxes = Object.entries(show?.fixtures ?? {}).map(([key, lamp]) => this.#box(key, lamp));
    this.#lamps.replaceChildren(...boxes);
    this.#head.words.focus({ preventScroll: true });
  }

  /** @param {string} key @param {import("../types.js").Fixture} lamp */
  #box(key, { label, circuit }) {
    const box = element("input", { type: "checkbox", value: key, checked: this.#id !== "" && circuit === this.#id });
    const there = this.services.store.show?.circuits?.[circuit ?? ""]?.label || circuit;
    const name = there && circuit !== this.#id ? texts.elsewhere(label || key, there) : label || key;
    return element("label", { class: "check" }, box, element("span", { class: "check-name" }, name));
  }

  /** The circuit and its lamps in one step, which one undo takes back. */
  async #save() {
    const { store, toast, router, edits } = this.services;
    const { label, limit_w: limit } = this.#fields.value;
    const wrong = [
      ...(label ? [] : [{ path: "label", message: texts.circuitNameMissing }]),
      ...(typeof limit === "number" && limit >= 1 && limit <= MOST_W ? [] : [{ path: "limit_w", message: texts.limitWrong }]),
    ];
    if (wrong.length) {
      this.#fields.blame({ faults: wrong });
      return;
    }
    const id = this.#id || freeId(String(label), Object.keys(store.show?.circuits ?? {}), "circuit");
    const gesture = edits.gesture();
    if (!(await this.#edit(`circuits/${id}`, { label, limit_w: limit }, gesture))) return;
    for (const box of this.#lamps.querySelectorAll("input")) {
      const on = store.show?.fixtures[box.value]?.circuit === id;
      if (box.checked !== on && !(await this.#edit(`fixtures/${box.value}`, { circuit: box.checked ? id : null }, gesture))) return;
    }
    toast.undoable(texts.circuitSaved(String(label)));
    router.go("setup", "power");
  }

  async #remove() {
    const { store, toast, router, edits } = this.services;
    const gesture = edits.gesture();
    const lamps = Object.entries(store.show?.fixtures ?? {}).filter(([, { circuit }]) => circuit === this.#id);
    const name = store.show?.circuits?.[this.#id]?.label || this.#id;
    for (const [key] of lamps) if (!(await this.#edit(`fixtures/${key}`, { circuit: null }, gesture))) return;
    if (!(await this.#edit(`circuits/${this.#id}`, null, gesture))) return;
    toast.undoable(texts.circuitDeleted(name));
    router.go("setup", "power");
  }

  /** @param {string} path @param {unknown} value @param {string} gesture */
  #edit(path, value, gesture) {
    return this.services.edits.ask({ type: "edit", path, value, gesture });
  }
}

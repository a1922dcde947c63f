/** Below the picture: what can be done with the chosen region, in numbers, without dragging. */

import { fresh, inside } from "./geometry.js";
import { element, icon } from "./html.js";
import { texts } from "./texts.js";

const TRASH = "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10 11v5M14 11v5";
const PLUS = "M12 5v14M5 12h14";
const FIELDS = /** @type {const} */ (["x", "y", "width", "height"]);

export class Sheet {
  #hint = element("p", { class: "hint" });
  #add = element("button", { type: "button", class: "quiet", onclick: () => this.#create() }, icon(PLUS), texts.addRegion);
  #cancel = element("button", { type: "button", class: "quiet", onclick: () => this.store.select({}) }, texts.cancel);
  #rest = element("div", { class: "sheet-row" }, this.#hint, this.#add, this.#cancel);
  #sample = element("span", { class: "swatch" });
  #name = element("strong");
  #inputs = FIELDS.map((field, index) => number(texts.fields[field], (value) => this.#set(index, value)));
  #form = element(
    "div",
    { class: "sheet-form" },
    element(
      "div",
      { class: "sheet-row" },
      this.#sample,
      this.#name,
      element("button", { type: "button", class: "quiet", onclick: () => this.#delete() }, icon(TRASH), texts.deleteRegion),
      element("button", { type: "button", class: "quiet", onclick: () => this.store.select({}) }, texts.deselect),
    ),
    element("div", { class: "numbers" }, ...this.#inputs.map(({ label }) => label)),
  );

  /**
   * @param {import("./store.js").Store} store
   * @param {import("./edits.js").Edits} edits
   */
  constructor(store, edits) {
    this.store = store;
    this.edits = edits;
    /** @type {(region: string) => void} */
    this.ondelete = () => {};
    this.root = element("section", { class: "sheet", "aria-label": texts.regions }, this.#rest, this.#form);
    for (const topic of /** @type {const} */ (["show", "selection"])) store.on(topic, () => this.#draw());
    store.on("lights", () => this.#colour());
    this.#draw();
  }

  #draw() {
    const { selection, show } = this.store;
    const region = selection.region ? show?.regions[selection.region] : undefined;
    this.#form.hidden = !region;
    this.#rest.hidden = Boolean(region);
    this.#add.hidden = selection.fixture !== null;
    this.#cancel.hidden = selection.fixture === null;
    this.#hint.textContent = selection.fixture ? texts.assignHint(this.store.nameOf(selection.fixture)) : texts.regionHint;
    this.#rest.classList.toggle("asking", selection.fixture !== null);
    if (!region) return;
    this.#name.textContent = selection.region;
    [...region.center, ...region.size].forEach((part, index) => {
      const { input } = this.#inputs[index];
      if (input !== document.activeElement || this.#inputs[index].shown) input.value = String(Math.round(part * 1000) / 10);
    });
    this.#colour();
  }

  #colour() {
    const { selection, lights } = this.store;
    if (selection.region) this.#sample.style.backgroundColor = lights.regions[selection.region] ?? "";
  }

  /**
   * @param {number} index
   * @param {number} value  percent
   */
  #set(index, value) {
    const id = this.store.selection.region;
    const region = id ? this.store.show?.regions[id] : undefined;
    if (!region) return;
    const parts = [...region.center, ...region.size];
    parts[index] = value / 100;
    const box = inside({ center: [parts[0], parts[1]], size: [parts[2], parts[3]] });
    this.edits.edit(`regions/${id}`, { ...box }, this.edits.gesture());
  }

  #create() {
    const regions = this.store.show?.regions ?? {};
    let count = 1;
    while (regions[`region-${count}`]) count += 1;
    this.edits.edit(`regions/region-${count}`, { shape: "rect", ...fresh(count) }, this.edits.gesture());
    this.store.select({ region: `region-${count}` });
  }

  #delete() {
    if (this.store.selection.region) this.ondelete(this.store.selection.region);
  }
}

/**
 * A number field that no wheel and no swipe can change; arrow keys step by half a percent.
 * @param {string} text
 * @param {(value: number) => void} commit
 */
function number(text, commit) {
  const input = element("input", { type: "text", inputMode: "decimal", autocomplete: "off", enterKeyHint: "done" });
  const field = { input, shown: true, label: element("label", {}, element("span", {}, text), input) };
  const read = () => Number.parseFloat(input.value.replace(",", "."));
  const take = (/** @type {number} */ value) => {
    field.shown = true;
    if (Number.isFinite(value)) commit(value);
  };
  input.addEventListener("input", () => (field.shown = false));
  input.addEventListener("change", () => take(read()));
  input.addEventListener("keydown", (event) => {
    const step = { ArrowUp: 0.5, ArrowDown: -0.5 }[event.key];
    if (!step) return;
    event.preventDefault();
    take(read() + step);
  });
  return field;
}

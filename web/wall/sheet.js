/** Below the picture: what can be done with the chosen region, in numbers, without dragging. */

import { gated } from "../gate.js";
import { element, icon } from "../html.js";
import { added, removed, roomiest } from "./paths.js";
import { fresh, isPath, numbered, numbers, SHAPES } from "./shapes.js";
import { texts } from "../texts.js";

/** @typedef {import("./shapes.js").Field} Field */

const TRASH = "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10 11v5M14 11v5";
const PLUS = "M12 5v14M5 12h14";
const MINUS = "M5 12h14";
/** @type {Record<import("../types.js").Shape, string>} */
const DRAWN = {
  rect: "M4 6h16v12H4z",
  ellipse: "M3 12a9 6.5 0 0 1 18 0a9 6.5 0 0 1-18 0",
  line: "M4 18L20 6",
  polygon: "M12 4L21 19H4z",
};
const FIELDS = /** @type {Field[]} */ (Object.keys(texts.fields));

/** @param {string} drawing @param {string} text @param {() => void} onclick @param {string} [name]  where there is no text */
const button = (drawing, text, onclick, name = text) => {
  const label = text ? {} : { ariaLabel: name, title: name };
  return element("button", { type: "button", class: "quiet", onclick, ...label }, ...(drawing ? [icon(drawing)] : []), text);
};

export class Sheet {
  #adding = false;
  #hint = element("p", { class: "hint" });
  #add = button(PLUS, texts.addRegion, () => this.#offer(true));
  #choices = SHAPES.map((shape) => button(DRAWN[shape], texts.addShape[shape], () => this.#create(shape)));
  #cancel = button("", texts.cancel, () => (this.#adding ? this.#offer(false) : this.oncancel()));
  #rest = element("div", { class: "sheet-row" }, this.#hint, this.#add, ...this.#choices, this.#cancel);
  #sample = element("span", { class: "swatch" });
  #name = element("strong");
  #inputs = new Map(FIELDS.map((field) => [field, number(texts.fields[field], (value) => this.#set(field, value))]));
  #deletePoint = button(MINUS, "", () => this.#join(), texts.deletePoint);
  #addPoint = button(PLUS, "", () => this.#split(), texts.addPoint);
  #points = element("div", { class: "stepper" }, element("span", {}, texts.points), this.#deletePoint, this.#addPoint);
  #done = button("", texts.deselect, () => this.store.select({}));
  #trash = button(TRASH, texts.deleteRegion, () => this.#delete());
  #numbers = element("div", { class: "numbers" }, ...[...this.#inputs.values()].map(({ label }) => label), this.#points);
  #form = element(
    "div",
    { class: "sheet-form" },
    element("div", { class: "sheet-row" }, this.#sample, this.#name, this.#trash, this.#done),
    this.#numbers,
  );

  /**
   * @param {import("../store.js").Store} store
   * @param {import("../edits.js").Edits} edits
   */
  constructor(store, edits) {
    this.store = store;
    this.edits = edits;
    /** @type {(region: string) => void} */
    this.ondelete = () => {};
    /** Linking a lamp is given up. */
    this.oncancel = () => {};
    this.root = element("section", { class: "sheet", "aria-label": texts.regions }, this.#rest, this.#form);
    for (const part of [this.#add, ...this.#choices, this.#trash, this.#numbers]) {
      const gate = gated(store, "structure");
      part.replaceWith(gate);
      gate.append(part);
    }
    this.root.addEventListener("keydown", ({ key }) => key === "Escape" && this.#adding && this.#offer(false));
    for (const topic of /** @type {const} */ (["show", "selection"])) store.on(topic, () => this.#draw());
    store.on("lights", () => this.#colour());
    this.#draw();
  }

  #draw() {
    const { selection } = this.store;
    const region = this.#region();
    const asking = selection.fixture !== null;
    this.#adding &&= !region && !asking;
    this.#form.hidden = !region;
    this.#rest.hidden = Boolean(region);
    this.#hint.hidden = this.#adding;
    this.#add.hidden = asking || this.#adding;
    for (const choice of this.#choices) choice.hidden = !this.#adding;
    this.#cancel.hidden = !asking && !this.#adding;
    this.#hint.textContent = selection.fixture ? texts.linkHint(this.store.nameOf(selection.fixture)) : texts.regionHint;
    this.#rest.classList.toggle("asking", asking);
    if (region) this.#fill(region);
  }

  /** @param {import("../types.js").Region} region */
  #fill(region) {
    const { region: id, point } = this.store.selection;
    const path = isPath(region);
    this.#name.textContent = path && point !== null ? texts.pointOf(id ?? "", point + 1) : id;
    const shown = numbers(region, point, this.#scale);
    for (const [field, { label, input, ...number }] of this.#inputs) {
      label.hidden = shown[field] === undefined;
      if (input !== document.activeElement || number.shown) input.value = String(shown[field] ?? "");
    }
    this.#points.hidden = !path;
    this.#deletePoint.disabled = !path || point === null || !removed(region, point);
    this.#colour();
  }

  #region() {
    const { region } = this.store.selection;
    return region ? this.store.show?.regions[region] : undefined;
  }

  /** The wall in pixels, for what must not shear. */
  get #scale() {
    return this.store.show?.wall.size ?? /** @type {import("../types.js").Pair} */ ([16, 9]);
  }

  #colour() {
    const { selection, lights } = this.store;
    if (selection.region) this.#sample.style.backgroundColor = lights.regions[selection.region] ?? "";
  }

  /** @param {Field} field @param {number} value */
  #set(field, value) {
    const region = this.#region();
    if (region) this.#edit(numbered(region, this.store.selection.point, field, value, this.#scale));
  }

  /** @param {Record<string, unknown>} value */
  #edit(value) {
    this.edits.edit(`regions/${this.store.selection.region}`, value, this.edits.gesture());
  }

  /** Halves the piece after the chosen point, else the longest. */
  #split() {
    const [region, { region: id, point }] = [this.#region(), this.store.selection];
    if (!region || !isPath(region)) return;
    const index = roomiest(region, point, this.#scale);
    const more = added(region, index);
    if (!more) return;
    this.#edit(more);
    this.store.select({ region: id, point: index + 1 });
  }

  #join() {
    const [region, { region: id, point }] = [this.#region(), this.store.selection];
    const less = region && isPath(region) && point !== null ? removed(region, point) : null;
    if (!less) return;
    this.#edit(less);
    this.store.select({ region: id });
  }

  /** @param {boolean} adding */
  #offer(adding) {
    this.#adding = adding;
    this.#draw();
    (adding ? this.#choices[0] : this.#add).focus({ preventScroll: true });
  }

  /** @param {import("../types.js").Shape} shape */
  #create(shape) {
    const regions = this.store.show?.regions ?? {};
    let count = 1;
    while (regions[`region-${count}`]) count += 1;
    this.edits.edit(`regions/region-${count}`, { ...fresh(shape, count) }, this.edits.gesture());
    this.store.select({ region: `region-${count}` });
    this.#done.focus({ preventScroll: true });
  }

  #delete() {
    if (this.store.selection.region) this.ondelete(this.store.selection.region);
  }
}

/**
 * A number field that no wheel and no swipe can change; arrow keys step by a half.
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

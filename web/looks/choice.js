/** Which lamps, which regions, which of their settings: what a look names. */

import { element, keep } from "../html.js";
import { paint } from "../swatch.js";
import { texts } from "./words.js";

/** One list of things to tick; what is new in the show joins unticked or ticked as the list began. */
export class Choice {
  /** @type {Map<string, HTMLLIElement>} */
  #items = new Map();
  /** @type {Map<string, {box: HTMLInputElement, name: HTMLElement, swatch: HTMLElement}>} */
  #boxes = new Map();
  #list = element("ul", { class: "checks" });
  #ticked = true;

  /** @param {string} name @param {boolean} swatches */
  constructor(name, swatches) {
    this.swatches = swatches;
    this.onchange = () => {};
    const all = element("button", { type: "button", class: "quiet", onclick: () => this.#all(true) }, texts.all);
    const none = element("button", { type: "button", class: "quiet", onclick: () => this.#all(false) }, texts.nothing);
    const legend = element("legend", {}, name);
    this.root = element("fieldset", { class: "choice" }, legend, element("div", { class: "pair" }, all, none), this.#list);
    this.root.addEventListener("input", () => this.onchange());
  }

  /** @returns {string[]} */
  get value() {
    return [...this.#boxes].filter(([, { box }]) => box.checked).map(([id]) => id);
  }

  /** @param {boolean | string[]} ticked  all, none or these */
  set value(ticked) {
    this.#ticked = ticked === true;
    for (const [id, { box }] of this.#boxes) box.checked = Array.isArray(ticked) ? ticked.includes(id) : ticked;
  }

  /** @param {{id: string, name: string}[]} things */
  draw(things) {
    const ids = things.map((each) => each.id);
    for (const id of this.#boxes.keys()) if (!ids.includes(id)) this.#boxes.delete(id);
    keep(this.#list, this.#items, ids, (id) => this.#make(id));
    for (const { id, name } of things) {
      const entry = this.#boxes.get(id);
      if (entry) entry.name.textContent = name;
    }
    this.root.hidden = !things.length;
  }

  /** @param {string} id @param {string[]} colours */
  colour(id, colours) {
    const swatch = this.#boxes.get(id)?.swatch;
    if (swatch && this.swatches) paint(swatch, colours);
  }

  /** @param {string} id */
  #make(id) {
    const box = element("input", { type: "checkbox", value: id, checked: this.#ticked });
    const swatch = element("span", { class: "swatch", hidden: !this.swatches });
    const name = element("span", { class: "check-name" });
    this.#boxes.set(id, { box, name, swatch });
    return element("li", {}, element("label", { class: "check" }, box, swatch, name));
  }

  /** @param {boolean} ticked */
  #all(ticked) {
    this.value = ticked;
    this.onchange();
  }
}

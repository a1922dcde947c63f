/** The lamps under the picture: a chip each in its light; a tap shows what the wall gives it and what it sends. */

import { element, keep } from "../html.js";
import { format } from "../router.js";
import { paint, swatch } from "../swatch.js";
import { texts } from "../texts.js";
import { stateOf } from "../lights/state.js";

/** @typedef {{root: HTMLElement, light: HTMLElement, name: HTMLElement, button: HTMLElement}} Chip */

export class Lamps {
  /** @type {Map<string, HTMLElement>} */
  #items = new Map();
  /** @type {Map<string, Chip>} */
  #chips = new Map();
  #list = element("ul");
  /** @type {string | null} */
  #open = null;
  #wall = swatch();
  #sent = swatch();
  #title = element("strong");
  #facts = element("span", { class: "facts" });
  #link = element("a", { class: "quiet" }, texts.openLamp);
  #detail = element(
    "div",
    { class: "lamp-detail", hidden: true },
    element("span", { class: "pair" }, this.#wall, element("small", {}, texts.swatchWall)),
    element("span", { class: "pair" }, this.#sent, element("small", {}, texts.swatchLight)),
    element("span", { class: "words" }, this.#title, this.#facts),
    this.#link,
  );

  /**
   * @param {import("../store.js").Store} store
   * @param {import("../router.js").Router} router
   */
  constructor(store, router) {
    this.store = store;
    this.router = router;
    this.root = element("section", { class: "lamps", "aria-label": texts.lamps }, this.#list, this.#detail);
    for (const topic of /** @type {const} */ (["show", "selection", "status"])) store.on(topic, () => this.#draw());
    store.on("lights", () => this.#colour());
  }

  #draw() {
    const { show, selection } = this.store;
    if (!show) return;
    const ids = Object.keys(show.fixtures);
    keep(this.#list, this.#items, ids, (id) => this.#make(id));
    for (const id of ids) {
      const chip = this.#chips.get(id);
      if (!chip) continue;
      const { follow } = show.fixtures[id];
      chip.root.classList.toggle("following", selection.region !== null && follow?.region === selection.region);
      chip.name.textContent = this.store.nameOf(id);
      chip.button.setAttribute("aria-expanded", String(id === this.#open));
    }
    if (this.#open && !show.fixtures[this.#open]) this.#open = null;
    this.#describe();
  }

  /** @param {string} id */
  #make(id) {
    const [light, name] = [swatch(), element("span")];
    const button = element("button", { type: "button", class: "chip", onclick: () => this.#toggle(id) }, light, name);
    const root = element("li", {}, button);
    root.dataset.id = id;
    this.#chips.set(id, { root, light, name, button });
    return root;
  }

  /** @param {string} id */
  #toggle(id) {
    this.#open = this.#open === id ? null : id;
    this.#draw();
    this.#colour();
  }

  #describe() {
    const id = this.#open;
    const fixture = id ? this.store.show?.fixtures[id] : null;
    this.#detail.hidden = !fixture;
    if (!id || !fixture) return;
    const { words } = stateOf(this.store, id);
    this.#title.textContent = this.store.nameOf(id);
    this.#facts.textContent = [texts.patch(fixture.universe, fixture.address), ...words].join(" · ");
    this.#link.setAttribute("href", format(["lights", id]));
    this.#link.setAttribute("aria-label", texts.openNamed(this.store.nameOf(id)));
  }

  #colour() {
    const lit = this.store.lights.fixtures;
    for (const [id, { light }] of this.#chips) paint(light, lit[id]?.light ?? []);
    if (!this.#open) return;
    paint(this.#wall, lit[this.#open]?.wall ?? []);
    paint(this.#sent, lit[this.#open]?.light ?? []);
  }
}

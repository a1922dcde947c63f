/** The thumb bar: master, blackout, freeze, undo, redo, status. Always there, always in reach. */

import { Blackout } from "./blackout.js";
import { Fader } from "./fader.js";
import { element, icon } from "./html.js";
import { texts } from "./texts.js";

const UNDO = "M9 14 4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3";
const REDO = "m15 14 5-5-5-5M20 9H10a6 6 0 0 0 0 12h3";

export class Bar {
  #freeze = element("button", { type: "button", class: "freeze", onclick: () => this.#toggleFreeze() });
  #undo = this.#step("undo", texts.undo, UNDO);
  #redo = this.#step("redo", texts.redo, REDO);

  /**
   * @param {import("./store.js").Store} store
   * @param {import("./edits.js").Edits} edits
   * @param {HTMLElement} status
   */
  constructor(store, edits, status) {
    this.store = store;
    this.edits = edits;
    this.fader = new Fader(texts.master);
    this.blackout = new Blackout(store, edits);
    const controls = [this.fader.root, status, this.blackout.root, this.#freeze, this.#undo, this.#redo];
    this.root = element("section", { class: "bar", "aria-label": texts.controls }, ...controls);
    this.#wire();
    this.#draw();
  }

  #wire() {
    this.fader.onchange = (position) => this.#setMaster(position);
    this.fader.onrelease = () => this.edits.flush();
    for (const topic of /** @type {const} */ (["live", "status", "link"])) this.store.on(topic, () => this.#draw());
    const measure = () => document.documentElement.style.setProperty("--bar", `${this.root.offsetHeight}px`);
    new ResizeObserver(measure).observe(this.root);
    addEventListener("keydown", (event) => this.#key(event));
  }

  /**
   * @param {"undo" | "redo"} type
   * @param {string} text
   * @param {string} path
   */
  #step(type, text, path) {
    const onclick = () => this.edits.step(type);
    return element("button", { type: "button", class: type, "aria-label": text, title: text, onclick }, icon(path));
  }

  /** Square law: the middle of the travel is a quarter of the light. @param {number} position */
  #setMaster(position) {
    const master = Math.round(position * position * 1e6) / 1e6;
    this.store.live = { ...this.store.live, master };
    this.edits.live({ master }, false);
  }

  #toggleFreeze() {
    this.edits.live({ freeze: !this.store.live.freeze });
  }

  #draw() {
    const { live, link, status } = this.store;
    const idle = link !== "live";
    this.fader.disabled = idle;
    this.fader.position = Math.sqrt(live.master);
    this.#freeze.disabled = idle;
    this.#freeze.classList.toggle("on", live.freeze);
    this.#freeze.setAttribute("aria-pressed", String(live.freeze));
    this.#freeze.textContent = live.freeze ? texts.freezeOn : texts.freeze;
    this.#undo.disabled = idle || !status?.can_undo;
    this.#redo.disabled = idle || !status?.can_redo;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
    if (event.target instanceof HTMLInputElement) return;
    const button = event.shiftKey ? this.#redo : this.#undo;
    event.preventDefault();
    button.click();
  }
}

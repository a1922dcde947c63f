/** A fader that a scrolling thumb cannot move: relative, horizontal, taken back when the browser scrolls. */

import { clamp } from "./geometry.js";
import { element } from "./html.js";
import { texts } from "./texts.js";

const SLOP = 8; // pixels of sideways travel before the fader takes the finger
/** @type {Record<string, (value: number) => number>} */
const KEYS = {
  ArrowRight: (value) => value + 0.01,
  ArrowUp: (value) => value + 0.01,
  ArrowLeft: (value) => value - 0.01,
  ArrowDown: (value) => value - 0.01,
  PageUp: (value) => value + 0.1,
  PageDown: (value) => value - 0.1,
  Home: () => 0,
  End: () => 1,
};

export class Fader {
  #fill = element("span", { class: "fill" });
  #value = element("output");
  #position = 1;
  /** @type {{pointer: number, x: number, y: number, start: number, from: number | null} | null} */
  #drag = null;

  /** @param {string} name */
  constructor(name) {
    /** @type {(position: number) => void} */
    this.onchange = () => {};
    this.onrelease = () => {};
    this.root = element(
      "div",
      { class: "fader", role: "slider", tabIndex: 0, "aria-label": name, "aria-valuemin": 0, "aria-valuemax": 100 },
      this.#fill,
      element("span", {}, name),
      this.#value,
    );
    this.root.addEventListener("pointerdown", (event) => this.#down(event));
    this.root.addEventListener("pointermove", (event) => this.#move(event));
    this.root.addEventListener("pointerup", (event) => this.#up(event, false));
    this.root.addEventListener("pointercancel", (event) => this.#up(event, true));
    this.root.addEventListener("keydown", (event) => this.#key(event));
    this.#show();
  }

  /** True while a finger holds it. */
  get held() {
    return this.#drag?.from != null;
  }

  set disabled(/** @type {boolean} */ disabled) {
    this.root.setAttribute("aria-disabled", String(disabled));
    if (disabled) this.#drag = null;
  }

  get disabled() {
    return this.root.getAttribute("aria-disabled") === "true";
  }

  /** 0..1; ignored while a finger holds the fader. */
  set position(/** @type {number} */ position) {
    if (this.held) return;
    this.#position = position;
    this.#show();
  }

  get position() {
    return this.#position;
  }

  /** @param {number} position */
  #change(position) {
    const next = clamp(position, 0, 1);
    if (next === this.#position) return;
    this.#position = next;
    this.#show();
    this.onchange(next);
  }

  #show() {
    const percent = Math.round(this.#position * 100);
    this.#fill.style.width = `${this.#position * 100}%`;
    this.#value.textContent = texts.percent(percent);
    this.root.setAttribute("aria-valuenow", String(percent));
    this.root.setAttribute("aria-valuetext", texts.percent(percent));
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (this.disabled || this.#drag || event.button !== 0) return;
    const { pointerId: pointer, clientX: x, clientY: y } = event;
    this.#drag = { pointer, x, y, start: this.#position, from: null };
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const drag = this.#drag;
    if (!drag || event.pointerId !== drag.pointer) return;
    const travel = event.clientX - drag.x;
    if (drag.from === null) {
      if (Math.abs(travel) < SLOP || Math.abs(travel) < Math.abs(event.clientY - drag.y)) return;
      drag.from = drag.x + Math.sign(travel) * SLOP;
      this.root.setPointerCapture(drag.pointer);
    }
    this.#change(drag.start + (event.clientX - drag.from) / this.root.clientWidth);
  }

  /**
   * @param {PointerEvent} event
   * @param {boolean} cancelled
   */
  #up(event, cancelled) {
    const drag = this.#drag;
    if (!drag || event.pointerId !== drag.pointer) return;
    if (cancelled) this.#change(drag.start);
    this.#drag = null;
    if (drag.from !== null) this.onrelease();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = KEYS[event.key];
    if (!step || this.disabled || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.#change(Math.round(step(this.#position) * 100) / 100);
    this.onrelease();
  }
}

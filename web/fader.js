/** A fader that a scrolling thumb cannot move: relative, horizontal, taken back when the browser scrolls. */

import { scaleOf } from "./faderlaw.js";
import { isGated } from "./gate.js";
import { element } from "./html.js";
import { texts } from "./texts.js";

/** @typedef {import("./faderlaw.js").Scale} Scale */
/** @typedef {{pointer: number, x: number, y: number, start: number, at: number, taken: boolean}} Drag */

const SLOP = 8; // pixels of sideways travel before the fader takes the finger
const AWAY = 56; // pixels above or below the fader from where it moves finely
const FINE = 0.1;
const DOUBLE_MS = 350;
const NEAR = 24; // pixels between two taps that are one double tap

/** Steps of the travel. @type {Record<string, number>} */
const KEYS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10, Home: -Infinity, End: Infinity };

export class Fader {
  #fill = element("span", { class: "fill" });
  #mark = element("span", { class: "mark" });
  #output = element("output");
  #position = 1;
  /** @type {Drag | null} */
  #drag = null;
  #tapped = { time: -Infinity, x: 0, y: 0 };

  /**
   * @param {string} name
   * @param {Partial<Scale>} [scale]  0..1 in percent where nothing is said
   */
  constructor(name, scale = {}) {
    this.scale = scaleOf({ format: (value) => texts.percent(Math.round(value * 100)), ...scale });
    /** @type {(value: number) => void} */
    this.onchange = () => {};
    this.onrelease = () => {};
    /** A double tap brought it to its usual value. @type {(former: number) => void} */
    this.ondefault = () => {};
    const range = { "aria-valuemin": this.scale.ends[0], "aria-valuemax": this.scale.ends[1], title: texts.faderKeys };
    const parts = [this.#fill, this.#mark, element("span", { class: "name" }, name), this.#output];
    this.root = element("div", { class: "fader", role: "slider", tabIndex: 0, "aria-label": name, ...range }, ...parts);
    this.root.addEventListener("pointerdown", (event) => this.#down(event));
    this.root.addEventListener("pointermove", (event) => this.#move(event));
    this.root.addEventListener("pointerup", (event) => this.#up(event, false));
    this.root.addEventListener("pointercancel", (event) => this.#up(event, true));
    this.root.addEventListener("keydown", (event) => this.#key(event));
    this.#position = this.scale.position(this.scale.neutral);
    this.#show();
  }

  /** True while a finger holds it. */
  get held() {
    return this.#drag?.taken ?? false;
  }

  set disabled(/** @type {boolean} */ disabled) {
    this.root.setAttribute("aria-disabled", String(disabled));
    if (disabled) this.#drag = null;
  }

  get disabled() {
    return this.root.getAttribute("aria-disabled") === "true" || isGated(this.root);
  }

  /** Ignored while a finger holds the fader. */
  set value(/** @type {number} */ value) {
    if (this.held) return;
    this.#position = this.scale.position(value);
    this.#show();
  }

  get value() {
    return this.scale.value(this.#position);
  }

  /** @param {number} position */
  #change(position) {
    const former = this.value;
    this.#position = Math.min(Math.max(position, 0), 1);
    this.#show();
    if (this.value !== former) this.onchange(this.value);
  }

  #show() {
    const { scale } = this;
    const [low, high] = [scale.base, this.#position].sort((a, b) => a - b);
    Object.assign(this.#fill.style, { left: `${low * 100}%`, width: `${(high - low) * 100}%` });
    this.#mark.style.left = `${this.#position * 100}%`;
    const text = scale.format(this.value);
    if (this.#output.textContent === text) return;
    this.#output.textContent = text;
    this.root.setAttribute("aria-valuenow", String(scale.spoken(this.value)));
    this.root.setAttribute("aria-valuetext", text);
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (this.disabled || this.#drag || event.button !== 0) return;
    const { pointerId: pointer, clientX: x, clientY: y } = event;
    this.#drag = { pointer, x, y, start: this.#position, at: x, taken: false };
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const drag = this.#drag;
    if (!drag || event.pointerId !== drag.pointer) return;
    const [travel, away] = [event.clientX - drag.x, Math.abs(event.clientY - drag.y)];
    if (!drag.taken) {
      if (Math.abs(travel) < SLOP || Math.abs(travel) < away) return;
      Object.assign(drag, { taken: true, at: drag.x + Math.sign(travel) * SLOP });
      this.root.setPointerCapture(drag.pointer);
    }
    const fine = away > AWAY || event.shiftKey;
    this.root.classList.toggle("fine", fine);
    const way = ((event.clientX - drag.at) / this.root.clientWidth) * (fine ? FINE : 1);
    drag.at = event.clientX;
    this.#change(this.#position + way);
  }

  /**
   * @param {PointerEvent} event
   * @param {boolean} cancelled
   */
  #up(event, cancelled) {
    const drag = this.#drag;
    if (!drag || event.pointerId !== drag.pointer) return;
    this.root.classList.remove("fine");
    if (cancelled) this.#change(drag.start);
    this.#drag = null;
    if (drag.taken) this.onrelease();
    else if (!cancelled) this.#tap(event);
  }

  /** The second of two taps in one place brings back the usual value. @param {PointerEvent} event */
  #tap({ timeStamp: time, clientX: x, clientY: y }) {
    const { time: last, x: lastX, y: lastY } = this.#tapped;
    const second = time - last < DOUBLE_MS && Math.hypot(x - lastX, y - lastY) < NEAR;
    this.#tapped = { time: second ? -Infinity : time, x, y };
    const former = this.value;
    if (!second || former === this.scale.neutral) return;
    this.#change(this.scale.position(this.scale.neutral));
    this.onrelease();
    this.ondefault(former);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const steps = KEYS[event.key];
    if (!steps || this.disabled || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.#change(this.scale.stepped(this.#position, event.shiftKey ? steps * FINE : steps));
    this.onrelease();
  }
}

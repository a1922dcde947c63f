/** A value between two buttons, through steps that make sense to a hand; the keyboard's arrows do the same. */

import { element } from "../html.js";

const FADES = [0, 0.5, 1, 1.5, 2, 3, 4, 5, 7, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 900, 1800, 3600];

/** The next step from `value` in that direction; the last one stays. Pure. @param {number[]} steps @param {number} value @param {1 | -1} way */
export function next(steps, value, way) {
  const found = way > 0 ? steps.find((step) => step > value + 1e-9) : steps.findLast((step) => step < value - 1e-9);
  return found ?? value;
}

export class Stepper {
  #value = 0;
  #shown;

  /**
   * @param {string} name
   * @param {{less: string, more: string, format: (value: number) => string, steps?: number[]}} options
   */
  constructor(name, { less, more, format, steps = FADES }) {
    this.steps = steps;
    this.format = format;
    /** @type {(value: number) => void} */
    this.onchange = () => {};
    const button = (/** @type {string} */ text, /** @type {string} */ label, /** @type {1 | -1} */ way) =>
      element("button", { type: "button", class: "quiet", tabIndex: -1, "aria-label": label, onclick: () => this.#step(way) }, text);
    const range = { "aria-valuemin": steps[0], "aria-valuemax": steps[steps.length - 1] };
    this.#shown = element("span", { class: "stepped", role: "spinbutton", tabIndex: 0, "aria-label": name, ...range });
    this.#shown.addEventListener("keydown", (event) => this.#key(event));
    const caption = element("small", { "aria-hidden": "true" }, name);
    this.root = element(
      "div",
      { class: "steps" },
      button("−", less, -1),
      element("span", { class: "reading" }, caption, this.#shown),
      button("+", more, 1),
    );
    this.value = 0;
  }

  get value() {
    return this.#value;
  }

  set value(/** @type {number} */ value) {
    this.#value = value;
    this.#shown.textContent = this.format(value);
    this.#shown.setAttribute("aria-valuenow", String(value));
    this.#shown.setAttribute("aria-valuetext", this.format(value));
  }

  /** @param {1 | -1} way */
  #step(way) {
    const value = next(this.steps, this.#value, way);
    if (value === this.#value) return;
    this.value = value;
    this.onchange(value);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const way = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1 }[event.key];
    if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.#step(way > 0 ? 1 : -1);
  }
}

/** One of a few: buttons side by side, one is on. Arrow keys choose, as radio buttons do. */

import { element } from "./html.js";

export class Segmented {
  /** @type {Map<string, HTMLButtonElement>} */
  #buttons = new Map();

  /**
   * @param {string} name
   * @param {Record<string, string>} options  value and word
   * @param {(value: string) => void} onchoose
   */
  constructor(name, options, onchoose) {
    const make = (/** @type {[string, string]} */ [value, word]) => {
      const onclick = () => onchoose(value);
      const button = element("button", { type: "button", role: "radio", "aria-checked": "false", tabIndex: -1, onclick }, word);
      this.#buttons.set(value, button);
      return button;
    };
    const buttons = Object.entries(options).map(make);
    buttons[0].tabIndex = 0;
    this.root = element("div", { class: "segmented", role: "radiogroup", "aria-label": name }, ...buttons);
    this.root.addEventListener("keydown", (event) => this.#key(event));
  }

  set value(/** @type {string | null} */ chosen) {
    const entries = [...this.#buttons];
    const known = entries.some(([value]) => value === chosen);
    for (const [index, [value, button]] of entries.entries()) {
      button.setAttribute("aria-checked", String(value === chosen));
      button.tabIndex = value === chosen || (!known && index === 0) ? 0 : -1;
    }
  }

  /** Whether one of them can be chosen now. @param {string} value @param {boolean} allowed */
  allow(value, allowed) {
    const button = this.#buttons.get(value);
    if (button) button.disabled = !allowed;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = [...this.#buttons.values()].filter(({ disabled }) => !disabled);
    const at = all.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    const next = all[(at + step + all.length) % all.length];
    next?.focus();
    next?.click();
  }
}

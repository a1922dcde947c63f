/** One short message above the bar, with at most one thing to do about it. */

import { element } from "./html.js";

const SHOWN_MS = 6000;

export class Toast {
  #text = element("span");
  #button = element("button", { type: "button", class: "quiet", hidden: true });
  #timer = 0;

  constructor() {
    this.root = element("div", { class: "toast", role: "status", "aria-live": "polite" }, this.#text, this.#button);
  }

  /**
   * @param {string} text
   * @param {{label: string, run: () => void}} [action]
   */
  show(text, action) {
    clearTimeout(this.#timer);
    this.#text.textContent = text;
    this.#button.hidden = !action;
    this.#button.textContent = action?.label ?? "";
    this.#button.onclick = () => {
      this.hide();
      action?.run();
    };
    this.root.classList.add("shown");
    this.#timer = setTimeout(() => this.hide(), SHOWN_MS);
  }

  hide() {
    this.root.classList.remove("shown");
  }
}

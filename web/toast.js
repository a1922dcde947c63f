/** One short message above the bar, with at most one thing to do about it. */

import { element } from "./html.js";
import { texts } from "./texts.js";

const SHOWN_MS = 6000;

export class Toast {
  #text = element("span");
  #button = element("button", { type: "button", class: "quiet", hidden: true });
  #timer = 0;

  constructor() {
    this.root = element("div", { class: "toast", role: "status", "aria-live": "polite" }, this.#text, this.#button);
    /** How the newest step is taken back. */
    this.undo = () => {};
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

  /** What was just done to the show, with the offer to take it back. @param {string} text */
  undoable(text) {
    this.show(text, { label: texts.undo, run: () => this.undo() });
  }

  /** Why lumad did not do it. @param {unknown} error  a refusal, as a message or as the fetch helper throws it */
  problem(error) {
    const { title, detail, faults, status } = /** @type {Partial<import("./api.js").Fault>} */ (error);
    if (error instanceof Error) throw error;
    // While a take rolls every drag would be told; once is enough.
    if (status === 423) {
      if (!this.#saysCut) this.show(texts.needs.cut);
      return;
    }
    const fault = faults?.[0];
    const why = fault ? `${fault.path}: ${fault.message}` : detail || title || "";
    this.show(texts.refused(status === 0 ? texts.noAnswer : why));
  }

  get #saysCut() {
    return this.root.classList.contains("shown") && this.#text.textContent === texts.needs.cut;
  }

  hide() {
    this.root.classList.remove("shown");
  }
}

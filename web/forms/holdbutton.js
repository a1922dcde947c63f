/** A button that nobody presses by accident: it acts once it has been held. */

import { hold } from "../hold.js";
import { element } from "../html.js";

const HELD_MS = 700; // as long as the bar in it grows (forms.css)
const AGAIN_MS = 4000;

export class HoldButton {
  #label = element("span");
  #hint = element("small", { role: "status" });
  #timer = 0;
  #armed = false;
  #keyed = false;

  /**
   * @param {string} kind  its class
   * @param {{hold: string, again: string}} words  what it says when it was let go too soon, or pressed by a machine's click
   * @param {() => void} run
   */
  constructor(kind, words, run) {
    this.words = words;
    this.run = run;
    const fill = element("span", { class: "growing", "aria-hidden": "true" });
    this.root = element("button", { type: "button", class: `hold-button ${kind}` }, fill, this.#label, this.#hint);
    hold(
      this.root,
      () => this.#down(),
      () => this.#up(),
    );
    this.root.addEventListener("keydown", () => this.#key(true));
    this.root.addEventListener("keyup", () => setTimeout(() => this.#key(false)));
    this.root.addEventListener("click", (event) => this.#click(event));
  }

  set text(/** @type {string} */ text) {
    if (this.#label.textContent === text) return;
    this.#label.textContent = text;
    this.#say("");
  }

  /** @param {boolean} keyed */
  #key(keyed) {
    this.#keyed = keyed;
  }

  #down() {
    if (this.root.disabled) return;
    this.#say("");
    this.#timer = setTimeout(() => {
      this.#timer = 0;
      this.root.classList.remove("held");
      this.run();
    }, HELD_MS);
  }

  #up() {
    if (this.#timer) this.#say(this.words.hold);
    clearTimeout(this.#timer);
    this.#timer = 0;
  }

  /** Who cannot hold (a voice, a switch) clicks twice: such a click has neither pointer nor key behind it. @param {MouseEvent} event */
  #click(event) {
    if (event.detail || this.#keyed) return;
    if (this.#armed) {
      this.#say("");
      this.run();
      return;
    }
    this.#say(this.words.again);
    this.#armed = true;
    setTimeout(() => this.#say(""), AGAIN_MS);
  }

  /** @param {string} text */
  #say(text) {
    this.#armed = false;
    this.#hint.textContent = text;
  }
}

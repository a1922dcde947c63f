/** The panic button: latching, live even without a connection, honest when it did not get through. */

import { element } from "./html.js";
import { texts } from "./texts.js";

const PATIENCE_MS = 3000;

export class Blackout {
  /** What was asked and not yet confirmed. @type {boolean | null} */
  #wanted = null;
  #failed = false;
  #timer = 0;

  /**
   * @param {import("./store.js").Store} store
   * @param {import("./edits.js").Edits} edits
   */
  constructor(store, edits) {
    this.store = store;
    this.edits = edits;
    /** @type {(text: string) => void} */
    this.onfail = () => {};
    this.root = element("button", { type: "button", class: "blackout", onclick: () => this.#tap() });
    store.on("live", () => this.#confirm());
    store.on("role", () => this.#show());
    store.on("link", () => this.#send());
    this.#show();
  }

  #tap() {
    const blind = this.store.link !== "live" || this.#failed;
    this.#wanted = blind || !this.store.live.blackout;
    this.#failed = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#giveUp(), PATIENCE_MS);
    this.#send();
    this.#show();
  }

  /** Sends while the wish is young; a reconnected socket gets it once more, an old wish never fires. */
  #send() {
    if (this.#wanted !== null && this.store.link === "live") this.edits.live({ blackout: this.#wanted });
  }

  #confirm() {
    if (this.store.live.blackout === this.#wanted) {
      clearTimeout(this.#timer);
      this.#wanted = null;
    }
    if (this.#wanted === null) this.#failed = false;
    this.#show();
  }

  #giveUp() {
    this.#wanted = null;
    this.#failed = true;
    this.#show();
    this.onfail(texts.blackoutLost);
  }

  #show() {
    const { blackout } = this.store.live;
    const waiting = this.#wanted !== null;
    this.root.disabled = !this.store.may("panic");
    this.root.title = this.root.disabled ? texts.needs.operate : "";
    this.root.classList.toggle("on", blackout);
    this.root.classList.toggle("waiting", waiting);
    this.root.classList.toggle("failed", this.#failed);
    this.root.setAttribute("aria-pressed", String(blackout));
    const settled = blackout ? texts.blackoutOn : texts.blackout;
    this.root.textContent = this.#failed ? texts.blackoutFailed : waiting ? texts.blackoutSending : settled;
  }
}

/** The lock of this device: in a pocket nothing works but Blackout. It outlives a reload; holding it opens it. */

import { element, icon } from "./html.js";
import { longPress } from "./hold.js";
import { texts } from "./texts.js";

const KEPT = "lumad.locked";
const SHUT = "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3";
const OPEN = "M6 11h12v9H6zM8.5 11V7a3.5 3.5 0 0 1 6.8-1";

export class Lock {
  #open = icon(OPEN);
  #shut = icon(SHUT);
  root = element("button", { type: "button", class: "lock" }, this.#open, this.#shut);

  /**
   * @param {import("./store.js").Store} store
   * @param {import("./toast.js").Toast} toast
   */
  constructor(store, toast) {
    this.store = store;
    this.toast = toast;
    longPress(this.root, () => store.locked && this.#set(false));
    this.root.addEventListener("click", (event) => this.#click(event));
    this.#set(localStorage.getItem(KEPT) === "yes", true);
  }

  /** By keyboard there is no pocket: Enter opens as well as it locks. @param {MouseEvent} event */
  #click(event) {
    if (!this.store.locked) this.#set(true);
    else if (!event.detail) this.#set(false);
    else this.toast.show(texts.locked);
  }

  /** @param {boolean} locked @param {boolean} [quiet] */
  #set(locked, quiet = false) {
    this.store.locked = locked;
    localStorage.setItem(KEPT, locked ? "yes" : "no");
    const label = locked ? texts.unlock : texts.lock;
    this.root.ariaLabel = this.root.title = label;
    this.root.setAttribute("aria-pressed", String(locked));
    this.#open.classList.toggle("gone", locked);
    this.#shut.classList.toggle("gone", !locked);
    if (!quiet) this.toast.show(locked ? texts.locked : texts.unlocked);
    this.store.tell("link");
    this.store.tell("role");
  }
}

/** Keyboard shortcuts of the whole page, and the list of them behind "?". */

import { element } from "./html.js";
import { TABS } from "./router.js";
import { texts } from "./texts.js";

const KEPT = "lumad.keys";

export class Keys {
  /** Single keys can be switched off (WCAG 2.2, 2.1.4): some people talk to their computer. */
  #single = element("input", { type: "checkbox", checked: localStorage.getItem(KEPT) !== "off" });

  /**
   * @param {import("./types.js").Services} services
   * @param {import("./bar.js").Bar} bar
   */
  constructor(services, bar) {
    this.services = services;
    this.bar = bar;
    const rows = texts.shortcutKeys.flatMap(([keys, what]) => [
      element("dt", {}, ...keys.split(" ").map((key) => element("kbd", {}, key))),
      element("dd", {}, what),
    ]);
    const single = element("label", { class: "check" }, this.#single, texts.singleKeys);
    const close = element("button", { type: "button", class: "quiet", onclick: () => this.dialog.close() }, texts.close);
    const head = element("div", { class: "heading" }, element("h2", {}, texts.shortcuts), close);
    this.dialog = element("dialog", { class: "dialog", "aria-label": texts.shortcuts }, head, element("dl", {}, ...rows), single);
    this.#single.addEventListener("change", () => localStorage.setItem(KEPT, this.#single.checked ? "on" : "off"));
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    this.button = element(
      "button",
      { type: "button", class: "quiet help", "aria-label": texts.shortcuts, onclick: () => this.dialog.showModal() },
      "?",
    );
    addEventListener("keydown", (event) => this.#key(event));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.defaultPrevented || event.repeat || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    const run = event.ctrlKey || event.metaKey ? this.#step(event) : event.altKey ? null : this.#plain(event.key);
    if (!run) return;
    event.preventDefault();
    run();
  }

  /** @param {KeyboardEvent} event @returns {(() => void) | null} */
  #step({ key, shiftKey }) {
    if (key.toLowerCase() !== "z") return null;
    return () => this.bar.press(shiftKey ? "redo" : "undo");
  }

  /** @param {string} key @returns {(() => void) | null} */
  #plain(key) {
    const { router, store } = this.services;
    if (!this.#single.checked && key !== "Escape") return null;
    const tab = TABS[Number(key) - 1];
    if (tab) return () => router.go(tab);
    /** @type {Record<string, () => void>} */
    const known = {
      b: () => store.live.blackout || this.bar.blackout.root.click(),
      f: () => this.bar.press("freeze"),
      m: () => this.bar.fader.root.focus(),
      t: () => /** @type {HTMLElement | null} */ (document.querySelector(".slate"))?.click(),
      "/": () => this.#find(),
      "?": () => this.dialog.showModal(),
      Escape: () => router.path.length > 1 && router.up(),
    };
    return known[key] ?? known[key.toLowerCase()] ?? null;
  }

  #find() {
    this.services.router.go("lights");
    requestAnimationFrame(() => /** @type {HTMLElement | null} */ (document.querySelector(".finder input"))?.focus());
  }
}

/** @param {EventTarget | null} target */
const isTyping = (target) =>
  target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;

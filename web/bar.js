/** The thumb bar: master, blackout, freeze, undo, lock, status, and the tabs. Always there, always in reach. */

import { Blackout } from "./blackout.js";
import { Fader } from "./fader.js";
import { element, icon } from "./html.js";
import { Lock } from "./lock.js";
import { format, TABS } from "./router.js";
import { texts } from "./texts.js";

const UNDO = "M9 14 4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3";
const REDO = "m15 14 5-5-5-5M20 9H10a6 6 0 0 0 0 12h3";
/** @type {Record<import("./router.js").Tab, string>} */
const DRAWN = {
  wall: "M3 5h18v12H3zM8 21h8M12 17v4M7 9h5v4H7z",
  lights: "M8 3h8l1 6H7zM7 9l-4 11h18L17 9M12 13v3",
  looks: "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z",
  setup: "M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4",
};

export class Bar {
  #freeze = element("button", { type: "button", class: "freeze", onclick: () => this.#toggleFreeze() });
  #undo = this.#step("undo", texts.undo, UNDO);
  #redo = this.#step("redo", texts.redo, REDO);
  #tabs = new Map(TABS.map((tab) => [tab, element("a", { href: format([tab]) }, icon(DRAWN[tab]), texts.tabs[tab])]));

  /**
   * @param {import("./store.js").Store} store
   * @param {import("./edits.js").Edits} edits
   * @param {import("./toast.js").Toast} toast
   * @param {HTMLElement} status
   */
  constructor(store, edits, toast, status) {
    this.store = store;
    this.edits = edits;
    this.toast = toast;
    this.fader = new Fader(texts.master, { law: "square", format: (master) => texts.percent(Math.round(Math.sqrt(master) * 100)) });
    this.blackout = new Blackout(store, edits);
    this.lock = new Lock(store, toast);
    const controls = [this.fader.root, this.#undo, this.#redo, status, this.blackout.root, this.#freeze, this.lock.root];
    const panic = element("section", { class: "controls", "aria-label": texts.controls }, ...controls);
    const tabs = element("nav", { class: "tabs", "aria-label": texts.tabList }, ...this.#tabs.values());
    this.root = element("div", { class: "bar" }, panic, tabs);
    this.#wire();
    this.#draw();
  }

  #wire() {
    this.fader.onchange = (master) => this.#setMaster(master);
    this.fader.onrelease = () => this.edits.flush();
    this.fader.ondefault = (former) => {
      const back = { label: texts.undo, run: () => this.edits.live({ master: former }) };
      this.toast.show(texts.wentTo(texts.master, texts.percent(100)), back);
    };
    for (const topic of /** @type {const} */ (["live", "status", "link", "role"])) this.store.on(topic, () => this.#draw());
    const measure = () => document.documentElement.style.setProperty("--bar", `${this.root.offsetHeight}px`);
    new ResizeObserver(measure).observe(this.root);
  }

  /** @param {import("./router.js").Tab} tab */
  mark(tab) {
    for (const [name, link] of this.#tabs) {
      if (name === tab) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  /**
   * @param {"undo" | "redo"} type
   * @param {string} text
   * @param {string} path
   */
  #step(type, text, path) {
    const onclick = () => this.edits.step(type);
    return element("button", { type: "button", class: type, "aria-label": text, title: text, onclick }, icon(path));
  }

  /** @param {number} master */
  #setMaster(master) {
    this.store.live = { ...this.store.live, master };
    this.edits.live({ master }, false);
  }

  #toggleFreeze() {
    this.edits.live({ freeze: !this.store.live.freeze });
  }

  /** @param {"undo" | "redo" | "freeze"} name */
  press(name) {
    ({ undo: this.#undo, redo: this.#redo, freeze: this.#freeze })[name].click();
  }

  #draw() {
    const { live, status } = this.store;
    const idle = !this.store.free || !this.store.may("operate");
    this.fader.disabled = !this.store.free || !this.store.may("panic");
    this.fader.value = live.master;
    this.#freeze.disabled = idle;
    this.#freeze.classList.toggle("on", live.freeze);
    this.#freeze.setAttribute("aria-pressed", String(live.freeze));
    this.#freeze.textContent = live.freeze ? texts.freezeOn : texts.freeze;
    this.#undo.disabled = idle || !status?.can_undo;
    this.#redo.disabled = idle || !status?.can_redo;
  }
}

/** The groups of one lamp, and the trims that a group shares. */

import { trimsOf } from "./trims.js";
import { gated } from "../gate.js";
import { element, keep } from "../html.js";
import { texts } from "../texts.js";

export class Groups {
  #id = "";
  /** @type {Map<string, HTMLElement>} */
  #items = new Map();
  /** @type {Map<string, () => void>} */
  #draws = new Map();
  #list = element("ul", { class: "groups" });
  #name = element("input", { "aria-label": texts.newGroup, placeholder: texts.newGroup, autocomplete: "off", maxLength: 64 });
  #none = element("p", { class: "hint" }, texts.noGroups);

  /** @param {import("../types.js").Services} services */
  constructor(services) {
    this.services = services;
    const add = element("button", { type: "submit", class: "quiet" }, texts.add);
    const form = element("form", { class: "sheet-row" }, this.#name, add);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#join(this.#name.value.trim());
    });
    const joining = gated(services.store, "structure", form);
    this.root = element("div", { class: "panel" }, element("h3", {}, texts.groups), this.#none, this.#list, joining);
  }

  get #mine() {
    return this.services.store.show?.fixtures[this.#id]?.groups ?? [];
  }

  /** @param {string} id */
  show(id) {
    this.#id = id;
    this.draw();
  }

  draw() {
    const names = [...new Set([...this.#mine, ...Object.keys(this.services.store.show?.groups ?? {})])];
    keep(this.#list, this.#items, names, (name) => this.#make(name));
    for (const name of names) this.#draws.get(name)?.();
    this.#none.hidden = names.length > 0;
  }

  /** @param {string} name */
  #make(name) {
    const { store } = this.services;
    const group = () => store.show?.groups?.[name];
    const faders = trimsOf(
      this.services,
      () => `groups/${name}`,
      () => group()?.trims ?? {},
    );
    const toggle = element("button", { type: "button", class: "chip", onclick: () => this.#toggle(name) });
    const trims = element("details", {}, element("summary", {}, texts.trimsFor(name)), gated(store, "operate", faders.root));
    this.#draws.set(name, () => {
      const inside = this.#mine.includes(name);
      toggle.textContent = group()?.label || name;
      toggle.setAttribute("aria-pressed", String(inside));
      toggle.title = inside ? texts.leaveGroup(name) : texts.joinGroup(name);
      trims.hidden = !inside;
      faders.show(group()?.trims ?? {});
    });
    return element("li", {}, gated(store, "structure", toggle), trims);
  }

  /** @param {string} name */
  #toggle(name) {
    if (this.#mine.includes(name)) this.#put(this.#mine.filter((each) => each !== name));
    else this.#put([...this.#mine, name]);
  }

  /** @param {string} name */
  #join(name) {
    if (!name || this.#mine.includes(name)) return;
    this.#name.value = "";
    const { store, edits } = this.services;
    const gesture = edits.gesture();
    if (!store.show?.groups?.[name]) edits.edit(`groups/${name}`, {}, gesture);
    edits.edit(`fixtures/${this.#id}`, { groups: [...this.#mine, name] }, gesture);
  }

  /** @param {string[]} groups */
  #put(groups) {
    this.services.edits.edit(`fixtures/${this.#id}`, { groups }, this.services.edits.gesture());
  }
}

/** The lights' screen: the list, one lamp's sheet, or why it is as it is. */

import { LampList } from "./list.js";
import { element, icon } from "../html.js";
import { texts } from "../texts.js";
import { wide } from "../wide.js";

const BACK = "m15 5-7 7 7 7";

/** @typedef {{sheet: import("./sheet.js").LampSheet, explain: import("./explain.js").Explain}} Lamp */

export class LightsScreen {
  #list;
  /** One lamp's screens, fetched when somebody first looks at the lights. @type {Promise<Lamp> | null} */
  #coming = null;
  /** @type {Lamp | null} */
  #lamp = null;
  /** @type {string[]} */
  #path = [];
  #scrolled = 0;

  /** @param {import("../types.js").Services} services */
  constructor(services) {
    this.services = services;
    this.#list = new LampList(services);
    this.root = element("div", { class: "screen lights-screen" }, this.#list.root);
    services.store.on("show", () => this.#arrange());
  }

  /** @param {string[]} path  the lamp, and "explain" */
  show(path) {
    const lamp = Boolean(this.#path[0]);
    if (!lamp && path[0]) this.#scrolled = scrollY;
    this.#path = path;
    this.#fetch();
    this.#arrange();
    if (!wide.matches) scrollTo(0, path[0] ? 0 : this.#scrolled);
  }

  hide() {
    this.#path = [];
    this.#arrange();
  }

  #arrange() {
    const [id, part] = this.#path;
    const known = id !== undefined && this.services.store.show?.fixtures[id] !== undefined;
    const explaining = known && part === "explain";
    this.#list.root.hidden = known;
    if (!this.#lamp) return;
    const { sheet, explain } = this.#lamp;
    if (known && !explaining) sheet.show(id);
    else sheet.hide();
    if (!explaining) explain.hide();
    else if (explain.root.hidden) explain.show(id);
  }

  async #fetch() {
    if (this.#coming) return;
    try {
      this.#coming = this.#load();
      this.#lamp = await this.#coming;
      this.#arrange();
    } catch {
      this.#coming = null; // the next tap tries again
      this.services.toast.show(texts.notHere);
    }
  }

  /** @returns {Promise<Lamp>} */
  async #load() {
    const back = () =>
      element(
        "button",
        { type: "button", class: "quiet back", "aria-label": texts.back, onclick: () => this.services.router.up() },
        icon(BACK),
      );
    const [{ LampSheet }, { Explain }, { Together }] = await Promise.all([
      import("./sheet.js"),
      import("./explain.js"),
      import("./together.js"),
    ]);
    const lamp = { sheet: new LampSheet(this.services, back()), explain: new Explain(this.services, back()) };
    this.root.append(lamp.sheet.root, lamp.explain.root);
    this.#list.receive(new Together(this.services));
    return lamp;
  }
}

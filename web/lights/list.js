/** All lamps: found by a word, opened by a tap, picked together by a long press or by "Select". */

import { Exposure } from "./exposure.js";
import { Row } from "./row.js";
import { stateOf } from "./state.js";
import { gated } from "../gate.js";
import { longPress } from "../hold.js";
import { element, keep } from "../html.js";
import { texts } from "../texts.js";

export class LampList {
  /** @type {Map<string, HTMLLIElement>} */
  #items = new Map();
  /** @type {Map<string, Row>} */
  #rows = new Map();
  #list = element("ul", { class: "lamp-rows" });
  #none = element("p", { class: "hint", hidden: true, role: "status" });
  #find = element("input", { type: "search", "aria-label": texts.find, placeholder: texts.find, autocomplete: "off", spellcheck: false });
  #select = element("button", { type: "button", class: "quiet", onclick: () => this.#pickMode(true) }, texts.select);
  #all = element("button", { type: "button", class: "quiet", onclick: () => this.#pickAll() }, texts.selectAll);
  #done = element("button", { type: "button", class: "quiet", onclick: () => this.#pickMode(false) }, texts.done);
  #count = element("strong", { role: "status" });
  #picks = element("div", { class: "picks", hidden: true }, this.#count, this.#all, this.#done);
  #work = element("div", { class: "gate" });
  /** @type {import("./together.js").Together | null} */
  #together = null;
  #picking = false;
  /** @type {Set<string>} */
  #picked = new Set();

  /** @param {import("../types.js").Services} services */
  constructor(services) {
    const { store, edits } = services;
    this.store = store;
    const finder = element("div", { class: "finder" }, this.#find, gated(store, "operate", this.#select));
    const heading = element("h2", { id: "fixtures-heading" }, texts.fixtures);
    const exposure = gated(store, "structure", new Exposure(store, edits).root);
    this.root = element(
      "section",
      { class: "fixtures", "aria-labelledby": "fixtures-heading" },
      heading,
      finder,
      this.#picks,
      this.#work,
      this.#none,
      this.#list,
      exposure,
    );
    this.#find.addEventListener("input", () => this.draw());
    for (const topic of /** @type {const} */ (["show", "selection", "status", "live"])) store.on(topic, () => this.draw());
    store.on("lights", () => this.#colour());
    this.draw();
    this.#colour();
    store.on("role", () => store.may("operate") || this.#pickMode(false));
  }

  /** What is done to all that are picked. @param {import("./together.js").Together} together */
  receive(together) {
    this.#together = together;
    this.#work.append(gated(this.store, "operate", together.root));
    this.draw();
  }

  /** Those that the search finds, in the show's order. */
  get #found() {
    const fixtures = Object.entries(this.store.show?.fixtures ?? {});
    const words = this.#find.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const said = (
      /** @type {[string, import("../types.js").Fixture]} */ [id, { label, profile, universe, address, follow, groups, number }],
    ) => [id, label, profile, texts.patch(universe, address), follow?.region, number, ...(groups ?? [])].join(" ").toLowerCase();
    return fixtures.filter((each) => words.every((word) => said(each).includes(word))).map(([id]) => id);
  }

  draw() {
    const { show, selection } = this.store;
    if (!show) return;
    const ids = this.#found;
    keep(this.#list, this.#items, ids, (id) => this.#make(id));
    for (const id of ids) {
      const row = this.#rows.get(id);
      row?.draw(this.store.nameOf(id), show.fixtures[id], stateOf(this.store, id));
      row?.mark(this.#picking, this.#picked.has(id));
      row?.root.classList.toggle("following", selection.region !== null && show.fixtures[id].follow?.region === selection.region);
    }
    this.#none.hidden = ids.length > 0;
    this.#none.textContent = this.#find.value ? texts.noneFound(this.#find.value) : texts.noFixtures;
    this.#drawPicks();
  }

  #drawPicks() {
    for (const id of this.#picked) if (!this.store.show?.fixtures[id]) this.#picked.delete(id);
    this.#select.hidden = this.#picking;
    this.#picks.hidden = !this.#picking;
    this.#count.textContent = this.#picked.size ? texts.selected(this.#picked.size) : texts.selectHint;
    this.#together?.draw(this.#picking ? [...this.#picked] : []);
  }

  #colour() {
    if (this.root.closest("[hidden]")) return; // the next light comes within a tenth of a second
    for (const [id, lit] of Object.entries(this.store.lights.fixtures)) {
      if (this.#items.has(id)) this.#rows.get(id)?.colour(lit);
    }
  }

  /** @param {string} id */
  #make(id) {
    const row = new Row(id);
    this.#rows.set(id, row);
    longPress(row.link, () => this.store.may("operate") && this.#pick(id, true));
    row.link.addEventListener("click", (event) => {
      if (!this.#picking) return;
      event.preventDefault();
      this.#pick(id, !this.#picked.has(id));
    });
    row.link.addEventListener("keydown", (event) => {
      if (!this.#picking || event.key !== " ") return;
      event.preventDefault();
      this.#pick(id, !this.#picked.has(id));
    });
    return row.root;
  }

  /** @param {string} id @param {boolean} picked */
  #pick(id, picked) {
    this.#picking = true;
    if (picked) this.#picked.add(id);
    else this.#picked.delete(id);
    this.draw();
  }

  #pickAll() {
    const found = this.#found;
    const all = found.every((id) => this.#picked.has(id));
    this.#picked = new Set(all ? [] : found);
    this.draw();
  }

  /** @param {boolean} picking */
  #pickMode(picking) {
    if (this.#picking === picking) return;
    this.#picking = picking;
    this.#picked.clear();
    this.draw();
    (picking ? this.#done : this.#select).focus({ preventScroll: true });
  }
}

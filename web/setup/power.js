/** What hangs on each breaker and how near it is to its limit; what is done about flashes. */

import { gated } from "../gate.js";
import { element, keep } from "../html.js";
import { format } from "../router.js";
import { pick } from "../texts.js";
import * as words from "../texts/install.js";
import { CircuitForm } from "./circuitform.js";
import { headed, link } from "./section.js";

const texts = pick(words);
const FULL = 0.99; // of the limit: its lamps are dimmed, or nearly

/** @typedef {import("../types.js").Services} Services */
/** @typedef {{root: HTMLLIElement, name: HTMLElement, figure: HTMLElement, lamps: HTMLElement, meter: HTMLElement, fill: HTMLElement}} Row */

export class Power {
  /** @type {Map<string, HTMLLIElement>} */
  #items = new Map();
  /** @type {Map<string, Row>} */
  #rows = new Map();
  #list = element("ul", { class: "rows", role: "list" });
  #none = element("p", { class: "hint", hidden: true }, texts.noCircuits);
  #overview;
  /** @type {Map<string, HTMLInputElement>} */
  #guards = new Map();

  /** @param {Services} services */
  constructor(services) {
    this.services = services;
    const { store } = services;
    this.#overview = element(
      "div",
      { class: "form-view" },
      headed(texts.power, "#/setup").root,
      element("p", { class: "hint" }, texts.powerWhy),
      this.#none,
      this.#list,
      element("div", { class: "buttons" }, gated(store, "structure", link("#/setup/power/+", texts.addCircuit, "primary"))),
      this.#guardPart(),
    );
    this.form = new CircuitForm(services);
    this.root = element("section", { "aria-label": texts.power }, this.#overview, this.form.root);
    for (const topic of /** @type {const} */ (["show", "status"])) store.on(topic, () => this.#draw());
  }

  #guardPart() {
    const choices = Object.entries(texts.guards).map(([guard, [name, why]]) => {
      const box = element("input", { type: "radio", name: "flash-guard", value: guard, onchange: () => this.#guard(guard) });
      this.#guards.set(guard, box);
      return element("label", { class: "option" }, box, element("strong", {}, name), element("span", { class: "facts" }, why));
    });
    const part = element("fieldset", { class: "part options" }, element("legend", {}, texts.guard));
    part.append(element("p", { class: "hint" }, texts.guardWhy), ...choices);
    return gated(this.services.store, "structure", part);
  }

  /** @param {string[]} path  [] · ["+"] · [circuit] */
  show([id]) {
    this.#overview.hidden = Boolean(id);
    this.form.root.hidden = !id;
    this.#draw();
    if (id) this.form.show(id);
  }

  #draw() {
    const { show, status } = this.services.store;
    if (this.#overview.hidden || this.root.closest("[hidden]") || !show) return;
    const circuits = show.circuits ?? {};
    this.#none.hidden = Object.keys(circuits).length > 0;
    keep(this.#list, this.#items, Object.keys(circuits), (id) => this.#make(id));
    for (const [id, circuit] of Object.entries(circuits)) this.#fill(id, circuit, status?.circuits?.[id]);
    const guard = this.#guards.get(show.flash_guard ?? "auto");
    if (guard) guard.checked = true;
  }

  /** @param {string} id @param {import("../types.js").Circuit} circuit @param {import("../types.js").Load | undefined} load */
  #fill(id, { label, limit_w }, load) {
    const row = this.#rows.get(id);
    if (!row) return;
    const { show } = this.services.store;
    const lamps = Object.entries(show?.fixtures ?? {}).filter(([, { circuit }]) => circuit === id);
    const watts = Math.round(load?.watts ?? 0);
    const full = Boolean(load) && watts >= limit_w * FULL;
    row.name.textContent = label || id;
    row.figure.textContent = load ? texts.drawn(watts, Math.round(limit_w)) : texts.drawnNone(Math.round(limit_w));
    const names = texts.lampsOn(lamps.map(([key, { label }]) => label || key));
    row.lamps.replaceChildren(...(full ? [element("strong", {}, texts.full), " · "] : []), names);
    row.fill.style.width = `${Math.min(100, (watts / limit_w) * 100)}%`;
    row.meter.ariaLabel = texts.loadOf(label || id);
    for (const [key, value] of Object.entries({ min: 0, max: Math.round(limit_w), now: Math.min(watts, Math.round(limit_w)) }))
      row.meter.setAttribute(`aria-value${key}`, String(value));
    row.meter.setAttribute("aria-valuetext", [row.figure.textContent, full && texts.full].filter(Boolean).join(", "));
    row.root.classList.toggle("full", full);
  }

  /** @param {string} id */
  #make(id) {
    const [name, figure, lamps] = [element("strong"), element("span", { class: "load-figure" }), element("span", { class: "facts" })];
    const fill = element("span", { class: "load-fill" });
    const meter = element("span", { class: "load", role: "meter" }, fill);
    const way = element("a", { class: "row-link circuit", href: format(["setup", "power", id]) }, name, figure, meter, lamps);
    const root = element("li", {}, way);
    this.#rows.set(id, { root, name, figure, lamps, meter, fill });
    return root;
  }

  /** @param {string} guard */
  #guard(guard) {
    const { edits, toast } = this.services;
    edits.edit("show", { flash_guard: guard }, edits.gesture());
    edits.flush();
    toast.undoable(texts.guardIs(texts.guards[guard][0]));
  }
}

/** What happens by itself and when next; the place of the sun; a form for one entry. */

import { Fields } from "../forms/field.js";
import { gated } from "../gate.js";
import { element, keep } from "../html.js";
import { format } from "../router.js";
import { pick } from "../texts.js";
import * as words from "../texts/install.js";
import { EntryForm } from "./entryform.js";
import { headed, link } from "./section.js";
import { comingOf, DAYS, keyOf, whenOf } from "./when.js";

const texts = pick(words);

/** @typedef {import("../types.js").Services} Services */
/** @typedef {import("../types.js").Appointment} Appointment */

export class Schedule {
  /** @type {Map<string, HTMLLIElement>} */
  #items = new Map();
  #list = element("ul", { class: "rows", role: "list" });
  #none = element("p", { class: "hint", hidden: true }, texts.noEntries);
  #place = new Fields();
  #overview;
  #rev = -1;
  /** When each entry comes next, by its key. @type {Map<string, string> | null} */
  #coming = null;

  /** @param {Services} services */
  constructor(services) {
    this.services = services;
    const { store } = services;
    this.#overview = element(
      "div",
      { class: "form-view" },
      headed(texts.schedule, "#/setup").root,
      element("p", { class: "hint" }, texts.scheduleWhy),
      this.#none,
      this.#list,
      element("div", { class: "buttons" }, gated(store, "structure", link("#/setup/schedule/+", texts.addEntry, "primary"))),
      this.#placePart(),
    );
    this.form = new EntryForm(services);
    this.root = element("section", { "aria-label": texts.schedule }, this.#overview, this.form.root);
    store.on("show", () => this.#draw());
  }

  #placePart() {
    this.#place.number("latitude", texts.latitude, { placeholder: "52.52" });
    this.#place.number("longitude", texts.longitude, { placeholder: "13.405" });
    const save = element("button", { type: "submit", class: "quiet" }, texts.savePlace);
    const form = element("form", { noValidate: true });
    form.append(gated(this.services.store, "structure", this.#place.root, element("div", { class: "buttons" }, save)));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#savePlace();
    });
    return element("section", { class: "part" }, element("h3", {}, texts.place), element("p", { class: "hint" }, texts.placeWhy), form);
  }

  /** @param {string[]} path  [] · ["+"] · [place in the list, from 1] */
  show([step]) {
    this.#overview.hidden = Boolean(step);
    this.form.root.hidden = !step;
    this.#rev = -1;
    this.#place.fill({ ...this.services.store.show?.place });
    this.#draw();
    if (step) this.form.show(step);
  }

  #draw() {
    const { store } = this.services;
    if (this.#overview.hidden || this.root.closest("[hidden]") || !store.show) return;
    const entries = store.show.schedule ?? [];
    const keys = entries.map((_, index) => String(index));
    this.#none.hidden = entries.length > 0;
    keep(this.#list, this.#items, keys, (key) => entryRow(Number(key)));
    for (const [index, entry] of entries.entries()) this.#fill(entry, index);
    if (this.#rev !== store.rev) this.#ask();
  }

  /** @param {Appointment} entry @param {number} index */
  #fill(entry, index) {
    const parts = this.#items.get(String(index))?.querySelectorAll("[data-part]") ?? [];
    const coming = this.#coming?.get(keyOf(entry));
    const said = coming && comingOf(coming, new Date());
    const next = said ? texts.next(said.ahead, texts.dayNames[said.weekday], said.clock) : this.#coming ? texts.notSoon : "";
    const { event, clock, minutes, before } = whenOf(entry.at);
    const lines = [texts.at(event, clock, minutes, before), describe(entry, this.services.store.show), next];
    for (const [at, text] of lines.entries()) if (parts[at].textContent !== text) parts[at].textContent = text;
  }

  /** lumad knows the sun. */
  async #ask() {
    const { api, store } = this.services;
    this.#rev = store.rev;
    try {
      /** @type {{time: string, entry: Appointment}[]} */
      const coming = await api.get("schedule/upcoming");
      this.#coming = new Map(coming.map(({ time, entry }) => [keyOf(entry), time]));
    } catch (fault) {
      if (fault instanceof Error) throw fault;
      this.#coming = null;
    }
    this.#draw();
  }

  async #savePlace() {
    const { api, toast } = this.services;
    const { latitude, longitude } = this.#place.value;
    const place = latitude === null && longitude === null ? null : { latitude, longitude };
    try {
      await api.send("PATCH", "show", { place });
      this.#place.clear();
      toast.undoable(texts.placeSaved);
    } catch (fault) {
      if (fault instanceof Error) throw fault;
      this.#place.blame(/** @type {import("../api.js").Fault} */ (fault));
    }
  }
}

/** @param {number} index */
function entryRow(index) {
  const parts = [element("strong"), element("span", { class: "facts" }), element("span", { class: "facts" })];
  for (const part of parts) part.dataset.part = "";
  return element("li", {}, element("a", { class: "row-link", href: format(["setup", "schedule", String(index + 1)]) }, ...parts));
}

/** @param {Appointment} entry @param {import("../types.js").Show | null} show */
function describe({ name, days = [...DAYS], look, release, fade_s, master, blackout }, show) {
  const called = look ?? release;
  const what = called !== undefined ? show?.looks?.[called]?.label || called : String(Math.round(Math.sqrt(master ?? 0) * 100));
  const kind = look ? "look" : release ? "release" : master !== undefined ? "master" : blackout ? "dark" : "light";
  const on = days.length === DAYS.length ? texts.everyDay : days.map((day) => texts.days[/** @type {"mon"} */ (day)]).join(" ");
  return [name, texts.deedSaid(kind, what, fade_s ?? null), on].filter(Boolean).join(" · ");
}

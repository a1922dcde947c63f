/** The patch sheet: every lamp and its slots, what is odd about them, on paper and as CSV too. */

import { Table } from "../forms/table.js";
import { gated } from "../gate.js";
import { element, icon } from "../html.js";
import { format } from "../router.js";
import { FixtureForm } from "./fixtureform.js";
import { byUniverse, placed } from "./place.js";
import { button, download, headed, link, Word } from "./section.js";
import { texts } from "./words.js";

/** @typedef {import("../types.js").Services} Services */
/** @typedef {import("./place.js").Slots} Slots */

const WARNING = "M12 4 2.5 20h19zM12 10v5M12 17.5v.5";

export class Patch {
  #word = new Word();
  #asked = false;
  #rev = -2;
  /** @type {Slots[]} */
  #rows = [];
  /** @type {string[]} */
  #warnings = [];
  #title = element("p", { class: "print-title" });
  #conflicts = element("ul", { class: "warnings", role: "list", hidden: true });
  #maps = element("div", { class: "universes" });
  #table = new Table(texts.patch, [
    { label: texts.lamp },
    { label: texts.number, number: true },
    { label: texts.place, number: true },
    { label: texts.slots, number: true },
    { label: texts.profile },
    { label: texts.mode },
    { label: texts.followed },
    { label: texts.notes },
  ]);

  /** @param {Services} services */
  constructor(services) {
    this.services = services;
    const { store } = services;
    const add = link("#/setup/patch/+", texts.addLamp, "primary");
    const tools = element(
      "div",
      { class: "buttons tools" },
      gated(store, "structure", add),
      button(texts.print, () => print()),
      button(texts.csv, () => this.#csv()),
    );
    const head = headed(texts.patch, "#/setup");
    this.sheet = element(
      "div",
      { class: "sheet-view" },
      head.root,
      this.#title,
      tools,
      this.#word.root,
      this.#conflicts,
      this.#maps,
      this.#table.root,
    );
    this.form = new FixtureForm(services, () => this.#rows);
    this.root = element("section", { class: "patch-sheet", "aria-label": texts.patch }, this.sheet, this.form.root);
    for (const topic of /** @type {const} */ (["show", "status"])) store.on(topic, () => this.#look());
  }

  /** @param {string[]} path  [] · ["+"] · [fixture] */
  show([fixture]) {
    this.sheet.hidden = Boolean(fixture);
    this.form.root.hidden = !fixture;
    this.#look();
    if (fixture) this.form.show(fixture);
  }

  hide() {
    this.form.hide();
  }

  /** Asks again when the show has changed, one question at a time. */
  async #look() {
    const { store, api } = this.services;
    if (this.root.hidden || this.root.closest("[hidden]") || !store.show) return;
    this.#title.textContent = texts.printTitle(store.show.name, new Date());
    if (this.#asked || this.#rev === store.rev) return this.#draw();
    this.#asked = true;
    const rev = store.rev;
    try {
      const { rows, warnings = [], conflicts = [] } = await api.get("patch");
      this.#rows = rows;
      this.#warnings = warnings;
      this.#say(conflicts);
      this.#word.say("");
    } catch (fault) {
      this.#word.explain(fault);
      this.#rows = plainRows(store.show.fixtures);
    }
    this.#rev = rev;
    this.#asked = false;
    this.#draw();
    if (store.rev !== rev) this.#look();
  }

  #draw() {
    const { show } = this.services.store;
    if (!show) return;
    this.#table.draw(this.#rows.map((row) => this.#row(row)));
    const universes = byUniverse(this.#rows);
    const signature = JSON.stringify(universes);
    if (this.#maps.dataset.drawn !== signature) {
      this.#maps.dataset.drawn = signature;
      this.#maps.replaceChildren(...universes.map(([universe, parts]) => universeMap(universe, parts, this.services.store)));
    }
  }

  /** @param {Slots} row @returns {import("../forms/table.js").Row} */
  #row(row) {
    const name = this.services.store.nameOf(row.fixture);
    const words = warningsOf(row.fixture, this.#warnings);
    const notes = words.length ? element("span", { class: "warning" }, icon(WARNING), words.join(" · ")) : "";
    return {
      key: JSON.stringify([row, name, words]),
      mark: words.length ? "odd" : "",
      cells: [
        element("a", { href: format(["setup", "patch", row.fixture]) }, name),
        row.number == null ? "" : String(row.number),
        placed(row.universe, row.address, row.last),
        row.footprint ? texts.slotCount(row.footprint, row.units ?? 1) : "",
        row.profile,
        row.mode,
        row.control && row.control !== "follow" ? (texts.controls[row.control] ?? row.control) : row.follows || "–",
        notes,
      ],
    };
  }

  /** @param {(string | {text: string})[]} conflicts */
  #say(conflicts) {
    const texts = conflicts.map((each) => (typeof each === "string" ? each : each.text));
    this.#conflicts.hidden = !texts.length;
    this.#conflicts.replaceChildren(...texts.map((text) => element("li", {}, icon(WARNING), text)));
  }

  async #csv() {
    const answer = await fetch("/api/v1/patch", { headers: { Accept: "text/csv" } }).catch(() => null);
    if (!answer?.ok) return this.#word.explain({ status: answer?.status ?? 0 });
    download(await answer.blob(), `${this.services.store.show?.name || "lumad"} patch.csv`);
  }
}

/** What lumad's warnings say about one lamp. @param {string} id @param {string[]} warnings */
function warningsOf(id, warnings) {
  return warnings
    .map((warning) => warning.match(/^(?:\S+: )?fixtures[./](\S+?): (.*)$/))
    .filter((match) => match && (match[1] === id || match[1].startsWith(`${id}.`)))
    .map((match) => match?.[2] ?? "");
}

/** Without the sheet of lumad: what the show alone tells. @param {Record<string, import("../types.js").Fixture>} fixtures @returns {Slots[]} */
function plainRows(fixtures) {
  return Object.entries(fixtures)
    .map(([fixture, lamp]) => ({ ...lamp, fixture, last: lamp.address, footprint: 0, follows: lamp.follow?.region ?? "" }))
    .sort((a, b) => a.universe - b.universe || a.address - b.address);
}

/** One universe from slot 1 to 512, its lamps as blocks. @param {number} universe @param {{row: Slots, first: number, last: number}[]} parts @param {import("../store.js").Store} store */
function universeMap(universe, parts, store) {
  const used = parts.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  const blocks = parts.map(({ row, first, last }) => {
    const block = element(
      "a",
      {
        class: "block",
        href: format(["setup", "patch", row.fixture]),
        title: `${store.nameOf(row.fixture)} ${placed(universe, first, last)}`,
        tabIndex: -1,
      },
      element("span", {}, store.nameOf(row.fixture)),
    );
    block.style.left = `${((first - 1) / 512) * 100}%`;
    block.style.width = `${((last - first + 1) / 512) * 100}%`;
    return block;
  });
  return element(
    "div",
    { class: "universe" },
    element("p", {}, element("strong", {}, texts.universeNumber(universe)), " ", element("span", { class: "facts" }, texts.used(used))),
    element("div", { class: "blocks", "aria-hidden": "true" }, ...blocks),
  );
}

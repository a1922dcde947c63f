/** What happened, and by whom: the newest first. */

import { element, keep } from "../html.js";
import { headed, Word } from "./section.js";
import { texts } from "./words.js";

/** @typedef {import("../types.js").LogEvent} LogEvent */

const MOST = 300;

export class Events {
  /** @type {Map<number, LogEvent>} */
  #events = new Map();
  /** @type {Map<string, HTMLLIElement>} */
  #items = new Map();
  #word = new Word();
  #list = element("ol", { class: "events" });
  #filter = element("input", { type: "search", autocomplete: "off", spellcheck: false });

  /** @param {import("../types.js").Services} services */
  constructor(services) {
    this.services = services;
    const filter = element("label", { class: "field wide" }, element("span", {}, texts.filterEvents), this.#filter);
    this.root = element(
      "section",
      { "aria-label": texts.events },
      headed(texts.events, "#/setup").root,
      filter,
      this.#word.root,
      this.#list,
    );
    this.#filter.addEventListener("input", () => this.#draw());
    services.store.on("events", () => {
      this.#learn(services.store.events.slice(-20));
      this.#draw();
    });
  }

  async show() {
    try {
      this.#learn(await this.services.api.get("events"));
      this.#word.say(this.#events.size ? "" : texts.noEvents);
    } catch (fault) {
      this.#learn(this.services.store.events);
      if (!this.#events.size) this.#word.explain(fault);
    }
    this.#draw();
  }

  /** @param {LogEvent[]} events */
  #learn(events) {
    for (const event of events) this.#events.set(event.id, event);
  }

  #draw() {
    if (this.root.hidden || this.root.closest("[hidden]")) return;
    const words = this.#filter.value.toLowerCase().trim();
    const all = [...this.#events.values()].filter(({ text, by, kind }) => `${text} ${by} ${kind}`.toLowerCase().includes(words));
    const shown = all.sort((a, b) => b.id - a.id).slice(0, MOST);
    keep(
      this.#list,
      this.#items,
      shown.map(({ id }) => String(id)),
      (id) => eventRow(this.#events.get(Number(id))),
    );
    if (this.#events.size) this.#word.say(shown.length ? "" : texts.noneSuch);
  }
}

/** @param {LogEvent | undefined} event */
function eventRow(event) {
  if (!event) return element("li");
  const { time, kind, by, text } = event;
  const date = new Date(typeof time === "number" ? time * 1000 : time);
  const stamp = element("time", { dateTime: date.toISOString() }, texts.clock(date));
  return element(
    "li",
    {},
    stamp,
    element("span", { class: "tag" }, texts.eventKinds[kind] ?? kind),
    element("span", {}, text),
    element("span", { class: "facts" }, by || ""),
  );
}

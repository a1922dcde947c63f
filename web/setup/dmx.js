/** What is on the network: every universe, who sends it, and its 512 levels as they are now. */

import { Poll } from "../forms/poll.js";
import { Table } from "../forms/table.js";
import { element, icon, keep } from "../html.js";
import { format } from "../router.js";
import { Grid } from "./grid.js";
import { headed, Word } from "./section.js";
import { texts } from "./words.js";

/** @typedef {import("../types.js").Services} Services */
/** @typedef {{source: string, name: string, address: string, priority: number, rate_hz: number, age_ms: number, packets: number,
 *             errors: number, counts?: boolean, ours?: boolean, preview?: boolean, per_address_priority?: boolean}} Source */
/** @typedef {{protocol: "sacn" | "artnet", universe: number, net_sub_universe?: string, sources: Source[]}} Universe */
/** @typedef {{universes: Universe[], announced?: {name: string, source: string, address: string, universes: string}[],
 *             conflicts?: {text: string}[]}} Network */

const WARNING = "M12 4 2.5 20h19zM12 10v5M12 17.5v.5";
const POLL_S = 1;
const LEVELS_S = 0.25; // where the socket brings none

export class Dmx {
  #word = new Word();
  #conflicts = element("ul", { class: "warnings", role: "list", hidden: true });
  #list = element("ul", { class: "rows universe-rows", role: "list" });
  /** @type {Map<string, HTMLLIElement>} */
  #items = new Map();
  #one;
  #poll;

  /** @param {Services} services */
  constructor(services) {
    this.services = services;
    const head = headed(texts.dmx, "#/setup");
    const why = element("p", { class: "hint" }, texts.dmxWhy);
    this.overview = element("div", { class: "form-view" }, head.root, this.#word.root, this.#conflicts, why, this.#list);
    this.#one = new OneUniverse(services);
    this.root = element("section", { "aria-label": texts.dmx }, this.overview, this.#one.root);
    const failed = (/** @type {unknown} */ fault) => this.#fail(fault);
    this.#poll = new Poll(
      POLL_S,
      () => services.api.get("dmx"),
      (network) => this.#hear(network),
      failed,
    );
  }

  /** @param {string[]} path  [] · [N], as it left · [protocol, N], as it is on the network */
  show(path) {
    this.overview.hidden = path.length > 0;
    this.#one.root.hidden = !path.length;
    this.#poll.start();
    if (path.length) this.#one.show(path);
    else this.#one.hide();
  }

  hide() {
    this.#poll.stop();
    this.#one.hide();
  }

  /** @param {unknown} fault */
  #fail(fault) {
    this.#word.explain(fault);
    const { show } = this.services.store;
    const numbers = new Set(Object.values(show?.fixtures ?? {}).map((lamp) => lamp.universe));
    this.#draw([...numbers].sort((a, b) => a - b).map((universe) => ownRow(universe)));
  }

  /** @param {Network} network */
  #hear(network) {
    this.#word.say(network.universes.length ? "" : texts.nothingHeard);
    const conflicts = network.conflicts ?? [];
    this.#conflicts.hidden = !conflicts.length;
    this.#conflicts.replaceChildren(...conflicts.map(({ text }) => element("li", {}, icon(WARNING), text)));
    this.#draw(network.universes.map(universeRow));
    this.#one.hear(network);
  }

  /** @param {{key: string, href: string, title: string, facts: string}[]} rows */
  #draw(rows) {
    keep(
      this.#list,
      this.#items,
      rows.map(({ key }) => key),
      () => element("li", {}, element("a", { class: "row-link" }, element("strong"), element("span", { class: "facts" }))),
    );
    for (const { key, href, title, facts } of rows) {
      const link = /** @type {HTMLAnchorElement} */ (this.#items.get(key)?.firstElementChild);
      link.href = href;
      const [strong, said] = link.children;
      if (strong.textContent !== title) strong.textContent = title;
      if (said.textContent !== facts) said.textContent = facts;
    }
  }
}

/** @param {number} universe */
const ownRow = (universe) => ({
  key: `own-${universe}`,
  href: format(["setup", "dmx", String(universe)]),
  title: texts.universeNumber(universe),
  facts: texts.asSent,
});

/** @param {Universe} universe */
function universeRow({ protocol, universe, net_sub_universe, sources }) {
  const facts = sources.map(({ name, address, ours, rate_hz, priority }) =>
    [ours ? texts.lumadItself : name || address, texts.hertz(rate_hz), protocol === "sacn" ? texts.prioritySaid(priority) : ""]
      .filter(Boolean)
      .join(", "),
  );
  return {
    key: `${protocol}-${universe}`,
    href: format(["setup", "dmx", protocol, String(universe)]),
    title: titleOf(protocol, universe, net_sub_universe),
    facts: facts.join(" · ") || texts.silent,
  };
}

/** @param {string} protocol @param {number} universe @param {string} [netSubUniverse] */
function titleOf(protocol, universe, netSubUniverse) {
  if (protocol === "artnet") return texts.portAddress(netSubUniverse ?? splitPort(universe), universe);
  return protocol === "sacn" ? texts.sacnUniverse(universe) : texts.universeNumber(universe);
}

/** @param {number} port */
const splitPort = (port) => `${port >> 8}:${(port >> 4) & 15}:${port & 15}`;

class OneUniverse {
  /** @type {"" | "sacn" | "artnet"} */
  #protocol = "";
  #universe = 0;
  #source = "";
  #word = new Word();
  #head = headed("", "#/setup/dmx");
  #pick = element("select", { "aria-label": texts.source });
  #grid = new Grid();
  #table = new Table(texts.sources, [
    { label: texts.source },
    { label: texts.ip },
    { label: texts.priority, number: true },
    { label: texts.rate, number: true },
    { label: texts.age, number: true },
    { label: texts.lost, number: true },
    { label: texts.state },
  ]);
  #poll;

  /** @param {Services} services */
  constructor(services) {
    this.services = services;
    const chooser = element("label", { class: "field source-pick" }, element("span", {}, texts.source), this.#pick);
    this.#chooser = chooser;
    this.root = element(
      "div",
      { class: "form-view", hidden: true },
      this.#head.root,
      this.#word.root,
      this.#table.root,
      chooser,
      this.#grid.root,
    );
    this.#pick.addEventListener("change", () => this.#choose(this.#pick.value));
    this.#poll = new Poll(
      LEVELS_S,
      () => this.#ask(),
      (seen) => this.#see(seen),
      (fault) => this.#fail(fault),
    );
    for (const topic of /** @type {const} */ (["show"])) services.store.on(topic, () => this.root.hidden || this.#own());
    services.store.on("dmx", () => this.#hearSocket());
  }

  #chooser;

  /** @param {string[]} path */
  show(path) {
    const known = path[0] === "sacn" || path[0] === "artnet";
    this.#protocol = known ? /** @type {"sacn" | "artnet"} */ (path[0]) : "";
    this.#universe = Number(path[known ? 1 : 0]) || 0;
    this.#source = (known && path[2]) || "";
    this.#head.words.textContent = titleOf(this.#protocol, this.#universe);
    this.#chooser.hidden = this.#table.root.hidden = !known;
    this.#word.say("");
    this.#grid.draw(null);
    this.#own();
    this.#watch(true);
    this.#poll.start();
    this.#head.words.focus({ preventScroll: true });
  }

  hide() {
    this.#watch(false);
    this.#poll.stop();
  }

  /** @param {Network} network */
  hear(network) {
    if (this.root.hidden) return;
    const found = network.universes.find((each) => each.protocol === this.#protocol && each.universe === this.#universe);
    const sources = found?.sources ?? [];
    this.#table.draw(sources.map((source) => sourceRow(source, this.#protocol)));
    const choices = [
      ["", texts.merged],
      ...sources.map(({ source, name, address, ours }) => [source, ours ? texts.lumadItself : name || address]),
    ];
    const signature = JSON.stringify(choices);
    if (this.#pick.dataset.drawn === signature) return;
    this.#pick.dataset.drawn = signature;
    this.#pick.replaceChildren(...choices.map(([value, text]) => element("option", { value }, text)));
    this.#pick.value = this.#source;
  }

  get #want() {
    const of = { universe: this.#universe, ...(this.#protocol ? { protocol: this.#protocol } : {}) };
    return this.#source ? { ...of, source: this.#source } : of;
  }

  /** Levels come over the socket as they change; the question by HTTP says what the socket does not. @param {boolean} on */
  #watch(on) {
    this.services.socket.send(on ? { type: "dmx", on, ...this.#want } : { type: "dmx", on });
  }

  #ask() {
    const query = new URLSearchParams(this.#protocol ? { protocol: this.#protocol } : {});
    if (this.#source) query.set("source", this.#source);
    return this.services.api.get(`dmx/${this.#universe}${query.size ? `?${query}` : ""}`);
  }

  /** @param {{levels: number[] | null}} seen */
  #see({ levels }) {
    this.#word.say(levels ? "" : texts.nobodySends);
    this.#grid.draw(levels);
  }

  #hearSocket() {
    const seen = this.services.store.dmx;
    if (this.root.hidden || !seen || seen.universe !== this.#universe) return;
    if ((seen.protocol ?? "") !== this.#protocol || (seen.source ?? "") !== this.#source) return;
    this.#see(seen);
  }

  /** @param {unknown} fault */
  #fail(fault) {
    const { status } = /** @type {{status?: number}} */ (fault);
    if (status === 404) this.#word.say(texts.nobodySends);
    else this.#word.explain(fault);
    this.#grid.draw(null);
  }

  /** @param {string} source */
  #choose(source) {
    this.#source = source;
    this.#grid.draw(null);
    this.#watch(true);
    this.#poll.start();
    this.services.router.rename("setup", "dmx", this.#protocol, String(this.#universe), ...(source ? [source] : []));
  }

  /** The lamps' names at their slots; port-addresses are not the show's universes. */
  async #own() {
    /** @type {(string | undefined)[]} */
    const owners = [];
    if (this.#protocol === "artnet") return this.#grid.own(owners);
    const { rows = [] } = await this.services.api.get("patch").catch(() => ({}));
    for (const row of rows) {
      const before = (this.#universe - row.universe) * 512;
      for (let slot = row.address - before; slot <= row.last - before; slot += 1)
        if (slot >= 1 && slot <= 512) owners[slot - 1] = this.services.store.nameOf(row.fixture);
    }
    this.#grid.own(Array.from({ length: 512 }, (_, slot) => owners[slot]));
  }
}

/** @param {Source} source @param {string} protocol @returns {import("../forms/table.js").Row} */
function sourceRow(source, protocol) {
  const { name, address, priority, rate_hz, age_ms, errors, counts, ours, preview } = source;
  const state = [ours && texts.lumadItself, preview && texts.previewData, counts ? texts.countsHere : texts.countsNot]
    .filter(Boolean)
    .join(" · ");
  return {
    key: source.source,
    cells: [
      name || address,
      ours ? "–" : address,
      protocol === "sacn" ? String(priority) : "–",
      texts.hertz(rate_hz),
      texts.ago(age_ms),
      String(errors),
      state,
    ],
  };
}

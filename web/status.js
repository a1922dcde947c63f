/** The status dot and what stands behind it: is everything well, and if not, what. */

import { element } from "./html.js";
import { LANGUAGES, language, speak, texts } from "./texts.js";

/** @typedef {import("./types.js").Status} Status */
/** @typedef {"good" | "fair" | "bad" | "unknown"} Level */

const FULL = 0.99; // of a circuit's limit: the lamps on it are dimmed, or nearly
const WELL = new Set(["running", "live", "ok", "playing", "still"]);

/**
 * How the house is: bad = light may be wrong or gone, fair = somebody should look.
 * @param {Status | null} status
 * @param {import("./types.js").Link} link
 * @returns {Level}
 */
export function level(status, link) {
  if (link === "stale") return "bad";
  if (!status || link === "connecting") return "unknown";
  if ([status.engine.state, status.feed.state].includes("starting")) return "unknown";
  if (!WELL.has(status.engine.state) || !WELL.has(status.feed.state)) return "bad";
  const failing = status.outputs.some(isFailing);
  const odd = status.flashing?.length || status.conflicts?.length;
  const fair = failing || odd || status.unsaved || status.warnings.length || !WELL.has(status.renderer.state);
  return fair ? "fair" : "good";
}

export class StatusView {
  #facts = element("dl");
  #word = element("h2");

  /** @param {import("./store.js").Store} store */
  constructor(store) {
    this.store = store;
    const dot = element("span", { class: "dot" });
    this.button = element("button", { type: "button", class: "status", onclick: () => this.#open() }, dot);
    const close = element("button", { type: "button", class: "quiet", onclick: () => this.dialog.close() }, texts.close);
    const head = element("div", { class: "heading" }, this.#word, close);
    this.dialog = element("dialog", { class: "dialog status-sheet", "aria-label": texts.status }, head, this.#facts, languages());
    // A tap beside the sheet closes it.
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    for (const topic of /** @type {const} */ (["status", "link"])) store.on(topic, () => this.#draw());
    this.#draw();
  }

  #open() {
    this.dialog.showModal();
    this.#draw();
  }

  #draw() {
    const { status, link } = this.store;
    const now = level(status, link);
    this.button.dataset.level = now;
    this.button.setAttribute("aria-label", `${texts.status}: ${texts.statusLevel[now]}`);
    if (!this.dialog.open) return;
    this.#word.textContent = texts.statusLevel[now];
    const lines = [texts.linkState[link], ...(link === "live" ? [texts.roundTrip(this.store.roundTrip)] : [])];
    const facts = [{ name: texts.link, lines, bad: link !== "live" }, ...(status ? [...oddities(this.store), ...describe(status)] : [])];
    this.#facts.replaceChildren(...facts.flatMap(({ name, lines, bad }) => entry(name, lines, bad)));
  }
}

/** One tap a language; the page begins again in it. */
function languages() {
  const one = (/** @type {[import("./texts.js").Language, string]} */ [key, name]) =>
    element(
      "button",
      { type: "button", class: "quiet", lang: key, "aria-pressed": String(key === language), onclick: () => speak(key) },
      name,
    );
  const all = /** @type {[import("./texts.js").Language, string][]} */ (Object.entries(LANGUAGES));
  return element("div", { class: "languages", role: "group", "aria-label": texts.language }, ...all.map(one));
}

/**
 * @param {string} name
 * @param {string[]} lines
 * @param {boolean} bad
 */
function entry(name, lines, bad) {
  const values = lines.map((line) => element("dd", bad ? { class: "bad" } : {}, line));
  return [element("dt", {}, name), ...values];
}

/** @param {Status} status */
function describe(status) {
  const { feed, engine, renderer, outputs, warnings, unsaved } = status;
  const latency = engine.latency_ms;
  const timed = latency && latency.median != null && latency.p95 != null;
  const facts = [
    fact(texts.feed, join(feed.state, feed.fps, texts.fps) + (feed.error ? ` · ${feed.error}` : ""), !WELL.has(feed.state)),
    fact(texts.engine, join(engine.state, engine.rate, texts.hertz), !WELL.has(engine.state)),
    fact(texts.latency, timed ? texts.latencyValue(Number(latency.median), Number(latency.p95)) : texts.unknown),
    fact(texts.late, engine.late == null ? texts.unknown : String(engine.late)),
    fact(texts.renderer, renderer.state, !WELL.has(renderer.state)),
    fact(texts.kernel, engine.kernel || texts.unknown),
    { name: texts.outputs, lines: outputs.length ? outputs.map(outputLine) : [texts.noOutputs], bad: outputs.some(isFailing) },
    { name: texts.warnings, lines: warnings.length ? warnings : [texts.noWarnings], bad: warnings.length > 0 },
  ];
  const nodes = status.nodes ?? [];
  if (nodes.length) facts.splice(-1, 0, { name: texts.nodes, lines: nodes.map(nodeLine), bad: nodes.some((node) => node.missing) });
  if (unsaved) facts.unshift(fact(texts.unsaved, unsaved, true));
  return facts;
}

/** What somebody should see to, only where there is such a thing. @param {import("./store.js").Store} store */
function oddities({ status, show }) {
  const { flashing = [], conflicts = [], circuits = {} } = status ?? {};
  const full = Object.entries(circuits).filter(([, { watts, limit_w }]) => watts >= limit_w * FULL);
  const load = (/** @type {[string, import("./types.js").Load]} */ [id, { watts, limit_w }]) =>
    `${show?.circuits?.[id]?.label || id} · ${Math.round(watts)} / ${Math.round(limit_w)} W`;
  return [
    { name: texts.flashing, lines: flashing.map((id) => show?.fixtures[id]?.label || id), bad: true },
    { name: texts.conflicts, lines: conflicts.map(({ text }) => text), bad: true },
    { name: texts.circuits, lines: full.map(load), bad: true },
  ].filter(({ lines }) => lines.length);
}

/**
 * @param {string} name
 * @param {string} line
 */
const fact = (name, line, bad = false) => ({ name, lines: [line], bad });

/**
 * @param {string} state
 * @param {number | null} value
 * @param {(value: number) => string} say
 */
const join = (state, value, say) => (value == null ? state : `${state} · ${say(value)}`);

/** @param {import("./types.js").Output} output */
const isFailing = (output) => output.failing ?? Boolean(output.last_error);

/** @param {import("./types.js").Output} output */
function outputLine({ protocol, to, sent, errors, last_error, note }) {
  const parts = [texts.protocols[protocol] ?? protocol, to, texts.sent(sent)];
  if (errors) parts.push(texts.errors(errors, last_error ?? ""));
  if (note) parts.push(note);
  return parts.join(" · ");
}

/** @param {import("./types.js").Node} node */
function nodeLine({ name, address, ports, missing }) {
  const places = ports.map((port) => texts.port(port.net_sub_universe, port.port_address));
  return [name || address, address, ...places, ...(missing ? [texts.missing] : [])].join(" · ");
}

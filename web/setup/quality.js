/** How good the way is: from the picture to the wire, and from lumad to this page. */

import { element } from "../html.js";
import { headed } from "./section.js";
import { texts } from "./words.js";

/** @typedef {"good" | "fair" | "bad" | ""} Level */

const KEPT = 60;
const WELL = new Set(["running", "live", "ok", "playing", "still"]);

export class Quality {
  /** @type {Map<string, {root: HTMLElement, value: HTMLElement, why: HTMLElement, level: HTMLElement}>} */
  #cards = new Map();
  #trips = /** @type {number[]} */ ([]);
  #line = element("div", { class: "trips", role: "img", "aria-label": texts.tripsTitle });
  #timer = 0;

  /** @param {import("../types.js").Services} services */
  constructor(services) {
    this.services = services;
    const { store } = services;
    const cards = /** @type {const} */ (["roundTrip", "preview", "feed", "engine", "latency", "late"]).map((key) => this.#card(key));
    const trips = element("section", { class: "part" }, element("h3", {}, texts.tripsTitle), this.#line);
    this.root = element(
      "section",
      { "aria-label": texts.quality },
      headed(texts.quality, "#/setup").root,
      element("div", { class: "meters" }, ...cards),
      trips,
    );
    for (const topic of /** @type {const} */ (["status", "link"])) store.on(topic, () => this.#draw());
  }

  show() {
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#draw(true), 1000);
    this.#draw();
  }

  hide() {
    clearInterval(this.#timer);
  }

  /** @param {keyof typeof texts.meters} key */
  #card(key) {
    const [value, why, level] = [element("strong"), element("span", { class: "facts" }), element("span", { class: "level" })];
    const root = element("div", { class: "meter panel" }, element("h3", {}, texts.meters[key]), value, level, why);
    this.#cards.set(key, { root, value, why, level });
    return root;
  }

  #draw(second = false) {
    const { store } = this.services;
    if (this.root.hidden || this.root.closest("[hidden]")) return;
    const { status, roundTrip, link } = store;
    const { preview } = store;
    const alive = link === "live";
    const heard = alive && roundTrip > 0; // no heartbeat was answered yet
    if (second && (heard || !alive)) this.#remember(alive ? roundTrip : -1);
    this.#set(
      "roundTrip",
      heard ? texts.ms(roundTrip) : "–",
      alive ? texts.roundTripWhy : texts.linkLost,
      !alive ? "bad" : heard ? graded(roundTrip, 60, 250) : "",
    );
    this.#set(
      "preview",
      preview ? texts.fps(preview.fps) : "–",
      preview ? texts.previewWhy(preview.width, preview.lost) : texts.previewNone,
      preview ? graded(preview.lost, 0.02, 0.2) : "",
    );
    const { feed, engine } = status ?? {};
    this.#set(
      "feed",
      feed?.fps == null ? (feed?.state ?? "–") : texts.fps(feed.fps),
      feed?.age_ms == null ? "" : texts.feedWhy(feed.state, feed.age_ms),
      feed ? (WELL.has(feed.state) ? "good" : "bad") : "",
    );
    this.#set(
      "engine",
      engine?.rate == null ? (engine?.state ?? "–") : texts.hertz(engine.rate),
      engine ? texts.engineWhy(engine.state, engine.kernel ?? "–") : "",
      engine ? (WELL.has(engine.state) ? "good" : "bad") : "",
    );
    const timed = engine?.latency_ms;
    const known = timed && timed.median != null && timed.p95 != null;
    this.#set(
      "latency",
      known ? texts.ms(Number(timed.p95)) : "–",
      known ? texts.latencyWhy(Number(timed.median)) : "",
      known ? graded(Number(timed.p95), 20, 45) : "",
    );
    this.#set(
      "late",
      engine?.late == null ? "–" : String(engine.late),
      texts.lateWhy,
      engine?.late == null ? "" : engine.late ? "fair" : "good",
    );
  }

  /** @param {string} key @param {string} value @param {string} why @param {Level} level */
  #set(key, value, why, level) {
    const card = this.#cards.get(key);
    if (!card) return;
    if (card.value.textContent !== value) card.value.textContent = value;
    if (card.why.textContent !== why) card.why.textContent = why;
    card.root.dataset.level = level;
    card.level.textContent = level ? texts.levels[level] : "";
  }

  /** @param {number} trip  milliseconds, -1: no answer */
  #remember(trip) {
    this.#trips = [...this.#trips, trip].slice(-KEPT);
    const most = Math.max(50, ...this.#trips);
    const bars = this.#trips.map((each) => {
      const bar = element("i", { class: each < 0 ? "lost" : "" });
      bar.style.height = each < 0 ? "100%" : `${Math.max(4, (each / most) * 100)}%`;
      return bar;
    });
    this.#line.replaceChildren(...bars);
    const answered = this.#trips.filter((each) => each >= 0);
    this.#line.setAttribute("aria-label", texts.tripsSaid(Math.round(Math.max(0, ...answered)), this.#trips.length - answered.length));
  }
}

/** @param {number} value @param {number} good @param {number} fair @returns {Level} */
const graded = (value, good, fair) => (value <= good ? "good" : value <= fair ? "fair" : "bad");

/** What the page knows: lumad's last word, with the finger's drafts laid over it. */

import { isPath } from "./shapes.js";

/** @typedef {import("./types.js").Show} Show */
/** @typedef {"link" | "show" | "live" | "lights" | "status" | "selection"} Topic */
/** @typedef {Record<string, unknown> | null} Value */

export class Store {
  /** @type {Map<Topic, (() => void)[]>} */
  #listeners = new Map();
  /** @type {Show | null} */
  #received = null;

  constructor() {
    this.rev = -1;
    /** @type {Show | null} */
    this.show = null;
    /** @type {import("./types.js").Link} */
    this.link = "connecting";
    /** @type {import("./types.js").Live} */
    this.live = { master: 1, blackout: false, freeze: false };
    /** @type {import("./types.js").Lights} */
    this.lights = { regions: {}, fixtures: {} };
    /** @type {import("./types.js").Status | null} */
    this.status = null;
    /** @type {import("./types.js").Selection} */
    this.selection = { region: null, point: null, fixture: null };
    /** @type {Map<string, Value>} */
    this.drafts = new Map();
  }

  /**
   * @param {Topic} topic
   * @param {() => void} listener
   */
  on(topic, listener) {
    this.#listeners.set(topic, [...(this.#listeners.get(topic) ?? []), listener]);
  }

  /** @param {Topic} topic */
  tell(topic) {
    for (const listener of this.#listeners.get(topic) ?? []) listener();
  }

  /**
   * @param {Show} show
   * @param {number} rev
   */
  receive(show, rev) {
    this.#received = show;
    this.rev = rev;
    this.redraft();
  }

  /** Lays the drafts over the received show again. */
  redraft() {
    if (!this.#received) return;
    const show = { ...this.#received, regions: { ...this.#received.regions }, fixtures: { ...this.#received.fixtures } };
    for (const [path, value] of this.drafts) overlay(show, path, value);
    this.show = show;
    const { region, point, fixture } = this.selection;
    if ((region && !show.regions[region]) || (fixture && !show.fixtures[fixture])) this.select({});
    else if (region && point !== null && !hasPoint(show.regions[region], point)) this.select({ region });
    this.tell("show");
  }

  /** @param {Partial<import("./types.js").Selection>} selection */
  select({ region = null, point = null, fixture = null }) {
    const former = this.selection;
    if (former.region === region && former.point === point && former.fixture === fixture) return;
    this.selection = { region, point, fixture };
    this.tell("selection");
  }

  /** @param {string} id */
  nameOf(id) {
    return this.show?.fixtures[id]?.label || id;
  }
}

/** @param {import("./types.js").Region} region @param {number} point */
const hasPoint = (region, point) => isPath(region) && point < region.points.length;

/**
 * @param {Show} show
 * @param {string} path
 * @param {Value} value
 */
function overlay(show, path, value) {
  if (path === "show") {
    Object.assign(show, value);
    return;
  }
  const [kind, id] = path.split("/");
  const nouns = /** @type {Record<string, any>} */ (kind === "regions" ? show.regions : show.fixtures);
  if (value === null) delete nouns[id];
  else nouns[id] = { ...nouns[id], ...value };
}

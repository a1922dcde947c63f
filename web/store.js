/** What the page knows: lumad's last word, with the finger's drafts laid over it. */

import { composed, merged } from "./patch.js";

/** @typedef {import("./types.js").Show} Show */
/** @typedef {"link" | "show" | "live" | "lights" | "status" | "selection" | "role" | "events" | "inputs" | "dmx"} Topic */
/** @typedef {Record<string, unknown> | unknown[] | null} Value */

const MOST_EVENTS = 500;
const RANK = { viewer: 0, operator: 1, admin: 2 };
const NEEDED = { panic: 1, operate: 1, structure: 2 };

/** @type {import("./types.js").Slate} */
const NO_TAKE = { rolling: false, scene: "", shot: "", take: 1, ride: [] };

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
    /** This device is locked: nothing is changed from here but Blackout. */
    this.locked = false;
    /** @type {import("./types.js").Role} */
    this.role = "admin";
    /** @type {import("./types.js").Live} */
    this.live = { master: 1, blackout: false, freeze: false, solo: [], identify: [], cue: null, take: NO_TAKE };
    /** @type {import("./types.js").DmxLevels | null} */
    this.dmx = null;
    /** @type {import("./types.js").PreviewFigures | null} */
    this.preview = null;
    /** @type {import("./types.js").Lights} */
    this.lights = { regions: {}, fixtures: {} };
    /** @type {import("./types.js").Status | null} */
    this.status = null;
    /** How long lumad took to answer the last heartbeat, milliseconds. */
    this.roundTrip = 0;
    /** @type {import("./types.js").LogEvent[]} */
    this.events = [];
    /** Consoles as the engine hears them. @type {import("./types.js").Input[]} */
    this.inputs = [];
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

  /** Whether this page may change the light, or what the show is made of; lumad asks again. @param {import("./gate.js").Need} need */
  may(need) {
    return RANK[this.role] >= NEEDED[need] && (need === "panic" || !this.shut);
  }

  /** A take rolls, and all but Blackout, Master and the lamps armed before it is shut for this page. */
  get shut() {
    return this.live.take.rolling && this.role !== "admin";
  }

  /** Whether the intensity of a lamp stays in hand while all else is shut. @param {string} id */
  rides(id) {
    return this.shut && this.may("panic") && this.live.take.ride.includes(id);
  }

  /** Whether a change could leave this page now. */
  get free() {
    return this.link === "live" && !this.locked;
  }

  /**
   * @param {Show} show
   * @param {number} rev
   */
  receive(show, rev) {
    const former = this.#received;
    // what somebody else deleted under the finger does not come back as the little that the finger moved
    for (const path of this.drafts.keys()) if (former && holds(former, path) && !holds(show, path)) this.drafts.delete(path);
    this.#received = show;
    this.rev = rev;
    this.redraft();
  }

  /** Another line of what happened. @param {import("./types.js").LogEvent} event */
  note(event) {
    this.events = [...this.events, event].slice(-MOST_EVENTS);
    this.tell("events");
  }

  /** Lays an edit over those that wait already. @param {string} path @param {Value} value */
  draft(path, value) {
    const former = this.drafts.get(path);
    this.drafts.set(path, value && former ? composed(former, value) : value);
    this.redraft();
  }

  /** Lays the drafts over the received show again. */
  redraft() {
    if (!this.#received) return;
    let show = this.#received;
    for (const [path, value] of this.drafts) show = overlaid(show, path, value);
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

/** @param {any} show @param {string} path  kind/ID; lists and the show are always there */
function holds(show, path) {
  const [kind, id] = path.split("/");
  return id === undefined || id in (show[kind] ?? {});
}

/** @param {import("./types.js").Region} region @param {number} point */
const hasPoint = (region, point) => "points" in region && point < region.points.length;

/**
 * @param {Show} show
 * @param {string} path  show, a list as `cues`, or one noun as `regions/ID`
 * @param {Value} value
 * @returns {Show}
 */
function overlaid(show, path, value) {
  const [kind, id] = path.split("/");
  if (path === "show") return merged(show, value);
  return merged(show, { [kind]: id === undefined ? value : { [id]: value } });
}

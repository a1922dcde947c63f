/** The cue list: where the show is, what comes next, and three big buttons. */

import { gated } from "../gate.js";
import { element, icon, keep } from "../html.js";
import { format } from "../router.js";
import { paint } from "../swatch.js";
import { texts as common } from "../texts.js";
import { cuesOf, inOrder, looksOf, moved, nameOf } from "./look.js";
import { stripOf } from "./tiles.js";
import { texts } from "./words.js";

/** @typedef {import("../types.js").Services} Services */
/** @typedef {import("./look.js").Cue} Cue */
/** @typedef {{root: HTMLLIElement, main: HTMLButtonElement, draw: (cue: Cue, look: string, place: Place) => void, strip: HTMLElement}} Row */
/** @typedef {{chosen: boolean, now: boolean, next: boolean}} Place */

const EARLIER = "M12 19V5M6 11l6-6 6 6";
const LATER = "M12 5v14M6 13l6 6 6-6";

export class Cues {
  /** @type {Map<string, HTMLLIElement>} */
  #items = new Map();
  /** @type {Map<string, Row>} */
  #rows = new Map();
  /** @type {number | null} the row that the hand is at */
  #chosen = null;
  #list = element("ol", { class: "cue-list", "aria-label": texts.cueList });
  #now = element("p", { class: "cue-now", role: "status" });
  #back = big("", "back", texts.back, () => this.#ask("back"));
  #go = big("primary", "next", texts.go, () => this.#ask("next"));
  #jump = big("quiet", "go", "", () => this.#ask("go", this.#chosen));

  /** @param {Services} services */
  constructor(services) {
    this.services = services;
    const { store } = services;
    const run = element("div", { class: "cue-run" }, this.#back, this.#go, this.#jump);
    this.#lesson = element(
      "div",
      { class: "lesson", hidden: true },
      element("h3", {}, texts.noCues),
      element("p", { class: "hint" }, texts.noCuesWhy),
    );
    const keys = element("p", { class: "hint keys", id: "cue-keys" }, texts.cueKeys);
    this.root = element(
      "section",
      { class: "cues", "aria-label": texts.cueList },
      this.#now,
      gated(store, "operate", run),
      this.#lesson,
      this.#list,
      keys,
    );
    this.#list.addEventListener("keydown", (event) => this.#key(event));
    for (const topic of /** @type {const} */ (["show", "live", "role"])) store.on(topic, () => this.draw());
    store.on("lights", () => this.#colour());
  }

  #lesson;

  /** The number of the cue that went last. @returns {number | null} */
  get #current() {
    return /** @type {{cue?: number | null}} */ (this.services.store.live).cue ?? null;
  }

  draw() {
    const { store } = this.services;
    if (this.root.hidden || !store.show) return;
    const cues = inOrder(cuesOf(store));
    const looks = looksOf(store);
    const now = this.#current;
    const next = cues.find((cue) => now === null || cue.number > now);
    if (!cues.some((cue) => cue.number === this.#chosen)) this.#chosen = null;
    keep(
      this.#list,
      this.#items,
      cues.map((cue) => String(cue.number)),
      (key) => this.#make(key),
    );
    for (const cue of cues) {
      const place = { chosen: cue.number === this.#chosen, now: cue.number === now, next: cue === next };
      this.#rows.get(String(cue.number))?.draw(cue, nameOf(cue.look, looks[cue.look]), place);
    }
    this.#lesson.hidden = cues.length > 0;
    this.#say(cues, now, next, looks);
    this.#colour();
  }

  /** @param {Cue[]} cues @param {number | null} now @param {Cue | undefined} next @param {Record<string, import("./look.js").Look>} looks */
  #say(cues, now, next, looks) {
    const title = (/** @type {Cue | undefined} */ cue) => cue && texts.cueTitle(cue.number, cue.name || nameOf(cue.look, looks[cue.look]));
    const current = cues.find((cue) => cue.number === now);
    const said = current ? texts.cueNow(title(current) ?? "") : texts.cueBefore;
    if (this.#now.textContent !== said) this.#now.textContent = said;
    this.#now.hidden = !cues.length;
    this.#back.hidden = this.#go.hidden = !cues.length;
    this.#back.disabled = now === null || !cues.some((cue) => cue.number < now);
    this.#go.disabled = !next;
    this.#go.replaceChildren(element("span", {}, texts.goNext), element("small", {}, title(next) ?? texts.cueEnd));
    this.#jump.hidden = this.#chosen === null || this.#chosen === next?.number;
    this.#jump.textContent = this.#chosen === null ? "" : texts.goTo(this.#chosen);
  }

  #colour() {
    if (this.root.hidden || this.root.closest("[hidden]")) return;
    const looks = looksOf(this.services.store);
    for (const cue of cuesOf(this.services.store)) {
      const strip = this.#rows.get(String(cue.number))?.strip;
      if (strip && looks[cue.look]) paint(strip, stripOf(this.services.store, looks[cue.look]));
    }
  }

  /** @param {string} key */
  #make(key) {
    const number = Number(key);
    const choose = () => this.#choose(this.#chosen === number ? null : number);
    const row = makeRow(number, choose, (way) => this.#move(number, way), this.services.store);
    this.#rows.set(key, row);
    return row.root;
  }

  /** @param {number | null} number */
  #choose(number) {
    this.#chosen = number;
    this.draw();
  }

  /** @param {"next" | "back" | "go"} what @param {number | null} [number] */
  async #ask(what, number = null) {
    const asked = number === null ? {} : { number };
    if (await this.services.edits.ask({ type: "cue", do: what, ...asked })) this.#choose(null);
  }

  /** @param {number} number @param {1 | -1} way */
  #move(number, way) {
    const { edits, store } = this.services;
    const after = moved(cuesOf(store), number, way);
    if (!after || !store.may("structure")) return;
    edits.edit("cues", /** @type {any} */ (after.list), edits.gesture());
    this.#choose(after.number);
    this.#rows.get(String(after.number))?.main.focus();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const way = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!way || event.ctrlKey || event.metaKey) return;
    const mains = [...this.#rows.values()]
      .filter((row) => row.root.isConnected)
      .sort((a, b) => Number(a.root.dataset.number) - Number(b.root.dataset.number));
    const at = mains.findIndex((row) => row.root.contains(document.activeElement));
    event.preventDefault();
    if (event.altKey && at >= 0) this.#move(Number(mains[at].root.dataset.number), way > 0 ? 1 : -1);
    else mains[Math.min(Math.max(at + way, 0), mains.length - 1)]?.main.focus();
  }
}

/** @param {string} kind @param {string} what @param {string} text @param {() => void} onclick */
function big(kind, what, text, onclick) {
  return element("button", { type: "button", class: `cue-${what} ${kind}`, onclick }, text);
}

/**
 * @param {number} number
 * @param {() => void} choose
 * @param {(way: 1 | -1) => void} move
 * @param {import("../store.js").Store} store
 * @returns {Row}
 */
function makeRow(number, choose, move, store) {
  const [name, facts, notes] = [element("strong"), element("span", { class: "facts" }), element("span", { class: "facts notes" })];
  const strip = element("span", { class: "strip-colours", "aria-hidden": "true" });
  const state = element("span", { class: "tag", hidden: true });
  const figure = element("span", { class: "cue-number" }, texts.number(number));
  const main = element(
    "button",
    { type: "button", class: "cue-main", onclick: choose, "aria-describedby": "cue-keys" },
    figure,
    name,
    state,
    facts,
    notes,
    strip,
  );
  const step = (/** @type {string} */ path, /** @type {string} */ label, /** @type {1 | -1} */ way) =>
    element("button", { type: "button", class: "quiet", "aria-label": label, onclick: () => move(way) }, icon(path));
  const edit = element("a", { class: "button quiet", href: format(["looks", "cues", String(number)]) }, common.edit);
  const tools = gated(
    store,
    "structure",
    element("div", { class: "cue-tools" }, edit, step(EARLIER, texts.earlier(number), -1), step(LATER, texts.later(number), 1)),
  );
  tools.hidden = true;
  const root = element("li", { class: "cue" }, main, tools);
  root.dataset.number = String(number);
  /** @type {Row["draw"]} */
  const draw = (cue, look, { chosen, now, next }) => {
    name.textContent = cue.name || look;
    facts.textContent = texts.cueTimes(cue.name ? look : "", cue.fade_s ?? null, cue.wait_s ?? null);
    notes.textContent = texts.cueNotes(cue.scene ?? "", cue.shot ?? "", cue.take ?? null);
    state.hidden = !now && !next;
    state.textContent = now ? texts.cueIsOn : texts.cueIsNext;
    state.classList.toggle("lit", now);
    root.classList.toggle("now", now);
    root.classList.toggle("chosen", chosen);
    main.setAttribute("aria-pressed", String(chosen));
    tools.hidden = !chosen;
  };
  return { root, main, draw, strip };
}

/** Every look as a tile to hit without aiming: what it shows, its name, its fade, whether it is on. */

import { gated } from "../gate.js";
import { element, icon, keep } from "../html.js";
import { format } from "../router.js";
import { paint } from "../swatch.js";
import { colourOf } from "./colour.js";
import { isOn, looksOf, nameOf } from "./look.js";
import { texts } from "./words.js";

/** @typedef {import("../types.js").Services} Services */
/** @typedef {import("./look.js").Look} Look */
/** @typedef {{root: HTMLLIElement, draw: (look: Look, on: boolean, chosen: boolean) => void, strip: HTMLElement,
 *             fade: (seconds: number) => void}} Tile */

const MORE = "M5 12h.01M12 12h.01M19 12h.01";
const LAMP = "M9 18h6M10 21h4M8 14a6 6 0 1 1 8 0c-.7.7-1 1.3-1 2H9c0-.7-.3-1.3-1-2z";

export class Tiles {
  #list = element("ul", { class: "look-tiles" });
  /** @type {Map<string, HTMLLIElement>} */
  #items = new Map();
  /** @type {Map<string, Tile>} */
  #tiles = new Map();
  #chosen = "";

  /** @param {Services} services */
  constructor(services) {
    this.services = services;
    const { store } = services;
    this.#empty = teach();
    this.root = element("div", { class: "tiles" }, this.#empty, gated(store, "operate", this.#list));
    store.on("show", () => this.draw());
    store.on("lights", () => this.#colour());
  }

  #empty;

  /** The look whose panel stands beside the tiles. @param {string} id */
  choose(id) {
    this.#chosen = id;
    this.draw();
  }

  draw() {
    const { show } = this.services.store;
    if (!show) return;
    const looks = looksOf(this.services.store);
    const ids = Object.keys(looks);
    keep(this.#list, this.#items, ids, (id) => this.#make(id));
    for (const id of ids) this.#tiles.get(id)?.draw(looks[id], isOn(looks[id], show), id === this.#chosen);
    this.#empty.hidden = ids.length > 0;
    this.#colour();
  }

  #colour() {
    if (this.root.closest("[hidden]")) return;
    for (const [id, look] of Object.entries(looksOf(this.services.store))) {
      const strip = this.#tiles.get(id)?.strip;
      if (strip) paint(strip, stripOf(this.services.store, look));
    }
  }

  /** @param {string} id */
  #make(id) {
    const tile = makeTile(id, () => this.#go(id));
    this.#tiles.set(id, tile);
    return tile.root;
  }

  /** @param {string} id */
  async #go(id) {
    const { edits, toast, store } = this.services;
    const look = looksOf(store)[id];
    const seconds = look?.fade_s ?? 0;
    if (!(await edits.ask({ type: "look", do: "go", name: id }))) return;
    this.#tiles.get(id)?.fade(seconds);
    toast.undoable(texts.went(nameOf(id, look), seconds));
  }
}

/** The colours of the lamps that a look names. @param {import("../store.js").Store} store @param {Look} look */
export function stripOf(store, look) {
  const { show, lights } = store;
  return Object.entries(look.fixtures ?? {}).map(([id, part]) =>
    colourOf(part, show?.fixtures[id], lights.fixtures[id]?.light[0], lights.regions),
  );
}

/** @param {string} id @param {() => void} go @returns {Tile} */
function makeTile(id, go) {
  const strip = element("span", { class: "strip-colours", "aria-hidden": "true" });
  const [name, facts] = [element("strong"), element("span", { class: "facts" })];
  const state = element("span", { class: "tag lit", hidden: true }, texts.on);
  const fading = element("span", { class: "fading", "aria-hidden": "true" });
  const button = element("button", { type: "button", class: "look-go", onclick: go }, fading, strip, name, facts, state);
  const more = element("a", { class: "look-more", href: format(["looks", id]) }, icon(MORE));
  const root = element("li", { class: "look-tile" }, button, more);
  root.dataset.id = id;
  fading.addEventListener("animationend", () => root.classList.remove("fades"));
  /** @type {Tile["draw"]} */
  const draw = (look, on, chosen) => {
    name.textContent = nameOf(id, look);
    facts.textContent = texts.contents(count(look.fixtures), count(look.regions), look.fade_s ?? 0);
    state.hidden = !on;
    root.classList.toggle("on", on);
    root.classList.toggle("chosen", chosen);
    more.setAttribute("aria-label", texts.more(nameOf(id, look)));
    if (chosen) more.setAttribute("aria-current", "true");
    else more.removeAttribute("aria-current");
  };
  const fade = (/** @type {number} */ seconds) => {
    root.classList.remove("fades");
    if (seconds <= 0) return;
    fading.style.animationDuration = `${seconds}s`;
    requestAnimationFrame(() => root.classList.add("fades"));
  };
  return { root, draw, strip, fade };
}

/** @param {object | undefined} parts */
const count = (parts) => Object.keys(parts ?? {}).length;

/** What stands here before the first look: how to make one. */
function teach() {
  const steps = texts.lesson.map((line) => element("li", {}, line));
  const store = element("a", { class: "button primary", href: "#/looks/+" }, texts.storeFirst);
  return element(
    "section",
    { class: "lesson", "aria-label": texts.none, hidden: true },
    icon(LAMP),
    element("h3", {}, texts.none),
    element("p", { class: "hint" }, texts.noneWhy),
    element("ol", {}, ...steps),
    store,
  );
}

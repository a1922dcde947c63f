/** One screen a tab; the wall is there at once, the others come when they are first asked for. */

import { element } from "./html.js";
import { texts } from "./texts.js";
import { wide } from "./wide.js";

/** @typedef {import("./router.js").Tab} Tab */
/** @typedef {{root: HTMLElement, show: (path: string[]) => void, hide: () => void}} Screen */

/** Side by side: the wall's picture stays in sight while a lamp is worked on. @type {Tab[]} */
const TOGETHER = ["wall", "lights"];

export class Screens {
  /** Null while one is on its way. @type {Map<Tab, Screen | null>} */
  #screens = new Map();
  #retry = element("button", { type: "button", class: "quiet", onclick: () => this.#arrange() }, texts.retry);
  #missing = element("p", { class: "hint missing", hidden: true }, texts.notHere, " ", this.#retry);
  root = element("main", {}, this.#missing);
  /** @type {[Tab, ...string[]]} */
  #path = ["wall"];
  /** @type {Tab | null} */
  #shown = null;

  /**
   * @param {import("./types.js").Services} services
   * @param {Screen} wall
   */
  constructor(services, wall) {
    this.services = services;
    this.#add("wall", wall);
    wide.addEventListener("change", () => this.#arrange());
  }

  /** @param {[Tab, ...string[]]} path */
  show(path) {
    const [former, tab] = [this.#shown, path[0]];
    if (former && former !== tab) this.#screens.get(former)?.hide();
    this.#path = path;
    this.#shown = tab;
    this.#arrange();
    this.#screens.get(tab)?.show(path.slice(1));
    if (former !== tab) scrollTo(0, 0);
  }

  /** @param {Tab} tab @param {Screen} screen */
  #add(tab, screen) {
    this.#screens.set(tab, screen);
    screen.root.hidden = true;
    this.root.append(screen.root);
  }

  /** The tabs that are in sight. */
  get #inSight() {
    const tab = this.#path[0];
    return wide.matches && TOGETHER.includes(tab) ? TOGETHER : [tab];
  }

  #arrange() {
    this.root.dataset.tab = this.#path[0];
    this.#missing.hidden = true;
    for (const tab of this.#inSight) if (!this.#screens.has(tab)) this.#fetch(tab);
    for (const [tab, screen] of this.#screens) screen?.root.toggleAttribute("hidden", !this.#inSight.includes(tab));
  }

  /** @param {Tab} tab */
  async #fetch(tab) {
    this.#screens.set(tab, null);
    try {
      this.#add(tab, await load(tab, this.services));
      this.#arrange();
      if (this.#shown === tab) this.#screens.get(tab)?.show(this.#path.slice(1));
    } catch (error) {
      this.#screens.delete(tab);
      this.#missing.hidden = this.#shown !== tab;
      console.warn(error);
    }
  }
}

/**
 * @param {Tab} tab
 * @param {import("./types.js").Services} services
 * @returns {Promise<Screen>}
 */
async function load(tab, services) {
  const styled = style(`${tab}/${tab}.css`);
  const screen = await made(tab, services);
  await styled;
  return screen;
}

/** @param {Tab} tab @param {import("./types.js").Services} services @returns {Promise<Screen>} */
async function made(tab, services) {
  if (tab === "lights") return new (await import("./lights/lights.js")).LightsScreen(services);
  if (tab === "looks") return new (await import("./looks/looks.js")).LooksScreen(services);
  return new (await import("./setup/setup.js")).SetupScreen(services);
}

/** Loads what a lazily loaded part looks like; resolves when it is there, or cannot be. @param {string} href */
export function style(href) {
  return new Promise((done) => {
    const link = element("link", { rel: "stylesheet", href });
    link.onload = link.onerror = done;
    document.head.append(link);
  });
}

/** The live picture, regions on top, and words about what holds the light right now. */

import { Loupe } from "./loupe.js";
import { Preview } from "./preview.js";
import { Regions } from "./regions.js";
import { element, keep } from "../html.js";
import { texts } from "../texts.js";

export class Picture {
  /** @type {Map<string, HTMLElement>} */
  #chips = new Map();
  #marks = element("ul", { class: "marks" });

  /**
   * @param {import("../socket.js").Socket} socket
   * @param {import("../store.js").Store} store
   * @param {import("../edits.js").Edits} edits
   */
  constructor(socket, store, edits) {
    this.store = store;
    this.preview = new Preview(socket);
    const loupe = new Loupe(this.preview.canvas);
    this.regions = new Regions(store, edits, loupe);
    const waiting = element("p", { class: "waiting" }, texts.waiting);
    this.preview.onfirst = () => waiting.remove();
    this.preview.ondrawn = () => loupe.draw();
    this.preview.canvas.setAttribute("aria-hidden", "true");
    const layers = [this.preview.canvas, waiting, this.regions.root, loupe.root, this.#marks];
    this.root = element("section", { class: "wall", "aria-label": texts.wall }, element("div", { class: "picture" }, ...layers));
    store.on("show", () => this.#shape());
    for (const topic of /** @type {const} */ (["live", "status"])) store.on(topic, () => this.#mark());
  }

  #shape() {
    const [width, height] = this.store.show?.wall.size ?? [16, 9];
    document.documentElement.style.setProperty("--aspect", String(width / height));
  }

  #mark() {
    const { live, status } = this.store;
    const words = [];
    if (live.blackout) words.push(texts.chipBlackout);
    if (live.freeze) words.push(texts.chipFreeze);
    if (status && isLost(status.feed.state)) words.push(texts.chipFeed(status.feed.state));
    const make = (/** @type {string} */ word) => element("li", word === texts.chipFreeze ? {} : { class: "grave" }, word);
    keep(this.#marks, this.#chips, words, make);
  }
}

/** @param {string} state */
const isLost = (state) => ["lost", "stopped", "failed", "none"].includes(state);

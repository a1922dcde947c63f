/** The demo stage: lamps lit only by what came back from the network, so that nobody has to believe the list. */

import { element } from "../html.js";
import { drawLamp, drawName, drawRoom, ROW } from "./lamplight.js";
import { texts } from "../texts.js";

/** @typedef {import("../types.js").StageLamp} StageLamp */
/** @typedef {import("./lamplight.js").Rgb} Rgb */

const NARROWEST = 54; // CSS pixels of one lamp
const SILENT_MS = 1500;
const EASE = 0.4; // of the way to the received colour, per drawn frame
const PACE_MS = 30; // between drawn frames: a phone's battery lights nothing

export class Stage {
  #canvas = element("canvas", { role: "img" });
  #caption = element("p", { class: "wire" });
  /** Colours as drawn, on their way to the received ones. @type {Map<string, Rgb[]>} */
  #glow = new Map();
  #frame = 0;
  #drawn = 0;
  #visible = true;
  #calm = matchMedia("(prefers-reduced-motion: reduce)");

  /** @param {import("../store.js").Store} store */
  constructor(store) {
    this.store = store;
    const heading = element("h2", { id: "stage-heading" }, texts.stage);
    this.root = element(
      "section",
      { class: "stage", hidden: true, "aria-labelledby": "stage-heading" },
      element("div", { class: "heading" }, heading, this.#caption),
      this.#canvas,
    );
    store.on("lights", () => this.#receive());
    new ResizeObserver(() => this.#redraw()).observe(this.root);
    new IntersectionObserver((entries) => {
      this.#visible = entries[entries.length - 1].isIntersecting;
      this.#redraw();
    }).observe(this.#canvas);
  }

  #receive() {
    const { stage } = this.store.lights;
    this.root.hidden = !stage;
    if (!stage) return;
    const lamps = Object.entries(stage);
    this.#caption.textContent = caption(lamps.map(([, lamp]) => lamp));
    const spoken = lamps.map(([id, lamp]) => `${this.store.nameOf(id)} ${isSilent(lamp) ? texts.stageSilent : lamp.light[0]}`);
    if (document.activeElement !== this.#canvas) this.#canvas.setAttribute("aria-label", texts.stageLamps(spoken));
    this.#redraw();
  }

  #redraw() {
    if (!this.#visible) return;
    this.#frame ||= requestAnimationFrame((now) => {
      this.#frame = 0;
      const early = now - this.#drawn < PACE_MS;
      if (!early) this.#drawn = now;
      if (early || this.#draw()) this.#redraw();
    });
  }

  /** @returns {boolean} whether colours are still on their way */
  #draw() {
    const lamps = Object.entries(this.store.lights.stage ?? {});
    const width = this.#canvas.clientWidth;
    const most = Math.max(1, Math.floor(width / NARROWEST));
    const rows = Math.max(1, Math.ceil(lamps.length / most));
    const columns = Math.ceil(lamps.length / rows);
    const pen = this.#prepare(width, rows * ROW);
    if (!pen || !width) return false;
    for (let row = 0; row < rows; row += 1) drawRoom(pen, row * ROW, width);
    let moving = false;
    lamps.forEach(([id, lamp], index) => {
      moving = this.#ease(id, lamp) || moving;
      const row = Math.floor(index / columns);
      const column = width / Math.min(columns, lamps.length - row * columns);
      const [x, y] = [((index % columns) + 0.5) * column, row * ROW];
      drawLamp(pen, x, y, Math.min(column, 190), this.#glow.get(id) ?? []);
      const silent = isSilent(lamp);
      const name = this.store.nameOf(id);
      drawName(pen, x, y, column, silent ? `${name}: ${texts.stageSilent}` : name, silent);
    });
    return moving;
  }

  /**
   * @param {number} width
   * @param {number} height
   */
  #prepare(width, height) {
    const scale = Math.min(devicePixelRatio, 2);
    const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
    if (this.#canvas.width !== w || this.#canvas.height !== h) {
      this.#canvas.width = w;
      this.#canvas.height = h;
      this.#canvas.style.height = `${height}px`;
    }
    const pen = this.#canvas.getContext("2d", { alpha: false });
    pen?.setTransform(scale, 0, 0, scale, 0, 0);
    return pen;
  }

  /**
   * @param {string} id
   * @param {StageLamp} lamp
   */
  #ease(id, lamp) {
    const wanted = isSilent(lamp) ? lamp.light.map(() => /** @type {Rgb} */ ([0, 0, 0])) : lamp.light.map(parse);
    const former = this.#glow.get(id);
    const share = this.#calm.matches || former?.length !== wanted.length ? 1 : EASE;
    let moving = false;
    const next = wanted.map((cell, index) => {
      const mixed = cell.map((part, axis) => {
        const from = former?.[index]?.[axis] ?? part;
        return Math.abs(part - from) < 1 ? part : from + (part - from) * share;
      });
      moving ||= mixed.some((part, axis) => part !== cell[axis]);
      return /** @type {Rgb} */ (mixed);
    });
    this.#glow.set(id, next);
    return moving;
  }
}

/** @param {StageLamp} lamp */
const isSilent = (lamp) => lamp.age_ms > SILENT_MS;

/** @param {string} hex @returns {Rgb} */
function parse(hex) {
  const number = Number.parseInt(hex.slice(1), 16) || 0;
  return [number >> 16, (number >> 8) & 255, number & 255];
}

/**
 * "received from the wire: sACN universe 1 · 12 ms ago", with the age of the newest packet.
 * @param {StageLamp[]} lamps
 */
function caption(lamps) {
  /** @type {Map<string, Set<number>>} */
  const universes = new Map();
  for (const { protocol, universe } of lamps) {
    universes.set(protocol, (universes.get(protocol) ?? new Set()).add(universe));
  }
  const what = [...universes].map(([protocol, numbers]) =>
    texts.stageUniverse(
      protocol,
      [...numbers].sort((a, b) => a - b),
    ),
  );
  const age = Math.min(...lamps.map((lamp) => lamp.age_ms));
  return texts.stageFrom(what.join(", "), age > SILENT_MS ? texts.stageSilent : texts.stageAge(age));
}

/** Why a lamp is as it is: from the pixel on the wall to the byte on the wire, and what held it back. */

import { hexOf } from "./colourlaw.js";
import { element } from "../html.js";
import { paint, swatch } from "../swatch.js";
import { texts } from "../texts.js";

/** @typedef {import("../types.js").Explanation} Explanation */
/** @typedef {import("../types.js").Cell} Cell */
/** @typedef {keyof typeof texts.steps} Step */

const AGAIN_MS = 500;

export class Explain {
  #timer = 0;
  #cell = 0;
  #id = "";
  #body = element("div", { class: "explain-body" });
  #cells = element("select", { "aria-label": texts.cell, hidden: true, onchange: () => this.#turn() });
  #title = element("h2", {});
  /** @type {Explanation | null} */
  #told = null;

  /**
   * @param {import("../types.js").Services} services
   * @param {HTMLElement} back
   */
  constructor(services, back) {
    this.services = services;
    const head = element("div", { class: "sheet-head" }, back, this.#title, this.#cells);
    this.root = element("section", { class: "explain", hidden: true, "aria-live": "off" }, head, this.#body);
  }

  /** @param {string} id */
  show(id) {
    if (this.#id !== id) {
      this.#cell = 0;
      this.#told = null;
      this.#body.replaceChildren();
    }
    this.#id = id;
    this.root.hidden = false;
    this.#title.textContent = texts.explainTitle(this.services.store.nameOf(id));
    clearTimeout(this.#timer);
    this.#ask();
  }

  hide() {
    clearTimeout(this.#timer);
    this.root.hidden = true;
  }

  /** Again twice a second while somebody looks. */
  async #ask() {
    const id = this.#id;
    if (this.services.store.link === "live" && !document.hidden) {
      try {
        this.#told = await this.services.api.get(`fixtures/${encodeURIComponent(id)}/explain`);
      } catch {
        this.#told = null;
      }
      if (id !== this.#id || this.root.hidden) return;
      this.#draw();
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), AGAIN_MS);
  }

  #turn() {
    this.#cell = Number(this.#cells.value);
    this.#draw();
  }

  #draw() {
    const told = this.#told;
    const cell = told?.cells[Math.min(this.#cell, told.cells.length - 1)];
    this.#offer(told?.cells.length ?? 0);
    if (!told || !cell) this.#body.replaceChildren(element("p", { class: "hint" }, texts.explainNone));
    else this.#body.replaceChildren(verdict(cell), chain(told, cell), ...assumptions(cell));
  }

  /** @param {number} count */
  #offer(count) {
    this.#cells.hidden = count < 2;
    if (this.#cells.options.length === count) return;
    const option = (/** @type {unknown} */ _, /** @type {number} */ index) =>
      element("option", { value: String(index) }, `${texts.cell} ${index + 1}`);
    this.#cells.replaceChildren(...Array.from({ length: count }, option));
    this.#cells.value = String(this.#cell);
  }
}

/** In words, first. @param {Cell} cell */
function verdict({ limits = [] }) {
  const why = limits.map((limit) => texts.limitWords[limit] ?? limit).join("; ");
  return element("p", { class: limits.length ? "verdict limited" : "verdict" }, limits.length ? texts.limited(why) : texts.unlimited);
}

/** @param {Cell} cell */
const assumptions = ({ assumed = [] }) => assumed.map((what) => element("p", { class: "hint" }, texts.assumed(what)));

/** @param {Explanation} told @param {Cell} cell */
function chain(told, cell) {
  const { drives = {}, channels = {}, linear_rgb, xyz, target_xyz } = cell;
  const { at, codes, bits } = cell.pixel ?? {};
  const place = at ? `${cell.region ?? ""} ${at.join(", ")}` : (cell.region ?? texts.noRegionSampled);
  const code = codes ? [texts.codes(codes, bits ?? 8)] : [];
  const where = `${texts.patch(told.universe, told.address)}: ${told.levels.join(" ")}`;
  const age = told.age_ms == null ? texts.ageNone : texts.age(told.age_ms);
  const frame = told.frame == null ? [] : [texts.frame(told.frame)];
  const steps = [
    step("pixel", [place, ...code]),
    linear_rgb && step("linear", [numbers(linear_rgb)], shownRgb(linear_rgb)),
    xyz && step("xyz", [numbers(xyz)]),
    target_xyz && step("target", [numbers(target_xyz), texts.relative(share(target_xyz[1]))]),
    Object.keys(drives).length && step("drives", [], bars(drives)),
    Object.keys(channels).length &&
      step(
        "channels",
        Object.entries(channels).map(([name, value]) => `${name} ${fine(value)}`),
      ),
    step("bytes", [where]),
    step("age", [[age, ...frame].join(" · "), ...(told.outputs ?? []).map(wire)]),
  ];
  return element("ol", { class: "chain" }, ...steps.filter((each) => each instanceof HTMLElement));
}

/** @param {NonNullable<Explanation["outputs"]>[number]} output */
const wire = ({ protocol, to, number }) => texts.wire(texts.protocols[protocol] ?? protocol, number, [to].flat().join(", "));

/** @param {Step} name @param {string[]} lines @param {Node} [shown] */
function step(name, lines, shown) {
  const why = texts.stepWhy[name] ? [element("small", {}, texts.stepWhy[name])] : [];
  const words = lines.map((line) => element("span", { class: "value" }, line));
  return element("li", { class: `step-${name}` }, element("strong", {}, texts.steps[name]), ...why, ...(shown ? [shown] : []), ...words);
}

/** @param {number} value */
const fine = (value) => String(Math.round(value * 1000) / 1000);

/** @param {number[]} values */
const numbers = (values) => values.map((value) => value.toFixed(3)).join("  ");

/** @param {number} part */
const share = (part) => texts.percent(Math.round(part * 1000) / 10);

/** @param {number[]} rgb */
function shownRgb([r, g, b]) {
  const box = swatch();
  const clipped = /** @type {[number, number, number]} */ ([r, g, b].map((part) => Math.min(Math.max(part, 0), 1)));
  paint(box, [hexOf(clipped)]);
  return box;
}

/** One bar an emitter. @param {Record<string, number>} drives */
function bars(drives) {
  const rows = Object.entries(drives).map(([name, part]) => {
    const fill = element("span", { class: "fill" });
    fill.style.width = `${Math.min(Math.max(part, 0), 1) * 100}%`;
    return element(
      "li",
      {},
      element("span", {}, name.replace(/^ColorAdd_/, "")),
      element("span", { class: "track" }, fill),
      element("span", {}, share(part)),
    );
  });
  return element("ul", { class: "bars" }, ...rows);
}

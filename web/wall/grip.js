/** What a finger holds of the selected region: its body, its corners and points, the handle that turns it. */

import { between, clamp, distance, plus } from "../geometry.js";
import { keep, setAll, svg } from "../html.js";
import { handles, isPath, outline, thickness } from "./shapes.js";
import { texts } from "../texts.js";

/** @typedef {import("../types.js").Pair} Pair */
/** @typedef {import("../types.js").Region} Region */
/** @typedef {import("../types.js").Handle} Handle */

export const REACH = 14; // half of the smallest body that a finger finds, pixels
const TARGET = 24; // half of a handle's target, pixels, where handles do not overlap
const LEAST = 11;

export class Grip {
  #body = svg("path", { class: "body" });
  #guide = svg("path", { class: "guide" });
  #list = svg("g");
  /** @type {Map<string, SVGGElement>} */
  #groups = new Map();
  /** @type {Handle[]} */
  #handles = [];
  root = svg("g", { class: "grip" }, this.#body, this.#guide, this.#list);

  /** Whether the whole region is meant. @param {EventTarget | null} target */
  isBody(target) {
    return target === this.#body;
  }

  /** @param {EventTarget | null} target */
  handleOf(target) {
    const key = target instanceof Element ? target.closest("g.handle")?.getAttribute("data-key") : null;
    return this.#handles.find((handle) => handle.key === key) ?? null;
  }

  /**
   * @param {Region | null} region  null: nothing is selected
   * @param {Pair} scale  pixels of the picture
   * @param {number | null} point  the chosen point
   * @param {Handle | null} held  the handle in the hand
   */
  draw(region, scale, point, held) {
    this.root.classList.toggle("idle", !region);
    this.#handles = region ? handles(region, scale, held) : [];
    keep(
      this.#list,
      this.#groups,
      this.#handles.map(({ key }) => key),
      (key) => this.#make(key),
    );
    if (!region) return;
    const d = outline(region, scale);
    setAll(this.#body, { d, "stroke-width": Math.max(0, 2 * REACH - thickness(region, scale)) });
    setAll(this.#guide, { d: guide(this.#handles) });
    for (const handle of this.#handles) this.#place(handle, point, isPath(region) ? region.points.length : 0);
  }

  /** @param {string} key */
  #make(key) {
    const { kind } = /** @type {Handle} */ (this.#handles.find((handle) => handle.key === key));
    const square = { x: -6, y: -6, width: 12, height: 12, rx: 2 };
    const radius = { point: 8, between: 5, turn: 8, corner: 0 }[kind];
    const dot = kind === "corner" ? svg("rect", { class: "dot", ...square }) : svg("circle", { class: "dot", r: radius });
    const group = svg("g", { class: `handle ${kind}`, "data-key": key }, dot, svg("circle", { class: "hit" }));
    if (kind === "point") {
      setAll(group, { role: "button", tabindex: 0 });
      group.append(svg("desc", {}, texts.pointKeys));
    }
    return group;
  }

  /**
   * @param {Handle} handle
   * @param {number | null} chosen
   * @param {number} count
   */
  #place(handle, chosen, count) {
    const group = /** @type {SVGGElement} */ (this.#groups.get(handle.key));
    const [dot, hit] = group.children;
    const { at, hit: place } = handle;
    const nearest = Math.min(...this.#handles.map((other) => (other === handle ? Infinity : distance(other.hit, place))));
    setAll(dot, { transform: `translate(${at})` });
    setAll(hit, { cx: place[0], cy: place[1], r: clamp(nearest / 2, LEAST, TARGET) });
    if (handle.kind === "corner") {
      const [x, y] = across(this.#handles, handle);
      group.classList.toggle("nwse", x * y > 0);
      group.classList.toggle("nesw", x * y <= 0);
    }
    if (handle.kind !== "point") return;
    const pressed = handle.index === chosen;
    group.classList.toggle("chosen", pressed);
    setAll(group, { "aria-label": texts.point(handle.index + 1, count), "aria-pressed": String(pressed) });
  }
}

/**
 * From the opposite corner to this one, so that the pointer shows which way it sizes.
 * @param {Handle[]} all
 * @param {Handle} handle
 */
function across(all, handle) {
  const corners = all.filter(({ kind }) => kind === "corner");
  const opposite = corners[(corners.indexOf(handle) + 2) % 4];
  return plus(handle.at, opposite.at, -1);
}

/** The box that the corners stand on and the stem of the handle that turns it. @param {Handle[]} all */
function guide(all) {
  const corners = all.filter(({ kind }) => kind === "corner").map(({ at }) => at);
  const turn = all.find(({ kind }) => kind === "turn");
  if (!turn) return "";
  const edges = corners.map((corner, index) => between(corner, corners[(index + 1) % 4]));
  const [foot] = edges.sort((a, b) => distance(a, turn.at) - distance(b, turn.at));
  return `M${corners.join("L")}ZM${foot}L${turn.at}`;
}

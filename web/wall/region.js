/** One region over the picture: its outline, its soft edge, what is cut out of it, its colour and name. */

import { clamp, times } from "../geometry.js";
import { setAll, svg } from "../html.js";
import { bounds, isPath, middle, outline } from "./shapes.js";
import { texts } from "../texts.js";

/** @typedef {import("../types.js").Pair} Pair */
/** @typedef {import("../types.js").Region} Region */

const LETTER = 0.56; // width of a letter, in em

/** What the parts of every region share. */
export const definitions = () =>
  svg(
    "defs",
    {},
    svg(
      "pattern",
      { id: "hatch", width: 8, height: 8, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
      svg("rect", { class: "hatch-dark", width: 8, height: 8 }),
      svg("rect", { class: "hatch-light", width: 2, height: 8 }),
    ),
  );

/** What lies below every outline and name: the soft edge and what is cut out. @param {string} id */
export function makeGround(id) {
  const clip = svg("clipPath", { id: `inside-${id}` }, svg("path"));
  const cut = svg("path", { class: "cut", "clip-path": `url(#inside-${id})` });
  const soft = ["soft-halo", "soft"].map((name) => svg("path", { class: name }));
  return svg("g", { class: "ground", "data-id": id, "aria-hidden": "true" }, clip, cut, ...soft);
}

/** Outline, colour and name. @param {string} id */
export function makeRegion(id) {
  const outlines = ["halo", "line"].map((name) => svg("path", { class: name }));
  const name = svg("text", { "aria-hidden": "true" }, id);
  const keys = svg("desc", {}, texts.regionKeys);
  const group = svg("g", { class: "region", "data-id": id, role: "button", tabindex: 0 });
  group.append(...outlines, svg("circle", { class: "sample" }), name, keys);
  return group;
}

/**
 * @param {SVGGElement} ground
 * @param {string} id
 * @param {Record<string, Region>} regions
 * @param {Pair} scale  pixels of the picture
 */
export function drawGround(ground, id, regions, scale) {
  const { feather = 0, exclude = [] } = regions[id];
  const [clip, cut, halo, soft] = ground.children;
  const d = outline(regions[id], scale);
  const band = 2 * feather * scale[1]; // one sigma to each side
  const visibility = feather ? "inherit" : "hidden";
  setAll(halo, { d, visibility, "stroke-width": band + 3 });
  setAll(soft, { d, visibility, "stroke-width": band });
  setAll(clip.children[0], { d });
  const others = exclude.flatMap((other) => (regions[other] ? [outline(regions[other], scale)] : []));
  setAll(cut, { d: others.join("") });
}

/**
 * @param {SVGGElement} group
 * @param {string} id
 * @param {Region} region
 * @param {{scale: Pair, em: number, colour: string, selected: boolean, followed: boolean}} look  scale and em: pixels
 */
export function drawRegion(group, id, region, { scale, em, colour, selected, followed }) {
  const [halo, line, dot, name] = group.children;
  group.classList.toggle("selected", selected);
  group.classList.toggle("followed", followed);
  setAll(group, { "aria-pressed": String(selected), "aria-label": spoken(id, region, scale) });
  const d = outline(region, scale);
  for (const path of [halo, line]) setAll(path, { d });
  const [x, y] = label(id, region, scale, em);
  setAll(dot, { cx: x + 0.4 * em, cy: y - 0.34 * em, r: 0.4 * em, fill: colour });
  setAll(name, { x: x + 1.15 * em, y });
}

/** @param {string} id @param {Region} region @param {Pair} scale */
function spoken(id, region, scale) {
  const [low, high] = bounds(region, scale);
  const place = isPath(region) || region.rotation ? [high[0] - low[0], high[1] - low[1]] : region.size;
  const parts = [...middle(region, scale), ...place].map((part) => Math.round(part * 1000) / 10);
  return texts.region(id, texts.shapes[region.shape ?? "rect"], texts.place(parts));
}

/**
 * Where the label begins: in the corner of an upright rect, in the middle of other shapes, above what is low.
 * @param {string} id
 * @param {Region} region
 * @param {Pair} scale
 * @param {number} em
 * @returns {Pair}
 */
function label(id, region, scale, em) {
  const [low, high] = bounds(region, scale).map((corner) => times(corner, scale));
  const flat = region.shape === "line" || high[1] - low[1] < 2.2 * em;
  const square = !isPath(region) && region.shape !== "ellipse" && !region.rotation;
  const [wide, centre] = [(1.15 + LETTER * id.length) * em, (low[0] + high[0]) / 2];
  let [x, y] = [centre - wide / 2, (low[1] + high[1]) / 2 + 0.34 * em];
  if (square) [x, y] = [low[0] + 0.6 * em, low[1] + 1.4 * em];
  if (flat) [x, y] = [square ? low[0] : centre - wide / 2, low[1] - 0.6 * em];
  return [clamp(x, 4, scale[0] - 3 * em), clamp(y, em, scale[1] - em / 2)];
}

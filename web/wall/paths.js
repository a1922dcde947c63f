/** Polygons and lines: points in order; a line has a width, a fraction of the picture's height. Pure. */

import { between, clamp, distance, distanceToPiece, over, plus, reachable, tidy, times, turn } from "../geometry.js";

/** @typedef {import("../types.js").Pair} Pair */
/** @typedef {import("../types.js").Path} Path */
/** @typedef {import("../types.js").Handle} Handle */

export const THINNEST = 0.001; // of the picture's height, a line
const FEWEST = { polygon: 3, line: 2 };
const MOST = 256;
const MERGE = 14; // pixels: a point this near to its neighbour becomes one with it
const ROOMY = 120; // pixels of an edge that has room for a handle of its own
const SHARP = 0.3; // 1 + cosine: how far the inside of a line's bend may reach back

/** What an edit may change. @param {Path} path */
export const geometry = ({ shape, points, width }) => (shape === "line" ? { points, width } : { points });

/** @param {Path} path @param {Pair} scale */
const pixels = ({ points }, scale) => points.map((point) => times(point, scale));

/** The straight pieces in pixels. @param {Path} path @param {Pair} scale @returns {[Pair, Pair][]} */
function pieces(path, scale) {
  const points = pixels(path, scale);
  const last = path.shape === "polygon" ? points.length : points.length - 1;
  return points.slice(0, last).map((point, index) => [point, points[(index + 1) % points.length]]);
}

/** @param {Path} path @param {Pair} scale @returns {string} an SVG path, pixels */
export function outline(path, scale) {
  const points = pixels(path, scale);
  if (path.shape === "polygon") return `M${points.join("L")}Z`;
  const half = thickness(path, scale) / 2;
  return `M${[...bank(points, half), ...bank(points.toReversed(), half)].join("L")}Z`;
}

/** What lies right of a line's way: round outside its bends, cut off at its ends. @param {Pair[]} points @param {number} half */
function bank(points, half) {
  return points.map((point, index) => {
    const [a = /** @type {Pair} */ ([0, 1]), b = a] = normals(points, index);
    const [across, along] = [a[0] * b[1] - a[1] * b[0], a[0] * b[0] + a[1] * b[1]];
    if (across < 0) return `${plus(point, a, half)}A${half} ${half} 0 0 0 ${plus(point, b, half)}`;
    return `${plus(point, plus(a, b), half / Math.max(1 + along, SHARP))}`;
  });
}

/** Unit vectors to the right of the pieces that meet at a point. @param {Pair[]} points @param {number} index */
function normals(points, index) {
  const ends = [index, index + 1].filter((end) => end > 0 && end < points.length);
  const ways = ends.map((end) => plus(points[end], points[end - 1], -1)).filter((way) => Math.hypot(...way) > 0);
  return ways.map((way) => turn(over(way, [Math.hypot(...way), Math.hypot(...way)]), 90));
}

/** Least and greatest x and y, fractions. @param {Path} path @returns {[Pair, Pair]} */
export function bounds({ points }) {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return [
    [Math.min(...xs), Math.min(...ys)],
    [Math.max(...xs), Math.max(...ys)],
  ];
}

/**
 * Whether a finger at `point` means this path; a thin one answers up to `reach` pixels from its middle.
 * @param {Path} path
 * @param {Pair} point
 * @param {Pair} scale
 * @param {number} reach
 */
export function holds(path, point, scale, reach) {
  const edges = pieces(path, scale);
  const away = Math.min(...edges.map(([a, b]) => distanceToPiece(point, a, b)));
  if (path.shape === "line") return away <= Math.max(thickness(path, scale) / 2, reach);
  const crossed = edges.filter(([a, b]) => {
    const below = a[1] <= point[1] !== b[1] <= point[1];
    return below && point[0] < a[0] + ((point[1] - a[1]) / (b[1] - a[1])) * (b[0] - a[0]);
  });
  return crossed.length % 2 === 1 || away <= reach - thickness(path, scale) / 2;
}

/** Its smallest extent, pixels. @param {Path} path @param {Pair} scale */
export function thickness(path, scale) {
  if (path.shape === "line") return (path.width ?? 0) * scale[1];
  const [low, high] = bounds(path).map((corner) => times(corner, scale));
  return Math.min(high[0] - low[0], high[1] - low[1]);
}

/** Pixels. @param {Path} path @param {Pair} scale */
export function area(path, scale) {
  const edges = pieces(path, scale);
  const length = edges.reduce((sum, [a, b]) => sum + distance(a, b), 0);
  if (path.shape === "line") return length * thickness(path, scale);
  return Math.abs(edges.reduce((sum, [a, b]) => sum + a[0] * b[1] - b[0] * a[1], 0)) / 2;
}

/** @param {Path} path @param {Pair} way  fractions */
export const shifted = ({ points }, way) => ({ points: points.map((point) => tidied(plus(point, way))) });

/** One point went by `way`, fractions; the others stay. @param {Path} path @param {number} index @param {Pair} way */
export function placed({ points }, index, way) {
  const place = tidied(reachable(plus(points[index], way), points[index]));
  return { points: points.with(index, place) };
}

/**
 * The same by hand: over its neighbour a point becomes one with it, where enough are left.
 * @param {Path} path
 * @param {number} index
 * @param {Pair} way  fractions
 * @param {Pair} scale
 */
export function pulled(path, index, way, scale) {
  const next = placed(path, index, way);
  const points = pixels({ ...path, ...next }, scale);
  const near = neighbours(path, index).some((end) => distance(points[end], points[index]) < MERGE);
  return (near && removed(path, index)) || next;
}

/** @param {Path} path @param {number} index */
function neighbours({ shape, points }, index) {
  const count = points.length;
  if (shape === "polygon") return [(index + count - 1) % count, (index + 1) % count];
  return [index - 1, index + 1].filter((end) => end >= 0 && end < count);
}

/**
 * Sized and turned about its middle, as two fingers do; what would leave the picture stays as it is.
 * @param {Path} path
 * @param {number} factor
 * @param {number} degrees
 * @param {Pair} scale
 */
export function pinched(path, factor, degrees, scale) {
  const [low, high] = bounds(path);
  const middle = times(between(low, high), scale);
  const points = path.points.map((point) => {
    const arm = plus(times(point, scale), middle, -1);
    return tidied(over(plus(middle, turn(arm, degrees), factor), scale));
  });
  const next = { points, ...(path.shape === "line" ? { width: tidy(clamp((path.width ?? 0) * factor, THINNEST, 1)) } : {}) };
  const [from, to] = bounds({ ...path, points });
  return to[0] - from[0] > 1 || to[1] - from[1] > 1 ? geometry(path) : next;
}

/** Without one point; null where too few would be left. @param {Path} path @param {number} index */
export function removed({ shape, points }, index) {
  return points.length > FEWEST[shape] ? { points: points.filter((_, at) => at !== index) } : null;
}

/** With a point amid the piece after `index`; null where there are enough. @param {Path} path @param {number} index */
export function added({ points }, index) {
  const point = tidied(between(points[index], points[(index + 1) % points.length]));
  return points.length < MOST ? { points: points.toSpliced(index + 1, 0, point) } : null;
}

/**
 * The piece that a new point halves: the one after `index`, or the longest.
 * @param {Path} path
 * @param {number | null} index
 * @param {Pair} scale
 */
export function roomiest(path, index, scale) {
  const lengths = pieces(path, scale).map(([a, b]) => distance(a, b));
  if (index === null) return lengths.indexOf(Math.max(...lengths));
  return Math.min(index, lengths.length - 1);
}

/**
 * Every point, and the middle of every long piece.
 * @param {Path} path
 * @param {Pair} scale
 * @returns {Handle[]}
 */
export function handles(path, scale) {
  const roomy = path.points.length < MOST ? pieces(path, scale) : [];
  /** @type {Handle[]} */
  const middles = roomy.flatMap(([a, b], index) => {
    const place = between(a, b);
    return distance(a, b) < ROOMY ? [] : [{ kind: "between", key: `between ${index}`, index, at: place, hit: place }];
  });
  /** @type {Handle[]} */
  const points = pixels(path, scale).map((place, index) => {
    return { kind: "point", key: `point ${index}`, index, at: place, hit: place };
  });
  return [...middles, ...points];
}

/** @param {Pair} pair @returns {Pair} */
const tidied = ([x, y]) => [tidy(x), tidy(y)];

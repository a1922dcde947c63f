/** What a look is: settings of lamps and regions, whether they stand, and how to name it. Pure. */

/** @typedef {{cct?: number, tint?: number, xy?: [number, number], hue?: number, saturation?: number}} Colour */
/** @typedef {{control?: string, follow?: false | string | {region: string, take?: string}, level?: number,
 *             colour?: "wall-white" | Colour, trims?: Record<string, number>}} LampPart */
/** @typedef {{label?: string, fade_s?: number, fixtures?: Record<string, LampPart>,
 *             regions?: Record<string, Record<string, unknown>>}} Look */
/** @typedef {{number: number, look: string, name?: string, fade_s?: number | null, wait_s?: number | null,
 *             scene?: string, shot?: string, take?: number | null}} Cue */
/** @typedef {import("../types.js").Show & {looks?: Record<string, Look>, cues?: Cue[]}} Show */

/** @type {Record<string, unknown>} */
const LAMP = { control: "follow", follow: null, level: 1, colour: null };
/** @type {Record<string, unknown>} */
const REGION = { shape: "rect", rotation: 0, feather: 0, statistic: "mean", exclude: [] };
/** Neutral. @type {Record<string, number>} */
export const TRIMS = { intensity: 0, mired: 0, tint: 0, saturation: 1, min: 0, max: 1 };
const RESERVED = new Set(["cues", "takes"]); // have addresses of their own on this screen

/** @param {import("../store.js").Store} store */
export const showOf = (store) => /** @type {Show | null} */ (store.show);

/** @param {import("../store.js").Store} store @returns {Record<string, Look>} */
export const looksOf = (store) => showOf(store)?.looks ?? {};

/** @param {import("../store.js").Store} store @returns {Cue[]} */
export const cuesOf = (store) => showOf(store)?.cues ?? [];

/** @param {string} id @param {Look | undefined} look */
export const nameOf = (id, look) => look?.label || id;

/**
 * Whether everything that the look names stands in the show as it says: the look is on, wherever it came from.
 * @param {Look} look
 * @param {import("../types.js").Show} show
 */
export function isOn(look, show) {
  const lamps = Object.entries(look.fixtures ?? {});
  const regions = Object.entries(look.regions ?? {});
  if (!lamps.length && !regions.length) return false;
  return (
    lamps.every(([id, part]) => agrees(part, show.fixtures[id], LAMP)) &&
    regions.every(([id, part]) => agrees(part, show.regions[id], REGION))
  );
}

/**
 * @param {object} part
 * @param {object | undefined} whole
 * @param {Record<string, unknown>} defaults
 */
function agrees(part, whole, defaults) {
  if (!whole) return false;
  const now = /** @type {Record<string, unknown>} */ (whole);
  return Object.entries(part).every(([key, said]) =>
    key === "trims" ? trimsAgree(said, now.trims) : same(plain(key, said), plain(key, now[key] ?? defaults[key] ?? null)),
  );
}

/** @param {Record<string, number>} said @param {unknown} now */
function trimsAgree(said, now) {
  const whole = { ...TRIMS, .../** @type {Record<string, number>} */ (now ?? {}) };
  return Object.entries(said).every(([key, value]) => near(value, whole[key]));
}

/** One way to write what a show file may write in several. @param {string} key @param {unknown} value */
function plain(key, value) {
  if (key === "follow")
    return value ? { take: "both", ...(typeof value === "string" ? { region: value } : /** @type {object} */ (value)) } : null;
  if (key === "colour") return value && value !== "wall-white" ? { tint: 0, .../** @type {object} */ (value) } : null;
  return value;
}

/** @param {number} a @param {number} b */
const near = (a, b) => Math.abs(a - b) < 1e-6;

/** @param {unknown} a @param {unknown} b @returns {boolean} */
function same(a, b) {
  if (typeof a === "number" && typeof b === "number") return near(a, b);
  if (typeof a !== "object" || typeof b !== "object" || !a || !b) return a === b;
  const [left, right] = [Object.entries(a).filter(filled), Object.entries(b).filter(filled)];
  const other = new Map(right);
  return left.length === right.length && left.every(([key, value]) => same(value, other.get(key)));
}

/** @param {[string, unknown]} entry */
const filled = ([, value]) => value !== null && value !== undefined;

/**
 * An id made of what was typed, taken by nobody: "Golden hour!" is golden-hour.
 * @param {string} name
 * @param {Iterable<string>} taken
 * @param {string} [fallback]
 */
export function freeId(name, taken, fallback = "look") {
  const used = new Set([...taken, ...RESERVED]);
  const plainName = name
    .normalize("NFKD")
    .replace(/ß/g, "ss")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase();
  const base =
    plainName
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 40) || fallback;
  let id = base;
  for (let number = 2; used.has(id); number += 1) id = `${base}-${number}`;
  return id;
}

/** Cues by their numbers. @param {Cue[]} cues */
export const inOrder = (cues) => [...cues].sort((a, b) => a.number - b.number);

/** The list with one cue a place earlier or later: the two change numbers. @param {Cue[]} cues @param {number} number @param {1 | -1} way */
export function moved(cues, number, way) {
  const list = inOrder(cues);
  const at = list.findIndex((cue) => cue.number === number);
  const other = at + way;
  if (at < 0 || !list[other]) return null;
  const [mine, theirs] = [list[at], list[other]];
  list[at] = { ...theirs, number: mine.number };
  list[other] = { ...mine, number: theirs.number };
  return { list, number: theirs.number };
}

/** The number after the last, or between this one and the next. @param {Cue[]} cues @param {number | null} [after] */
export function freeNumber(cues, after = null) {
  const numbers = inOrder(cues).map((cue) => cue.number);
  const last = numbers.at(-1) ?? 0;
  const following = after === null ? undefined : numbers.find((number) => number > after);
  if (after === null || following === undefined) return Math.floor(last) + 1;
  if (following - after > 1) return Math.floor(after) + 1;
  return Math.round(((after + following) / 2) * 1000) / 1000;
}

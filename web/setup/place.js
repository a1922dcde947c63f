/** Where a lamp's slots lie and where the next one fits. Pure. */

/** @typedef {{fixture: string, number?: number | null, label?: string, profile: string, mode: string, universe: number,
 *             address: number, last: number, footprint: number, units?: number, follows?: string, take?: string,
 *             control?: string}} Slots  one row of the patch sheet */
/** @typedef {{offset: number[]}} Channel */
/** @typedef {{channels?: Channel[], cells?: {count: number, stride?: number, channels: Channel[]} | null, footprint?: number}} Mode */

const SLOTS = 512;

/** `1.001`, or `1.001–012` for what goes on. @param {number} universe @param {number} first @param {number} [last] */
export function placed(universe, first, last = first) {
  const digits = (/** @type {number} */ slot) => String(slot).padStart(3, "0");
  if (last > SLOTS) return `${universe}.${digits(first)}–${universe + Math.floor((last - 1) / SLOTS)}.${digits(((last - 1) % SLOTS) + 1)}`;
  return last > first ? `${universe}.${digits(first)}–${digits(last)}` : `${universe}.${digits(first)}`;
}

/** Slots a mode takes; 0 where its form does not tell. @param {Mode | undefined} mode */
export function footprintOf(mode) {
  if (!mode) return 0;
  const lasts = (mode.channels ?? []).map(({ offset }) => Math.max(...offset));
  const { cells } = mode;
  if (cells) {
    const widest = Math.max(...cells.channels.map(({ offset }) => Math.max(...offset)));
    const least = Math.min(...cells.channels.map(({ offset }) => Math.min(...offset)));
    lasts.push(widest + (cells.count - 1) * (cells.stride ?? widest - least + 1));
  }
  return Math.max(0, mode.footprint ?? 0, ...lasts);
}

/**
 * The first address, from `universe` on, where `footprint` slots are free in a row.
 * @param {Slots[]} rows
 * @param {number} footprint
 * @param {number} universe
 * @param {string} [except]  this lamp's own slots are free for it
 */
export function freePlace(rows, footprint, universe, except = "") {
  const size = Math.min(Math.max(footprint, 1), SLOTS);
  for (let number = universe; ; number += 1) {
    let address = 1;
    for (const [first, last] of taken(rows, number, except)) {
      if (address + size <= first) break;
      address = Math.max(address, last + 1);
    }
    if (address + size - 1 <= SLOTS) return { universe: number, address };
  }
}

/** First and last slots taken in a universe, in order. @param {Slots[]} rows @param {number} universe @param {string} except */
function taken(rows, universe, except) {
  return rows
    .filter((row) => row.fixture !== except)
    .map(
      (row) =>
        /** @type {[number, number]} */ ([row.address - (universe - row.universe) * SLOTS, row.last - (universe - row.universe) * SLOTS]),
    )
    .filter(([first, last]) => last >= 1 && first <= SLOTS)
    .sort((a, b) => a[0] - b[0]);
}

/** Rows by universe, a lamp that goes on into the next one in both. @param {Slots[]} rows */
export function byUniverse(rows) {
  /** @type {Map<number, {row: Slots, first: number, last: number}[]>} */
  const found = new Map();
  for (const row of rows) {
    for (let universe = row.universe; row.last > (universe - row.universe) * SLOTS; universe += 1) {
      const before = (universe - row.universe) * SLOTS;
      const part = { row, first: Math.max(1, row.address - before), last: Math.min(SLOTS, row.last - before) };
      found.set(universe, [...(found.get(universe) ?? []), part]);
    }
  }
  return [...found].sort(([a], [b]) => a - b);
}

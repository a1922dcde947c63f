/** What is to be said about one lamp: who decides its light, what is wrong. */

import { texts } from "../texts.js";

/** @typedef {"good" | "fair"} Level  fair: somebody should look */

/**
 * @param {import("../store.js").Store} store
 * @param {string} id
 * @returns {{words: string[], warnings: string[], level: Level}}
 */
export function stateOf(store, id) {
  const { control = "follow", follow } = store.show?.fixtures[id] ?? {};
  const lost = control === "follow" && !follow;
  const words = [control !== "follow" ? texts.states[control] : follow ? texts.followsRegion(follow.region) : texts.warningNoRegion];
  if (store.live.solo.includes(id)) words.push(texts.soloed);
  if (store.live.identify.includes(id)) words.push(texts.identified);
  if (store.live.take.ride.includes(id)) words.push(texts.riding);
  const warnings = [...(store.status?.flashing?.includes(id) ? [texts.flashes] : []), ...warningsOf(store, id)];
  return { words, warnings, level: lost || warnings.length ? "fair" : "good" };
}

/** lumad's warnings by lamp, sorted out once for each status. @type {WeakMap<string[], Map<string, string[]>>} */
const SORTED = new WeakMap();

/** @param {import("../store.js").Store} store @param {string} id */
function warningsOf(store, id) {
  const said = store.status?.warnings;
  if (!said) return [];
  const found = SORTED.get(said) ?? sorted(said);
  SORTED.set(said, found);
  return found.get(id) ?? [];
}

/** A lamp is named first: `fixtures.key: …`, `fixtures.key.follow: …`. @param {string[]} said */
function sorted(said) {
  /** @type {Map<string, string[]>} */
  const found = new Map();
  for (const warning of said) {
    const [, path = "", words = ""] = warning.match(/^(?:\S+: )?fixtures[./](\S+?): (.*)$/) ?? [];
    const id = path.split(".")[0];
    if (id) found.set(id, [...(found.get(id) ?? []), words]);
  }
  return found;
}

/** JSON merge patches (RFC 7396), as lumad merges an edit into the show. Pure. */

/** @param {unknown} value @returns {value is Record<string, unknown>} */
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * What `patch` makes of `target`: members replace, null removes, lists are replaced whole.
 * @param {unknown} target
 * @param {unknown} patch
 * @returns {any}
 */
export function merged(target, patch) {
  if (!isObject(patch)) return patch;
  const result = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value);
  }
  return result;
}

/**
 * One patch that does what `first` and then `second` do.
 * @param {unknown} first
 * @param {unknown} second
 * @returns {any}
 */
export function composed(first, second) {
  if (!isObject(first) || !isObject(second)) return second;
  const result = { ...first };
  for (const [key, value] of Object.entries(second)) result[key] = composed(result[key], value);
  return result;
}

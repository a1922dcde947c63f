/** Every word a gaffer reads, in the language of the browser or the one that was chosen here. */

import * as lights from "./texts/lights.js";
import * as shell from "./texts/shell.js";
import * as wall from "./texts/wall.js";

/** @typedef {"en" | "de"} Language */

const KEPT = "lumad.language";

export const LANGUAGES = /** @type {const} */ ({ en: "English", de: "Deutsch" });

/** @type {Language} */
export const language = chosen();

function chosen() {
  const wished = [localStorage.getItem(KEPT), ...navigator.languages].map((each) => each?.slice(0, 2));
  return wished.find((each) => each === "en" || each === "de") ?? "en";
}

/** Changes the language of this device; the page begins again. @param {Language} wished */
export function speak(wished) {
  localStorage.setItem(KEPT, wished);
  location.reload();
}

/**
 * The words of one room in the language of this page.
 * @template T
 * @param {{en: T, de: T}} words
 * @returns {T}
 */
export const pick = (words) => words[language];

export const texts = { ...pick(shell), ...pick(wall), ...pick(lights) };

/** A patch of colour: what the wall shows, what a lamp gives; one block a cell. */

import { element } from "./html.js";

export const swatch = () => element("span", { class: "swatch" });

/**
 * One block a cell, left to right.
 * @param {HTMLElement} swatch
 * @param {string[]} colours
 */
export function paint(swatch, colours) {
  const key = colours.join();
  if (swatch.dataset.colours === key) return;
  swatch.dataset.colours = key;
  const share = 100 / (colours.length || 1);
  const stops = colours.map((colour, index) => `${colour} ${index * share}% ${(index + 1) * share}%`);
  swatch.style.backgroundImage = colours.length ? `linear-gradient(to right, ${stops.join(", ")})` : "";
}

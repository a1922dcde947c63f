/** A lamp waits for its place on the wall: a tap on a region, or anywhere, which makes one there. */

import { clamp, tidy } from "../geometry.js";
import { texts } from "../texts.js";

/** @typedef {import("../types.js").Pair} Pair */

/** @type {Pair} */
const SIZE = [0.16, 0.2]; // of the picture: about what a thumb covers on a phone

export class Linking {
  /**
   * @param {import("../types.js").Services} services
   * @param {import("./regions.js").Regions} regions
   */
  constructor(services, regions) {
    this.services = services;
    regions.onpick = (region) => this.#link(region);
    regions.onplace = (place) => this.#place(place);
  }

  /** Back to the lamp, with nothing changed. */
  cancel() {
    const { store, router } = this.services;
    const { fixture } = store.selection;
    store.select({});
    if (fixture) router.go("lights", fixture);
  }

  /** @param {string} region @param {string} [gesture] */
  #link(region, gesture = this.services.edits.gesture()) {
    const { store, edits, toast } = this.services;
    const { fixture } = store.selection;
    if (!fixture) return false;
    edits.edit(`fixtures/${fixture}`, { follow: { region }, control: "follow" }, gesture);
    edits.flush();
    toast.undoable(texts.linked(store.nameOf(fixture), region));
    store.select({ region });
    return true;
  }

  /** A new region around the tapped place, and the lamp follows it: one step to undo. @param {Pair} place */
  #place(place) {
    const { store, edits } = this.services;
    const { fixture } = store.selection;
    if (!fixture || !store.may("structure")) return;
    const center = place.map((part, axis) => tidy(clamp(part, SIZE[axis] / 2, 1 - SIZE[axis] / 2)));
    const gesture = edits.gesture();
    const region = freeName(fixture, Object.keys(store.show?.regions ?? {}));
    edits.edit(`regions/${region}`, { shape: "rect", center, size: [...SIZE] }, gesture);
    this.#link(region, gesture);
  }
}

/** The lamp's own name for its region, with a number where it is taken. @param {string} name @param {string[]} taken */
function freeName(name, taken) {
  let [free, count] = [name, 2];
  while (taken.includes(free)) {
    free = `${name}-${count}`;
    count += 1;
  }
  return free;
}

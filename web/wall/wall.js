/** The wall's screen: picture with regions, what can be done with them, the lamps and the demo stage. */

import { Lamps } from "./lamps.js";
import { Linking } from "./linking.js";
import { Picture } from "./picture.js";
import { Sheet } from "./sheet.js";
import { element } from "../html.js";
import { texts } from "../texts.js";

export class WallScreen {
  #wanted = "";
  #shown = false;
  #lit = false;

  /** @param {import("../types.js").Services} services */
  constructor(services) {
    const { store, socket, edits, router } = services;
    this.services = services;
    this.picture = new Picture(socket, store, edits);
    this.preview = this.picture.preview;
    const linking = new Linking(services, this.picture.regions);
    const sheet = new Sheet(store, edits);
    const lamps = new Lamps(store, router);
    sheet.ondelete = this.picture.regions.ondelete = (region) => this.#delete(region);
    sheet.oncancel = () => linking.cancel();
    this.root = element("div", { class: "screen wall-screen" }, this.picture.root, sheet.root, lamps.root);
    store.on("selection", () => this.#name());
    store.on("show", () => this.#wanted && this.#select());
    store.on("lights", () => this.#light());
  }

  /** Only a demo has a stage. */
  async #light() {
    const { store } = this.services;
    if (!store.lights.stage || this.#lit) return;
    this.#lit = true;
    const { Stage } = await import("./stage.js");
    this.root.append(new Stage(store).root);
    store.tell("lights");
  }

  /** @param {string[]} path  the region that is chosen */
  show([region = ""]) {
    const again = this.#shown;
    this.#shown = true;
    this.#wanted = region;
    if (region) this.#select();
    else if (again && this.services.store.selection.region) this.services.store.select({});
    else this.#name();
  }

  hide() {
    this.#shown = false;
  }

  /** What the address asks for, once the show is there. */
  #select() {
    const { store } = this.services;
    if (!store.show) return;
    const region = store.show.regions[this.#wanted] ? this.#wanted : null;
    this.#wanted = "";
    if (store.selection.region !== region) store.select({ region });
    else this.#name();
  }

  /** The address says what is chosen. */
  #name() {
    const { store, router } = this.services;
    const { region } = store.selection;
    if (this.#shown && !this.#wanted && router.path[0] === "wall") router.rename("wall", ...(region ? [region] : []));
  }

  /** What follows the region is let go in the same gesture, so that one undo brings everything back. @param {string} region */
  #delete(region) {
    const { store, edits, toast } = this.services;
    const gesture = edits.gesture();
    for (const [id, fixture] of Object.entries(store.show?.fixtures ?? {})) {
      if (fixture.follow?.region === region) edits.edit(`fixtures/${id}`, { follow: null }, gesture);
    }
    edits.edit(`regions/${region}`, null, gesture);
    edits.flush();
    toast.undoable(texts.regionDeleted(region));
  }
}

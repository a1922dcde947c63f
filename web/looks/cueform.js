/** One cue: its number, its look, its times, and the scene, shot and take it belongs to. */

import { Fields } from "../forms/field.js";
import { gated } from "../gate.js";
import { element, icon } from "../html.js";
import { texts as common } from "../texts.js";
import { cuesOf, freeNumber, inOrder, looksOf, nameOf } from "./look.js";
import { texts } from "./words.js";

/** @typedef {import("../types.js").Services} Services */
/** @typedef {import("./look.js").Cue} Cue */

const BACK = "M15 5l-7 7 7 7";

export class CueForm {
  /** @type {number | null} */
  #number = null;
  #title = element("h2", { tabIndex: -1 });
  #fields = new Fields();
  #delete = element("button", { type: "button", class: "quiet danger", onclick: () => this.#remove() }, common.delete);

  /** @param {Services} services */
  constructor(services) {
    this.services = services;
    const fields = this.#fields;
    fields.number("number", texts.cueNumber);
    fields.choice("look", texts.look, []);
    fields.text("name", texts.cueName, { maxLength: 80, wide: true, hint: texts.cueNameHint });
    fields.number("fade_s", texts.cueFade, { hint: texts.cueFadeHint });
    fields.number("wait_s", texts.cueWait, { hint: texts.cueWaitHint });
    fields.text("scene", texts.scene, { maxLength: 20 });
    fields.text("shot", texts.shot, { maxLength: 20 });
    fields.number("take", texts.take);
    const save = element("button", { type: "submit", class: "primary" }, common.save);
    const form = element("form", { class: "panel-body", noValidate: true });
    form.append(gated(services.store, "structure", fields.root, element("div", { class: "buttons" }, save, this.#delete)));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#save();
    });
    const back = element("a", { class: "button quiet back", href: "#/looks/cues", "aria-label": common.back }, icon(BACK));
    const head = element("div", { class: "sheet-head" }, back, this.#title);
    this.root = element("section", { class: "look-panel panel", "aria-label": texts.cue }, head, form);
  }

  /** @param {string} step  a number, or + for a new cue */
  show(step) {
    const { store, router } = this.services;
    const looks = looksOf(store);
    const cue = cuesOf(store).find((each) => String(each.number) === step);
    if (!cue && step !== "+") {
      router.rename("looks", "cues", "+");
    }
    this.#number = cue?.number ?? null;
    const select = this.#fields.of("look").control;
    select.replaceChildren(...Object.entries(looks).map(([id, look]) => element("option", { value: id }, nameOf(id, look))));
    this.#fields.fill(cue ? { ...cue } : { number: freeNumber(cuesOf(store)), look: Object.keys(looks)[0] });
    this.#title.textContent = cue ? texts.cueTitle(cue.number, cue.name || nameOf(cue.look, looks[cue.look])) : texts.addCue;
    this.#delete.hidden = !cue;
    this.#title.focus({ preventScroll: true });
  }

  async #save() {
    const { api, store, toast, router } = this.services;
    const said = Object.fromEntries(Object.entries(this.#fields.value).filter(([, value]) => value !== null));
    const others = cuesOf(store).filter((cue) => cue.number !== this.#number);
    if (others.some((cue) => cue.number === said.number)) {
      this.#fields.blame({ faults: [{ path: "number", message: texts.numberTaken }] });
      return;
    }
    // Its own cue stands last, so that faults of others are never laid at these fields.
    const list = [...inOrder(others), said];
    try {
      await api.send("PUT", "cues", list, { ifMatch: `"${store.rev}"` });
      toast.undoable(texts.cueSaved(Number(said.number)));
      router.go("looks", "cues");
    } catch (fault) {
      this.#fields.blame(/** @type {any} */ (fault));
    }
  }

  #remove() {
    const { edits, store, toast, router } = this.services;
    const left = cuesOf(store).filter((cue) => cue.number !== this.#number);
    edits.edit("cues", /** @type {any} */ (left), edits.gesture());
    edits.flush();
    toast.undoable(texts.cueDeleted(this.#number ?? 0));
    router.go("looks", "cues");
  }
}

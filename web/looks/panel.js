/** One look from near: go with another fade, release to the wall, update, rename, delete; what it names. */

import { Stepper } from "../forms/stepper.js";
import { gated } from "../gate.js";
import { element, icon, keep } from "../html.js";
import { paint } from "../swatch.js";
import { texts as common } from "../texts.js";
import { colourOf } from "./colour.js";
import { cuesOf, isOn, looksOf, nameOf, TRIMS } from "./look.js";
import { stripOf } from "./tiles.js";
import { texts } from "./words.js";

/** @typedef {import("../types.js").Services} Services */
/** @typedef {import("./look.js").LampPart} LampPart */

const BACK = "M15 5l-7 7 7 7";
const CROSS = "M6 6l12 12M18 6 6 18";

export class LookPanel {
  #id = "";
  #title = element("h2", { tabIndex: -1 });
  #state = element("span", { class: "tag lit", hidden: true }, texts.on);
  #strip = element("span", { class: "strip-colours", "aria-hidden": "true" });
  #name = element("input", { type: "text", autocomplete: "off", maxLength: 80 });
  #fade = new Stepper(texts.fade, { less: texts.fadeLess, more: texts.fadeMore, format: texts.seconds });
  #go = button("primary look-big", () => this.#ask("go"));
  #cut = button("quiet", () => this.#ask("go", 0), texts.cut);
  #release = button("quiet", () => this.#ask("release"), texts.release);
  #contents = element("ul", { class: "rows contents" });
  /** @type {Map<string, HTMLLIElement>} */
  #rows = new Map();
  #gone = element("p", { class: "hint", hidden: true }, texts.gone);
  #called = element("p", { class: "hint" });

  /** @param {Services} services */
  constructor(services) {
    this.services = services;
    const { store } = services;
    const back = element("a", { class: "button quiet back", href: "#/looks", "aria-label": common.back }, icon(BACK));
    const head = element("div", { class: "sheet-head" }, back, this.#title, this.#state);
    const update = button("quiet", () => this.#update(), texts.update);
    const lamps = button("quiet", () => services.router.go("looks", this.#id, "store"), texts.storeOthers);
    const remove = button("quiet danger", () => this.#delete(), common.delete);
    const run = element("div", { class: "buttons" }, this.#go, this.#cut, this.#release);
    this.#name.addEventListener("change", () => this.#rename());
    this.#fade.onchange = (fade_s) => services.edits.edit(`looks/${this.#id}`, { fade_s }, services.edits.gesture());
    const name = element("label", { class: "field" }, element("span", {}, texts.name), this.#name);
    this.#body = element(
      "div",
      { class: "panel-body" },
      this.#strip,
      gated(store, "operate", run),
      gated(store, "structure", name, this.#fade.root),
      section(texts.what, this.#contents),
      section(
        texts.updateTitle,
        element("p", { class: "hint" }, texts.updateWhy),
        gated(store, "operate", element("div", { class: "buttons" }, update, lamps)),
      ),
      section(texts.deleteTitle, this.#called, gated(store, "structure", remove)),
    );
    this.root = element("section", { class: "look-panel panel", "aria-label": texts.look }, head, this.#gone, this.#body);
    store.on("show", () => this.#draw());
    store.on("lights", () => this.#colour());
  }

  #body;

  /** @param {string} id */
  show(id) {
    this.#id = id;
    this.#draw();
    this.#title.focus({ preventScroll: true });
  }

  get #look() {
    return looksOf(this.services.store)[this.#id];
  }

  #draw() {
    const { show } = this.services.store;
    if (!show || this.root.hidden || !this.#id) return;
    const look = this.#look;
    this.#body.hidden = !look;
    this.#gone.hidden = Boolean(look);
    this.#title.textContent = look ? nameOf(this.#id, look) : this.#id;
    this.#state.hidden = !look || !isOn(look, show);
    if (!look) return;
    const fade = look.fade_s ?? 0;
    this.#go.textContent = fade ? texts.goIn(fade) : texts.go;
    this.#cut.hidden = !fade;
    this.#release.hidden = !Object.keys(look.fixtures ?? {}).length;
    this.#fade.value = fade;
    if (document.activeElement !== this.#name) this.#name.value = nameOf(this.#id, look);
    const cues = cuesOf(this.services.store).filter((cue) => cue.look === this.#id);
    this.#called.textContent = cues.length ? texts.calledBy(cues.map((cue) => String(cue.number))) : texts.deleteWhy;
    this.#list(look);
    this.#colour();
  }

  /** @param {import("./look.js").Look} look */
  #list(look) {
    const { store } = this.services;
    const lamps = Object.entries(look.fixtures ?? {}).map(([id, part]) => ({
      key: `lamp ${id}`,
      name: store.nameOf(id),
      said: sayLamp(part),
    }));
    const regions = Object.entries(look.regions ?? {}).map(([id, part]) => ({
      key: `region ${id}`,
      name: texts.regionNamed(id),
      said: Object.keys(part)
        .map((key) => texts.settings[key] ?? key)
        .join(", "),
    }));
    const all = [...lamps, ...regions];
    keep(
      this.#contents,
      this.#rows,
      all.map(({ key }) => key),
      (key) =>
        row(
          key,
          gated(
            store,
            "structure",
            button("quiet forget", () => this.#forget(key)),
          ),
        ),
    );
    for (const { key, name, said } of all) {
      const words = this.#rows.get(key)?.querySelectorAll("span:not(.swatch)") ?? [];
      words[0].textContent = name;
      words[1].textContent = said;
      this.#rows.get(key)?.querySelector("button")?.replaceChildren(icon(CROSS));
      this.#rows.get(key)?.querySelector("button")?.setAttribute("aria-label", texts.forget(name));
    }
  }

  #colour() {
    const look = this.#look;
    if (!look || this.root.hidden) return;
    const { store } = this.services;
    paint(this.#strip, stripOf(store, look));
    for (const [id, part] of Object.entries(look.fixtures ?? {})) {
      const place = /** @type {HTMLElement | null | undefined} */ (this.#rows.get(`lamp ${id}`)?.querySelector(".swatch"));
      const colour = colourOf(part, store.show?.fixtures[id], store.lights.fixtures[id]?.light[0], store.lights.regions);
      if (place) paint(place, [colour]);
    }
  }

  /** @param {"go" | "release"} what @param {number} [fade_s] */
  async #ask(what, fade_s) {
    const { edits, toast } = this.services;
    const [name, look] = [this.#id, this.#look];
    const times = fade_s === undefined ? {} : { fade_s };
    if (!(await edits.ask({ type: "look", do: what, name, ...times }))) return;
    const seconds = fade_s ?? look?.fade_s ?? 0;
    toast.undoable(what === "go" ? texts.went(nameOf(name, look), seconds) : texts.released(nameOf(name, look)));
  }

  async #update() {
    const { edits, toast } = this.services;
    const [name, look] = [this.#id, this.#look];
    if (await edits.ask({ type: "look", do: "store", name })) toast.undoable(texts.updated(nameOf(name, look)));
  }

  #rename() {
    const label = this.#name.value.trim();
    const { edits, toast } = this.services;
    if (!label || label === nameOf(this.#id, this.#look)) {
      this.#name.value = nameOf(this.#id, this.#look);
      return;
    }
    edits.edit(`looks/${this.#id}`, { label }, edits.gesture());
    toast.undoable(texts.renamed(label));
  }

  /** Takes a lamp or region out of the look. @param {string} key */
  #forget(key) {
    const [kind, id] = [key.split(" ", 1)[0], key.slice(key.indexOf(" ") + 1)];
    const { edits, toast, store } = this.services;
    const name = kind === "lamp" ? store.nameOf(id) : texts.regionNamed(id);
    edits.edit(`looks/${this.#id}`, { [kind === "lamp" ? "fixtures" : "regions"]: { [id]: null } }, edits.gesture());
    toast.undoable(texts.forgotten(name));
    this.#title.focus({ preventScroll: true });
  }

  #delete() {
    const { edits, toast, router, store } = this.services;
    if (cuesOf(store).some((cue) => cue.look === this.#id)) {
      toast.show(this.#called.textContent ?? "");
      return;
    }
    const name = nameOf(this.#id, this.#look);
    edits.edit(`looks/${this.#id}`, null, edits.gesture());
    edits.flush();
    toast.undoable(texts.deleted(name));
    router.go("looks");
  }
}

/** @param {string} kind @param {() => void} onclick @param {string} [text] */
function button(kind, onclick, text = "") {
  return element("button", { type: "button", class: kind, onclick }, text);
}

/** @param {string} title @param {...Node} children */
const section = (title, ...children) => element("section", { class: "part" }, element("h3", {}, title), ...children);

/** @param {string} key @param {Node} forget */
function row(key, forget) {
  const swatch = element("span", { class: "swatch" });
  if (key.startsWith("region")) swatch.classList.add("shape");
  return element("li", {}, swatch, element("span", {}), element("span", { class: "facts" }), forget);
}

/** What a look says of a lamp, in a gaffer's words. @param {LampPart} part */
function sayLamp({ control, follow, level, colour, trims }) {
  const region = typeof follow === "string" ? follow : follow ? follow.region : "";
  const words = [
    control === "follow" && region
      ? texts.follows(region)
      : control
        ? (texts.controls[control] ?? control)
        : region && texts.follows(region),
  ];
  if (control !== "follow" && control !== "off") {
    if (colour === "wall-white") words.push(texts.wallWhite);
    else if (colour) words.push(texts.colour(colour));
    if (level !== undefined) words.push(texts.percent(Math.round(level * 100)));
  }
  if (Object.entries(trims ?? {}).some(([key, value]) => value !== TRIMS[key])) words.push(texts.settings.trims);
  return words.filter(Boolean).join(" · ");
}

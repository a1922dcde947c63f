/** One entry of the schedule: when, on which days, and the one thing that it does. */

import { Fields } from "../forms/field.js";
import { gated } from "../gate.js";
import { element } from "../html.js";
import { pick, texts as common } from "../texts.js";
import * as words from "../texts/install.js";
import { button, headed, Word } from "./section.js";
import { atOf, DAYS, whenOf } from "./when.js";

const texts = pick(words);

/** @typedef {import("../types.js").Services} Services */
/** @typedef {import("../types.js").Appointment} Appointment */

export class EntryForm {
  #at = -1;
  #head = headed("", "#/setup/schedule");
  #word = new Word();
  #fields = new Fields();
  #days = new Map(DAYS.map((day) => [day, this.#dayChip(day)]));
  #noDays = element("p", { class: "fault", role: "alert", hidden: true }, texts.noDays);
  #delete = button(common.delete, () => this.#remove(), "quiet danger");

  /** @param {Services} services */
  constructor(services) {
    this.services = services;
    const { store } = services;
    this.#build();
    const save = element("button", { type: "submit", class: "primary" }, common.save);
    const form = element("form", { noValidate: true });
    form.append(gated(store, "structure", this.#fields.root, element("div", { class: "buttons" }, save, this.#delete)));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#save();
    });
    this.root = element("div", { class: "form-view", hidden: true }, this.#head.root, this.#word.root, form);
    this.#fields.onchange = () => this.#suit();
  }

  #build() {
    const fields = this.#fields;
    fields.choice("at", texts.when, Object.entries(texts.whens));
    fields.text("clock", texts.clock, { type: "time" });
    fields.number("minutes", texts.minutes);
    fields.choice("side", texts.side, Object.entries(texts.sides));
    const chips = element("div", { class: "day-chips", role: "group", "aria-label": texts.onDays }, ...this.#days.values());
    fields.add(element("div", { class: "field wide" }, element("span", {}, texts.onDays), chips, this.#noDays));
    fields.choice("deed", texts.deed, Object.entries(texts.deeds));
    fields.choice("look", texts.look, []);
    fields.number("fade_s", texts.fade, { hint: texts.fadeHint });
    fields.number("master", texts.master);
    fields.text("name", texts.entryName, { hint: texts.entryNameHint, maxLength: 80 });
  }

  /** @param {typeof DAYS[number]} day */
  #dayChip(day) {
    const chip = element("button", { type: "button", class: "quiet", title: texts.dayNames[day] }, texts.days[day]);
    chip.addEventListener("click", () => choose(chip, chip.ariaPressed !== "true"));
    return chip;
  }

  /** @param {string} step  a place in the list from 1, or + */
  show(step) {
    const { show } = this.services.store;
    this.#at = step === "+" ? -1 : Number(step) - 1;
    const entry = this.#entries[this.#at];
    if (!entry) this.#at = -1;
    this.#word.say(step !== "+" && !entry ? texts.entryGone : "");
    this.#head.words.textContent = entry?.name || texts.addEntry;
    if (entry && !entry.name) this.#head.words.textContent = texts.schedule;
    this.#delete.hidden = !entry;
    const looks = Object.entries(show?.looks ?? {}).map(([id, look]) => element("option", { value: id }, look.label || id));
    this.#fields.of("look").control.replaceChildren(...looks);
    this.#fill(entry ?? { at: "18:00", ...(looks.length ? { look: looks[0].value } : { blackout: true }) });
    this.#suit();
    this.#head.words.focus({ preventScroll: true });
  }

  /** @param {Appointment} entry */
  #fill({ at, days = [...DAYS], name, look, release, fade_s, master, blackout }) {
    const { event, clock, minutes, before } = whenOf(at);
    const deed = look ? "look" : release ? "release" : master !== undefined ? "master" : blackout ? "dark" : "light";
    this.#fields.fill({
      ...{ at: event, clock, minutes, side: before ? "before" : "after", deed, name, fade_s },
      look: look ?? release,
      master: Math.round(Math.sqrt(master ?? 1) * 100),
    });
    for (const [day, chip] of this.#days) choose(chip, days.includes(day));
    this.#noDays.hidden = true;
  }

  /** @returns {Appointment[]} */
  get #entries() {
    return this.services.store.show?.schedule ?? [];
  }

  /** Shows what belongs to the time and to the deed. */
  #suit() {
    const { show } = this.services.store;
    const event = this.#fields.of("at").control.value;
    const deed = this.#fields.of("deed").control.value;
    const looks = deed === "look" || deed === "release";
    /** @type {Record<string, boolean>} */
    const seen = { clock: event === "clock", minutes: event !== "clock", side: event !== "clock", look: looks, fade_s: looks };
    for (const [key, shown] of Object.entries({ ...seen, master: deed === "master" })) this.#fields.of(key).root.hidden = !shown;
    if (event !== "clock" && !show?.place) this.#word.say(texts.needsPlace);
    else if (looks && !Object.keys(show?.looks ?? {}).length) this.#word.say(texts.noLooks);
    else this.#word.say("");
  }

  /** The entry in the show's keys. @returns {Appointment} */
  #said() {
    const { at, clock, minutes, side, deed, look, fade_s, master, name } = /** @type {Record<string, any>} */ (this.#fields.value);
    const days = DAYS.filter((day) => this.#days.get(day)?.ariaPressed === "true");
    const does = {
      look: { look },
      release: { release: look },
      master: { master: (Number(master) / 100) ** 2 },
      dark: { blackout: true },
      light: { blackout: false },
    }[/** @type {"look"} */ (deed)];
    return {
      at: atOf({ event: at, clock: clock ?? "", minutes: Number(minutes ?? 0), before: side === "before" }),
      ...(days.length < DAYS.length ? { days } : {}),
      ...(name ? { name } : {}),
      ...does,
      ...(fade_s === null || fade_s === undefined ? {} : { fade_s }),
    };
  }

  async #save() {
    const entry = this.#said();
    this.#noDays.hidden = entry.days?.length !== 0;
    if (!this.#noDays.hidden) return;
    const list = [...this.#entries];
    list[this.#at < 0 ? list.length : this.#at] = entry;
    await this.#put(list, texts.entrySaved);
  }

  async #remove() {
    const list = this.#entries.filter((_, index) => index !== this.#at);
    await this.#put(list, texts.entryDeleted);
  }

  /** @param {Appointment[]} entries @param {string} said */
  async #put(entries, said) {
    const { api, store, toast, router } = this.services;
    try {
      await api.send("PUT", "schedule", entries, { ifMatch: `"${store.rev}"` });
      toast.undoable(said);
      router.go("setup", "schedule");
    } catch (fault) {
      if (fault instanceof Error) throw fault;
      this.#fields.blame(/** @type {import("../api.js").Fault} */ (fault));
    }
  }
}

/** @param {HTMLElement} chip @param {boolean} chosen */
function choose(chip, chosen) {
  chip.setAttribute("aria-pressed", String(chosen));
}

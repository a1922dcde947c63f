/** One lamp of the patch: its profile and mode, its place, its names. */

import { Fields } from "../forms/field.js";
import { gated } from "../gate.js";
import { element } from "../html.js";
import { freeId } from "../looks/look.js";
import { texts as common } from "../texts.js";
import { footprintOf, freePlace, placed } from "./place.js";
import { ProfilePick } from "./profilepick.js";
import { button, headed, Word } from "./section.js";
import { texts } from "./words.js";

/** @typedef {import("../types.js").Services} Services */
/** @typedef {import("./profilepick.js").Profile} Profile */

export class FixtureForm {
  #id = "";
  #head = headed("", "#/setup/patch");
  #fields = new Fields();
  #profile = new ProfilePick();
  #word = new Word();
  #place = element("p", { class: "hint wide place-said", role: "status" });
  #save = element("button", { type: "submit", class: "primary" }, common.save);
  #delete = button(common.delete, () => this.#remove(), "quiet danger");
  /** @type {Map<string, Record<string, import("./place.js").Mode>>} modes by profile */
  #modes = new Map();

  /**
   * @param {Services} services
   * @param {() => import("./place.js").Slots[]} rows
   */
  constructor(services, rows) {
    this.services = services;
    this.rows = rows;
    const fields = this.#fields;
    fields.text("label", texts.lampName, { maxLength: 80, wide: true });
    fields.add(this.#profile.root);
    fields.choice("mode", texts.mode, [], { wide: true });
    fields.number("universe", texts.universe);
    fields.number("address", texts.address);
    fields.add(
      this.#place,
      button(texts.nextFree, () => this.#free()),
    );
    fields.number("number", texts.lampNumber, { hint: texts.lampNumberHint });
    fields.number("units", texts.units, { hint: texts.unitsHint });
    fields.flag("accept_draft", texts.acceptDraft, { hint: texts.acceptDraftHint, wide: true });
    const form = element("form", { noValidate: true });
    form.append(gated(services.store, "structure", fields.root, element("div", { class: "buttons" }, this.#save, this.#delete)));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.root = element("div", { class: "form-view", hidden: true }, this.#head.root, this.#word.root, form);
    this.#profile.onpick = () => this.#picked();
    fields.onchange = () => this.#tell();
  }

  /** @param {string} step  a fixture, or + for a new one */
  async show(step) {
    const { store } = this.services;
    const fixture = step === "+" ? undefined : store.show?.fixtures[step];
    this.#id = fixture ? step : "";
    this.#head.words.textContent = fixture ? store.nameOf(step) : texts.addLamp;
    this.#delete.hidden = !fixture;
    this.#word.say(step !== "+" && !fixture ? texts.lampGone : "");
    this.#fields.fill({ units: 1, universe: "", ...fixture });
    this.#profile.value = fixture?.profile ?? "";
    this.#profile.blame("");
    this.#offerModes(fixture ? [fixture.mode] : [], fixture?.mode);
    this.#head.words.focus({ preventScroll: true });
    await this.#load();
    if (this.root.hidden) return;
    this.#picked(fixture?.mode);
  }

  hide() {
    this.#profile.blame("");
  }

  async #load() {
    const { api } = this.services;
    try {
      this.#profile.profiles = await api.get("profiles");
    } catch (fault) {
      this.#word.explain(fault);
    }
  }

  /** @param {string} [mode] */
  async #picked(mode) {
    const { picked } = this.#profile;
    const draft = picked?.status === "draft";
    this.#fields.of("accept_draft").root.hidden = !draft;
    if (!picked) return this.#tell();
    this.#offerModes(picked.modes, mode ?? String(this.#fields.value.mode ?? ""));
    if (!this.#modes.has(picked.id)) {
      try {
        const { modes } = await this.services.api.get(`profiles/${picked.id}`);
        this.#modes.set(picked.id, modes);
      } catch {
        this.#modes.set(picked.id, {});
      }
    }
    this.#tell();
  }

  /** @param {string[]} modes @param {string} [chosen] */
  #offerModes(modes, chosen) {
    const select = this.#fields.of("mode").control;
    select.replaceChildren(...modes.map((mode) => element("option", { value: mode }, mode)));
    if (chosen && modes.includes(chosen)) select.value = chosen;
  }

  get #footprint() {
    return footprintOf(this.#modes.get(this.#profile.value)?.[String(this.#fields.value.mode)]);
  }

  /** Says where the slots would lie, and whose they are already. */
  #tell() {
    const { universe, address } = this.#fields.value;
    const size = this.#footprint;
    const known = typeof universe === "number" && typeof address === "number" && size > 0;
    if (!known) {
      this.#place.textContent = size ? texts.takes(size) : texts.emptyIsFree;
      this.#place.classList.remove("bad");
      return;
    }
    const [first, last] = [Number(address), Number(address) + size - 1];
    const others = this.rows().filter(
      (row) => row.fixture !== this.#id && row.universe === universe && row.address <= last && row.last >= first,
    );
    const names = others.map((row) => this.services.store.nameOf(row.fixture));
    this.#place.textContent = names.length
      ? texts.overlaps(placed(Number(universe), first, last), names)
      : texts.lies(placed(Number(universe), first, last), size);
    this.#place.classList.toggle("bad", names.length > 0);
  }

  #free() {
    const universe = Number(this.#fields.value.universe) || 1;
    const place = freePlace(this.rows(), this.#footprint || 1, universe, this.#id);
    this.#fields.of("universe").write(place.universe);
    this.#fields.of("address").write(place.address);
    this.#tell();
  }

  /** What the fields say, in the show's keys. */
  #said() {
    const { label, accept_draft: draft, ...others } = this.#fields.value;
    const values = { label: label ?? "", profile: this.#profile.value, ...others, ...(draft === undefined ? {} : { accept_draft: draft }) };
    return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
  }

  async #send() {
    const { api, store, toast, router } = this.services;
    if (!this.#profile.value) {
      this.#profile.blame(texts.profileMissing);
      this.#profile.focus();
      return;
    }
    const said = this.#said();
    try {
      if (this.#id) {
        const emptied = "number" in said ? {} : { number: null };
        await api.send("PATCH", `fixtures/${encodeURIComponent(this.#id)}`, { ...said, ...emptied });
      } else {
        const id = freeId(String(said.label || this.#profile.value.split("/").pop()), Object.keys(store.show?.fixtures ?? {}), "lamp");
        await api.send("POST", "fixtures", { id, ...said });
      }
      toast.undoable(
        this.#id ? texts.lampSaved(String(said.label || this.#id)) : texts.lampAdded(String(said.label || this.#profile.value)),
      );
      router.go("setup", "patch");
    } catch (fault) {
      this.#blame(fault);
    }
  }

  /** @param {unknown} fault */
  #blame(fault) {
    if (fault instanceof Error) throw fault;
    const problem = /** @type {import("../api.js").Fault} */ (fault);
    const ofProfile = problem.faults.find(({ path }) => path.split(".").includes("profile"));
    this.#profile.blame(ofProfile?.message ?? "");
    this.#fields.blame({
      ...problem,
      faults: problem.faults.filter((each) => each !== ofProfile),
      ...(ofProfile ? { detail: "", title: "" } : {}),
    });
  }

  #remove() {
    const { edits, store, toast, router } = this.services;
    const name = store.nameOf(this.#id);
    edits.edit(`fixtures/${this.#id}`, null, edits.gesture());
    edits.flush();
    toast.undoable(texts.lampDeleted(name));
    router.go("setup", "patch");
  }
}

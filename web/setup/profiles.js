/** The library of lamps: what there is, and files of lamps taken in. */

import { gated } from "../gate.js";
import { element, keep } from "../html.js";
import { found } from "./profilepick.js";
import { headed, Word } from "./section.js";
import { texts } from "./words.js";

/** @typedef {import("./profilepick.js").Profile} Profile */

const MOST = 60;

export class Profiles {
  /** @type {Profile[]} */
  #profiles = [];
  /** @type {Map<string, HTMLLIElement>} */
  #items = new Map();
  #word = new Word();
  #count = element("p", { class: "hint", role: "status" });
  #list = element("ul", { class: "rows", role: "list" });
  #search = element("input", { type: "search", autocomplete: "off", spellcheck: false });
  #file = element("input", { type: "file", accept: ".gdtf,.json,.yaml,.yml", class: "file" });
  #told = element("div", { class: "told", role: "status", hidden: true });

  /** @param {import("../types.js").Services} services */
  constructor(services) {
    this.services = services;
    const upload = element(
      "label",
      { class: "field wide drop" },
      element("span", {}, texts.importFile),
      this.#file,
      element("small", { class: "hint" }, texts.importHint),
    );
    const search = element("label", { class: "field wide" }, element("span", {}, texts.searchProfiles), this.#search);
    this.root = element(
      "section",
      { "aria-label": texts.profiles },
      headed(texts.profiles, "#/setup").root,
      gated(services.store, "structure", upload),
      this.#told,
      this.#word.root,
      search,
      this.#count,
      this.#list,
    );
    this.#search.addEventListener("input", () => this.#draw());
    this.#file.addEventListener("change", () => this.#take());
    upload.addEventListener("dragover", (event) => event.preventDefault());
    upload.addEventListener("drop", (event) => {
      event.preventDefault();
      if (event.dataTransfer?.files.length) this.#send(event.dataTransfer.files[0]);
    });
  }

  async show() {
    try {
      this.#profiles = await this.services.api.get("profiles");
      this.#word.say("");
    } catch (fault) {
      this.#word.explain(fault);
    }
    this.#draw();
  }

  #draw() {
    const all = found(this.#profiles, this.#search.value);
    const shown = all.slice(0, MOST);
    this.#count.textContent = texts.profileCount(shown.length, all.length);
    keep(
      this.#list,
      this.#items,
      shown.map(({ id }) => id),
      (id) => profileRow(shown.find((each) => each.id === id)),
    );
  }

  #take() {
    const file = this.#file.files?.[0];
    if (file) this.#send(file);
    this.#file.value = "";
  }

  /** @param {File} file */
  async #send(file) {
    this.#say("", [texts.reading(file.name)]);
    const content = new Blob([file], { type: "application/octet-stream" });
    try {
      const taken = await this.services.api.send("POST", `profiles?${new URLSearchParams({ name: file.name })}`, content);
      const modes = Object.entries(taken.modes).map(([name, { footprint }]) => texts.modeTaken(name, footprint));
      const doubts = [...taken.repaired, ...taken.unknown, ...taken.left_out];
      this.#say("good", [texts.taken(taken.name, taken.id), ...modes, ...doubts]);
      await this.show();
    } catch (fault) {
      if (fault instanceof Error) throw fault;
      const { detail, title, faults = [], status } = /** @type {import("../api.js").Fault} */ (fault);
      const lines = faults.map(({ path, message }) => (path ? `${path}: ${message}` : message));
      const whole = status === 0 ? texts.noAnswer : status === 404 || status === 405 ? texts.notOffered : detail || title;
      this.#say("bad", [texts.notTaken(file.name), ...(lines.length ? lines : [whole])]);
    }
  }

  /** @param {"" | "good" | "bad"} kind @param {string[]} lines  the first one is the head */
  #say(kind, [head, ...lines]) {
    this.#told.hidden = false;
    this.#told.className = `told ${kind}`;
    this.#told.replaceChildren(
      element("strong", {}, head),
      element("ul", { role: "list" }, ...lines.map((line) => element("li", {}, line))),
    );
  }
}

/** @param {Profile | undefined} profile */
function profileRow(profile) {
  if (!profile) return element("li");
  const { id, name, modes, status } = profile;
  const state = status === "draft" ? [element("span", { class: "tag" }, texts.draft)] : [];
  const facts = [id, texts.statuses[status] ?? status].join(" · ");
  return element(
    "li",
    { class: "profile" },
    element("strong", {}, name),
    ...state,
    element("span", { class: "facts" }, facts),
    element("span", { class: "facts" }, modes.join(", ")),
  );
}

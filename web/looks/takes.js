/** Continuity: every take that was kept, with its picture, and the way back to its light. */

import { gated } from "../gate.js";
import { element, icon, keep } from "../html.js";
import { pick, texts as common } from "../texts.js";
import * as words from "../texts/take.js";

const texts = pick(words);
const SLATE = "M4 9h16v11H4zM4 9l1.500-4.500 15 1L20 9M9 5l-1.500 4M14 5.200 12.500 9";
const STILL = "M4 5h16v14H4zM4 15l5-4 4 3 3-2 4 3";

/** @typedef {import("../types.js").Slate & {id: number, time: number, master?: number, still: boolean}} Take */

export class Takes {
  /** @type {Map<string, HTMLLIElement>} */
  #items = new Map();
  /** @type {Take[]} */
  #takes = [];
  #rolling = false;
  #list = element("ul", { class: "takes-list", role: "list" });
  #word = element("p", { class: "hint", role: "status", hidden: true });
  #lesson = element(
    "div",
    { class: "lesson", hidden: true },
    icon(SLATE),
    element("h3", {}, texts.none),
    element("p", { class: "hint" }, texts.noneWhy),
    element("ol", {}, ...texts.lesson.map((step) => element("li", {}, step))),
  );

  /** @param {import("../types.js").Services} services */
  constructor(services) {
    this.services = services;
    this.root = element("section", { class: "takes", "aria-label": texts.takes, hidden: true }, this.#word, this.#lesson, this.#list);
    services.store.on("live", () => this.#follow());
    services.store.on("events", () => services.store.events.at(-1)?.kind === "take" && this.#visible && this.show());
  }

  get #visible() {
    return !this.root.hidden && !this.root.closest("[hidden]");
  }

  /** A take that just began is in the list as soon as it is kept. */
  #follow() {
    const { rolling } = this.services.store.live.take;
    const changed = rolling !== this.#rolling;
    this.#rolling = rolling;
    if (changed && this.#visible) this.show();
  }

  async show() {
    try {
      this.#takes = await this.services.api.get("takes");
      this.#word.hidden = true;
    } catch (fault) {
      if (fault instanceof Error) throw fault;
      this.#word.textContent = texts.noAnswer;
      this.#word.hidden = false;
      return;
    }
    this.#lesson.hidden = this.#takes.length > 0;
    const keys = this.#takes.map(({ id }) => String(id));
    keep(this.#list, this.#items, keys, (key) => this.#item(key));
  }

  /** A kept take never changes. @param {string} key */
  #item(key) {
    const take = /** @type {Take} */ (this.#takes.find(({ id }) => String(id) === key));
    const slate = texts.slate(take.scene, take.shot, take.take);
    const date = new Date(take.time * 1000);
    const master = take.master === undefined ? "" : texts.master(Math.round(Math.sqrt(take.master) * 100));
    const button = element(
      "button",
      { type: "button", class: "quiet", "aria-label": texts.restoreOf(slate), onclick: () => this.#restore(take, slate) },
      texts.restore,
    );
    return element(
      "li",
      { class: "take" },
      still(take, slate),
      element("strong", { title: slate }, common.slate(take.scene, take.shot, take.take)),
      element("span", { class: "facts" }, element("time", { dateTime: date.toISOString() }, texts.kept(date)), element("span", {}, master)),
      gated(this.services.store, "structure", button),
    );
  }

  /** The show comes back as one edit; undo takes the master back as well. @param {Take} take @param {string} slate */
  async #restore({ id }, slate) {
    const { api, edits, store, toast } = this.services;
    const { master } = store.live;
    try {
      await api.send("POST", `takes/${id}/restore`);
    } catch (fault) {
      toast.problem(fault);
      return;
    }
    const undo = () => {
      edits.step("undo");
      edits.live({ master });
    };
    toast.show(texts.restored(slate), { label: texts.undo, run: undo });
  }
}

/** @param {Take} take @param {string} slate */
function still({ id, still }, slate) {
  if (!still) return element("span", { class: "still none" }, icon(STILL), element("small", {}, texts.noStill));
  return element("img", { class: "still", src: `/api/v1/takes/${id}/still.jpg`, alt: texts.stillOf(slate), loading: "lazy" });
}

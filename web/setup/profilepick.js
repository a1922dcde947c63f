/** Finding a profile by any words of its maker and name: a box to type in and a list to walk through. */

import { element } from "../html.js";
import { texts } from "./words.js";

/** @typedef {{id: string, name: string, status: string, modes: string[]}} Profile */

const MOST = 40;

/** Profiles that have all the words. Pure. @param {Profile[]} profiles @param {string} words */
export function found(profiles, words) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return profiles.filter(({ id, name }) => wanted.every((word) => `${id} ${name}`.toLowerCase().includes(word)));
}

export class ProfilePick {
  #at = -1;
  /** @type {Profile[]} */
  #profiles = [];
  /** @type {Profile[]} */
  #shown = [];
  #input = element("input", {
    type: "search",
    id: "profile-sought",
    name: "profile",
    role: "combobox",
    autocomplete: "off",
    spellcheck: false,
    "aria-autocomplete": "list",
    "aria-controls": "profiles-found",
    "aria-expanded": "false",
  });
  #list = element("ul", { class: "found", id: "profiles-found", role: "listbox", "aria-label": texts.profilesFound, hidden: true });

  constructor() {
    /** @type {(profile: Profile | undefined) => void} */
    this.onpick = () => {};
    this.fault = element("small", { class: "fault", hidden: true });
    const hint = element("small", { class: "hint" }, texts.profileHint);
    const field = element(
      "div",
      { class: "field wide" },
      element("label", { htmlFor: this.#input.id }, texts.profile),
      this.#input,
      hint,
      this.fault,
    );
    this.root = element("div", { class: "pick wide" }, field, this.#list);
    this.#input.addEventListener("input", () => this.#search());
    this.#input.addEventListener("keydown", (event) => this.#key(event));
    this.#input.addEventListener("focus", () => this.#input.select());
    this.root.addEventListener("focusout", (event) => {
      if (!this.root.contains(/** @type {Node | null} */ (event.relatedTarget))) this.#close();
    });
  }

  /** Who typed before they came sees what there is now. */
  set profiles(/** @type {Profile[]} */ profiles) {
    this.#profiles = profiles;
    if (document.activeElement === this.#input && this.value && !this.picked) this.#search();
  }

  get profiles() {
    return this.#profiles;
  }

  /** The profile's id, as typed where it is none. */
  get value() {
    return this.#input.value.trim();
  }

  set value(/** @type {string} */ id) {
    this.#input.value = id;
    this.#close();
  }

  get picked() {
    return this.profiles.find((profile) => profile.id === this.value);
  }

  /** @param {string} message */
  blame(message) {
    this.fault.textContent = message;
    this.fault.hidden = !message;
    this.#input.setAttribute("aria-invalid", String(Boolean(message)));
  }

  focus() {
    this.#input.focus();
  }

  #search() {
    this.#shown = found(this.profiles, this.#input.value).slice(0, MOST);
    this.#at = -1;
    this.#list.replaceChildren(...this.#shown.map((profile, index) => this.#option(profile, index)));
    this.#list.hidden = !this.#shown.length;
    this.#input.setAttribute("aria-expanded", String(!this.#list.hidden));
    this.onpick(this.picked);
  }

  /** @param {Profile} profile @param {number} index */
  #option(profile, index) {
    const words = element(
      "span",
      { class: "facts" },
      [profile.id, texts.modes(profile.modes.length), profile.status === "draft" ? texts.draft : ""].filter(Boolean).join(" · "),
    );
    const option = element(
      "li",
      { role: "option", id: `profile-${index}`, "aria-selected": "false", tabIndex: -1, onclick: () => this.#pick(profile) },
      element("strong", {}, profile.name),
      words,
    );
    return option;
  }

  /** @param {Profile} profile */
  #pick(profile) {
    this.value = profile.id;
    this.blame("");
    this.#input.focus();
    this.#close();
    this.onpick(profile);
  }

  #close() {
    this.#list.hidden = true;
    this.#input.setAttribute("aria-expanded", "false");
    this.#input.removeAttribute("aria-activedescendant");
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (way && this.#list.hidden) {
      this.#search();
      event.preventDefault();
    } else if (way) {
      event.preventDefault();
      this.#mark(Math.min(Math.max(this.#at + way, 0), this.#shown.length - 1));
    } else if (event.key === "Enter" && !this.#list.hidden && this.#shown[Math.max(this.#at, 0)]) {
      event.preventDefault();
      this.#pick(this.#shown[Math.max(this.#at, 0)]);
    } else if (event.key === "Escape" && !this.#list.hidden) {
      event.stopPropagation();
      this.#close();
    }
  }

  /** @param {number} at */
  #mark(at) {
    this.#at = at;
    [...this.#list.children].forEach((option, index) => {
      option.setAttribute("aria-selected", String(index === at));
      if (index === at) option.scrollIntoView({ block: "nearest" });
    });
    this.#input.setAttribute("aria-activedescendant", `profile-${at}`);
  }
}

/** What the sections of the set-up share: their head, their quiet words when lumad has no answer. */

import { element, icon } from "../html.js";
import { texts as common } from "../texts.js";
import { texts } from "./words.js";

/** @typedef {import("../types.js").Services} Services */
/** @typedef {{root: HTMLElement, show: (path: string[]) => void, hide?: () => void}} Section */

const BACK = "M15 5l-7 7 7 7";

/**
 * Back button, title, actions.
 * @param {string} title
 * @param {string} back  the address one step up
 * @param {...Node} actions
 */
export function headed(title, back, ...actions) {
  const words = element("h2", { tabIndex: -1 }, title);
  const link = element("a", { class: "button quiet back", href: back, "aria-label": common.back }, icon(BACK));
  return { root: element("div", { class: "sheet-head" }, link, words, ...actions), words, link };
}

/** A line that stays hidden until something has to be said quietly. */
export class Word {
  root = element("p", { class: "hint word", role: "status", hidden: true });

  /** @param {string} text  "" hides it */
  say(text) {
    if (this.root.textContent !== text) this.root.textContent = text;
    this.root.hidden = !text;
  }

  /** What a failed question means to a reader. @param {unknown} fault */
  explain(fault) {
    if (fault instanceof Error) throw fault;
    const { status, detail, title, faults = [] } = /** @type {Partial<import("../api.js").Fault>} */ (fault);
    const first = faults[0] ? `${faults[0].path ? `${faults[0].path}: ` : ""}${faults[0].message}` : "";
    if (status === 404 || status === 405) this.say(texts.notOffered);
    else if (status === 0) this.say(texts.noAnswer);
    else if (status === 403 || status === 401) this.say(texts.notAllowed);
    else this.say(first || detail || title || texts.noAnswer);
  }
}

/**
 * Hands a file over to the browser's downloads.
 * @param {Blob} content
 * @param {string} name
 */
export function download(content, name) {
  const href = URL.createObjectURL(content);
  element("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}

/**
 * @param {string} text
 * @param {() => void} onclick
 * @param {string} [kind]
 */
export const button = (text, onclick, kind = "quiet") => element("button", { type: "button", class: kind, onclick }, text);

/** @param {string} href @param {string} text @param {string} [kind] */
export const link = (href, text, kind = "quiet") => element("a", { class: `button ${kind}`, href }, text);

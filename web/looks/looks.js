/** The Looks tab: tiles to go by, one look from near, the cue list. */

import { element } from "../html.js";
import { CueForm } from "./cueform.js";
import { Cues } from "./cues.js";
import { LookPanel } from "./panel.js";
import { Storing } from "./storing.js";
import { Takes } from "./takes.js";
import { Tiles } from "./tiles.js";
import { texts } from "./words.js";

/** @typedef {import("../types.js").Services} Services */

export class LooksScreen {
  #path = "";

  /** @param {Services} services */
  constructor(services) {
    this.tiles = new Tiles(services);
    this.panel = new LookPanel(services);
    this.storing = new Storing(services);
    this.cues = new Cues(services);
    this.cueForm = new CueForm(services);
    this.takes = new Takes(services);
    this.links = [link("#/looks", texts.looks), link("#/looks/cues", texts.cueList), link("#/looks/takes", texts.takes)];
    this.add = element("a", { class: "button store" });
    const head = element(
      "div",
      { class: "looks-head" },
      element("nav", { class: "switch", "aria-label": texts.looks }, ...this.links),
      this.add,
    );
    const rooms = [this.tiles, this.cues, this.takes, this.panel, this.storing, this.cueForm].map((room) => room.root);
    this.root = element(
      "section",
      { class: "screen looks", "aria-label": texts.looks },
      head,
      element("div", { class: "looks-body" }, ...rooms),
    );
    services.store.on("show", () => this.#arrive(services));
  }

  /** @param {string[]} path  [] · [ID] · [ID, "store"] · ["+"] · ["cues"] · ["cues", NUMBER | "+"] · ["takes"] */
  show(path) {
    const key = path.join("/");
    const again = key === this.#path;
    this.#path = key;
    const [first, second] = path;
    const cues = first === "cues";
    const takes = first === "takes";
    const storing = first === "+" || (!cues && second === "store");
    const near = Boolean(first) && !cues && !takes && !storing;
    this.tiles.root.hidden = cues || takes;
    this.takes.root.hidden = !takes;
    this.add.hidden = takes;
    this.cues.root.hidden = !cues;
    this.panel.root.hidden = !near;
    this.storing.root.hidden = !storing;
    this.cueForm.root.hidden = !(cues && second);
    this.root.classList.toggle("near", near || storing || (cues && Boolean(second)));
    this.add.href = cues ? "#/looks/cues/+" : "#/looks/+";
    this.add.textContent = cues ? texts.addCue : texts.storeLook;
    this.add.classList.toggle("primary", !cues);
    const at = takes ? 2 : cues ? 1 : 0;
    for (const [index, each] of this.links.entries()) mark(each, index === at);
    this.tiles.choose(near || second === "store" ? first : "");
    this.cues.draw();
    if (again) return;
    if (takes) this.takes.show();
    if (near) this.panel.show(first);
    if (storing) this.storing.show(first === "+" ? "" : first);
    if (cues && second) this.cueForm.show(second);
  }

  hide() {
    this.#path = "\n"; // coming back begins the forms anew
  }

  /** A deep link opened before the show came: its form is filled once there is something to fill it with. @param {Services} services */
  #arrive(services) {
    if (this.#arrived || !services.store.show) return;
    this.#arrived = true;
    const path = this.#path;
    if (path === "\n" || this.root.hidden) return;
    this.#path = "";
    this.show(path.split("/").filter(Boolean));
  }

  #arrived = false;
}

/** @param {string} href @param {string} text */
const link = (href, text) => element("a", { href }, text);

/** @param {HTMLAnchorElement} link @param {boolean} here */
function mark(link, here) {
  if (here) link.setAttribute("aria-current", "page");
  else link.removeAttribute("aria-current");
}

/** The slate in the head of the page: which take it is and whether it rolls; its sheet comes when it is asked for. */

import { element } from "./html.js";
import { style } from "./screens.js";
import { texts } from "./texts.js";

const LOW = matchMedia("(orientation: landscape) and (max-height: 500px)");

export class SlateButton {
  #word = element("strong", { hidden: true }, texts.rolling);
  #slate = element("span");
  root = element(
    "button",
    { type: "button", class: "slate", title: texts.slateTitle, onclick: () => this.#open() },
    this.#word,
    " ",
    this.#slate,
  );
  /** What a rolling take means for this page. */
  note = element("p", { class: "rolling-note", role: "status", hidden: true });
  /** @type {Promise<import("./take/sheet.js").TakeSheet> | null} */
  #sheet = null;

  /** @param {import("./types.js").Services} services */
  constructor(services) {
    this.services = services;
    for (const topic of /** @type {const} */ (["live", "role"])) services.store.on(topic, () => this.#draw());
    this.#draw();
  }

  /** Beside the title; a phone on its side has no head, there it stands in the bar. @param {HTMLElement} head @param {HTMLElement} bar */
  stand(head, bar) {
    const place = () => (LOW.matches ? bar.prepend(this.root) : head.append(this.root));
    LOW.addEventListener("change", place);
    place();
  }

  #draw() {
    const { store } = this.services;
    const { rolling, scene, shot, take, ride } = store.live.take;
    this.root.classList.toggle("rolling", rolling);
    this.#word.hidden = !rolling;
    this.#slate.textContent = texts.slate(scene, shot, take);
    const other = store.may("panic") ? texts.rollingOther(ride.length) : texts.rollingViewer;
    const said = !rolling ? "" : store.shut ? other : texts.rollingAdmin;
    if (this.note.textContent !== said) this.note.textContent = said;
    this.note.hidden = !rolling;
  }

  async #open() {
    this.#sheet ??= this.#load();
    try {
      (await this.#sheet).open();
    } catch (error) {
      this.#sheet = null; // the next tap tries again
      this.services.toast.show(texts.notHere);
      console.warn(error);
    }
  }

  async #load() {
    const [{ TakeSheet }] = await Promise.all([import("./take/sheet.js"), style("take/take.css")]);
    return new TakeSheet(this.services);
  }
}

/** Who may come in: devices with their roles, and a new code to let one in. */

import { Poll } from "../forms/poll.js";
import { gated } from "../gate.js";
import { element, keep, svg } from "../html.js";
import { texts as common } from "../texts.js";
import { button, headed, Word } from "./section.js";
import { texts } from "./words.js";

/** @typedef {import("../types.js").Role} Role */
/** @typedef {{id: string, name: string, role: Role, paired: number, seen: number, here: boolean, pages: number}} Device */
/** @typedef {{role: Role, pin: string, url: string, qr: {size: number, path: string}, expires_s: number}} Offer */

const ROLES = /** @type {const} */ (["viewer", "operator", "admin"]);
const POLL_S = 5;
const SURE_MS = 4000; // so long a second tap counts as meant

export class People {
  /** @type {Map<string, HTMLLIElement>} */
  #items = new Map();
  /** @type {Map<string, Device>} */
  #devices = new Map();
  #word = new Word();
  #list = element("ul", { class: "rows devices", role: "list" });
  #role = element(
    "select",
    {},
    ...ROLES.map((role) =>
      element("option", { value: role, selected: role === "operator" }, `${common.roles[role]}: ${texts.roleMay[role]}`),
    ),
  );
  #offer = element("div", { class: "offer", hidden: true });
  #clock = 0;
  #poll;

  /** @param {import("../types.js").Services} services */
  constructor(services) {
    this.services = services;
    const role = element("label", { class: "field wide" }, element("span", {}, texts.roleOfNew), this.#role);
    const make = button(texts.newCode, () => this.#make(), "primary");
    const fresh = element(
      "section",
      { class: "part" },
      element("h3", {}, texts.letIn),
      gated(services.store, "structure", element("div", { class: "fields" }, role, make)),
      this.#offer,
    );
    const devices = element("section", { class: "part" }, element("h3", {}, texts.devices), this.#list);
    this.root = element("section", { "aria-label": texts.people }, headed(texts.people, "#/setup").root, this.#word.root, fresh, devices);
    this.#poll = new Poll(
      POLL_S,
      () => services.api.get("users"),
      (devices) => this.#draw(devices),
      (fault) => this.#word.explain(fault),
    );
  }

  show() {
    this.#poll.start();
  }

  hide() {
    this.#poll.stop();
    this.#close();
  }

  /** @param {Device[]} devices */
  #draw(devices) {
    this.#word.say(devices.length ? "" : texts.noDevices);
    this.#devices = new Map(devices.map((device) => [device.id, device]));
    keep(
      this.#list,
      this.#items,
      devices.map(({ id }) => id),
      (id) => this.#make1(id),
    );
    for (const device of devices) this.#fill(device);
  }

  /** @param {string} id */
  #make1(id) {
    const select = element("select", {}, ...ROLES.map((role) => element("option", { value: role }, common.roles[role])));
    select.addEventListener("change", () => this.#change(id, /** @type {Role} */ (select.value)));
    const out = button(texts.showOut, () => this.#showOut(id, out), "quiet danger");
    const controls = gated(this.services.store, "structure", element("div", { class: "device-tools" }, select, out));
    return element("li", { class: "device" }, element("strong"), element("span", { class: "facts" }), controls);
  }

  /** @param {Device} device */
  #fill({ id, name, role, seen, here, pages }) {
    const item = this.#items.get(id);
    const select = item?.querySelector("select");
    if (!item || !select) return;
    const title = here ? texts.thisDevice(name) : name;
    if (item.children[0].textContent !== title) item.children[0].textContent = title;
    item.children[1].textContent = pages ? texts.connected(pages) : texts.seen(new Date(seen * 1000));
    select.setAttribute("aria-label", texts.roleOf(name));
    if (document.activeElement !== select) select.value = role;
    item.querySelector("button")?.setAttribute("aria-label", texts.showOutWhom(name));
  }

  /** @param {string} id @param {Role} role */
  async #change(id, role) {
    await this.#ask("PATCH", id, { role }, (name) => texts.roleChanged(name, common.roles[role]));
  }

  /** Nothing brings a token back, so the first tap only asks. @param {string} id @param {HTMLButtonElement} button */
  async #showOut(id, button) {
    if (button.dataset.sure) {
      await this.#ask("DELETE", id, undefined, texts.isOut);
      return;
    }
    button.dataset.sure = "1";
    button.textContent = texts.sure;
    setTimeout(() => {
      delete button.dataset.sure;
      button.textContent = texts.showOut;
    }, SURE_MS);
  }

  /** @param {string} method @param {string} id @param {unknown} body @param {(name: string) => string} done */
  async #ask(method, id, body, done) {
    const { api, toast } = this.services;
    try {
      await api.send(method, `users/${encodeURIComponent(id)}`, body);
      toast.show(done(this.#devices.get(id)?.name ?? ""));
    } catch (fault) {
      toast.problem(fault);
    }
    this.#poll.start();
  }

  async #make() {
    try {
      this.#show(await this.services.api.send("POST", "pair/new", { role: this.#role.value }));
      this.#word.say("");
    } catch (fault) {
      this.#word.explain(fault);
      this.#close();
    }
  }

  /** @param {Offer} offer */
  #show({ role, pin, url, qr, expires_s }) {
    const picture = svg(
      "svg",
      { class: "qr", viewBox: `0 0 ${qr.size} ${qr.size}`, role: "img", "aria-label": texts.qrOf(url) },
      svg("path", { d: qr.path }),
    );
    const left = element("p", { class: "facts" });
    const end = Date.now() + expires_s * 1000;
    const address = element("p", { class: "address" }, url.replace(/pair#.*$/, ""));
    const words = element(
      "div",
      {},
      element("p", {}, texts.scan(common.roles[role])),
      element("p", { class: "pin", "aria-label": texts.pinSpelt(pin) }, `${pin.slice(0, 3)} ${pin.slice(3)}`),
      element("p", { class: "hint" }, texts.orType),
      address,
      left,
    );
    const tick = () => {
      const seconds = Math.max(0, Math.round((end - Date.now()) / 1000));
      left.textContent = texts.expires(seconds);
      if (!seconds) this.#close();
    };
    this.#close();
    this.#offer.replaceChildren(picture, words);
    this.#offer.hidden = false;
    this.#clock = setInterval(tick, 1000);
    tick();
  }

  #close() {
    clearInterval(this.#clock);
    this.#offer.hidden = true;
    this.#offer.replaceChildren();
  }
}

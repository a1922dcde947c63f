/** The whole show in one file, and back from one. */

import { gated } from "../gate.js";
import { element } from "../html.js";
import { button, download, headed, Word } from "./section.js";
import { texts } from "./words.js";

const LARGEST = 16 << 20;

export class Backup {
  #word = new Word();
  #told = element("div", { class: "told", role: "status", hidden: true });
  #file = element("input", { type: "file", accept: ".json,application/json", class: "file" });
  #restore = button(texts.restore, () => this.#send(), "primary");
  /** @type {File | null} */
  #chosen = null;

  /** @param {import("../types.js").Services} services */
  constructor(services) {
    this.services = services;
    const { store } = services;
    const save = element(
      "section",
      { class: "part" },
      element("h3", {}, texts.backupSave),
      element("p", { class: "hint" }, texts.backupWhy),
      gated(
        store,
        "structure",
        button(texts.backupDownload, () => this.#save(), "primary"),
      ),
    );
    const choose = element(
      "label",
      { class: "field wide drop" },
      element("span", {}, texts.backupFile),
      this.#file,
      element("small", { class: "hint" }, texts.backupHint),
    );
    this.#restore.hidden = true;
    const back = element(
      "section",
      { class: "part" },
      element("h3", {}, texts.restoreTitle),
      gated(store, "structure", choose, this.#told, this.#restore),
    );
    this.root = element("section", { "aria-label": texts.backup }, headed(texts.backup, "#/setup").root, this.#word.root, save, back);
    this.#file.addEventListener("change", () => this.#look(this.#file.files?.[0]));
  }

  show() {
    this.#word.say("");
    this.#choose(null);
    this.#told.hidden = true;
  }

  async #save() {
    const { api, store } = this.services;
    try {
      const backup = await api.get("backup");
      const day = new Date().toISOString().slice(0, 10);
      download(
        new Blob([JSON.stringify(backup, null, 1)], { type: "application/json" }),
        `${store.show?.name || "lumad"} ${day}.lumad-backup.json`,
      );
      this.#word.say(texts.backupSaved);
    } catch (fault) {
      this.#word.explain(fault);
    }
  }

  /** Says what is in the file before anything happens. @param {File | undefined} file */
  async #look(file) {
    if (!file) return;
    this.#choose(null);
    if (file.size > LARGEST) return this.#say("bad", [texts.notABackup(file.name), texts.tooLarge]);
    try {
      const { lumad_backup, show, version, time } = JSON.parse(await file.text());
      if (lumad_backup === undefined || typeof show !== "object") throw new SyntaxError(texts.notOurs);
      const date = time ? new Date(time * 1000) : null;
      const counts = [
        Object.keys(show.fixtures ?? {}).length,
        Object.keys(show.regions ?? {}).length,
        Object.keys(show.looks ?? {}).length,
      ];
      this.#say("", [
        show.name || file.name,
        texts.backupOf(String(version ?? "?"), date),
        texts.backupHolds(counts[0], counts[1], counts[2]),
        texts.restoreWhy,
      ]);
      this.#choose(file);
    } catch {
      this.#say("bad", [texts.notABackup(file.name), texts.notOurs]);
    }
  }

  async #send() {
    const { api, toast } = this.services;
    if (!this.#chosen) return;
    this.#restore.disabled = true;
    try {
      await api.send("POST", "backup", new Blob([this.#chosen], { type: "application/json" }));
      toast.undoable(texts.restored);
      this.show();
    } catch (fault) {
      if (fault instanceof Error) throw fault;
      const { detail, title, faults = [], status } = /** @type {import("../api.js").Fault} */ (fault);
      const lines = faults.map(({ path, message }) => (path ? `${path}: ${message}` : message));
      const whole = status === 0 ? texts.noAnswer : detail || title;
      this.#say("bad", [texts.notRestored, ...(lines.length ? lines : [whole])]);
      this.#choose(null);
    }
    this.#restore.disabled = false;
  }

  /** @param {File | null} file */
  #choose(file) {
    this.#chosen = file;
    this.#restore.hidden = !file;
    if (!file) this.#file.value = "";
  }

  /** @param {"" | "bad"} kind @param {string[]} lines */
  #say(kind, [head, ...lines]) {
    this.#told.hidden = false;
    this.#told.className = `told ${kind}`;
    this.#told.replaceChildren(
      element("strong", {}, head),
      element("ul", { role: "list" }, ...lines.map((line) => element("li", {}, line))),
    );
  }
}

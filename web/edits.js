/** Edits on their way: one message per path and animation frame, one gesture id per undo step, no own echoes. */

/** @typedef {import("./store.js").Value} Value */
/** @typedef {{gesture: string, last: number, done: number, rev: number, held: boolean, waiting: boolean}} Draft */

const STEPS = new Set(["edit", "match-white", "undo", "redo"]);
const CLIENT = Math.random().toString(36).slice(2, 8);

export class Edits {
  #id = 0;
  #gesture = 0;
  #frame = 0;
  /** @type {Map<string, Draft>} */
  #drafts = new Map();
  /** @type {Map<number, string>} */
  #asked = new Map();
  /** @type {Map<number, (done: boolean) => void>} */
  #answers = new Map();
  /** @type {Record<string, unknown>} */
  #live = {};

  /**
   * @param {import("./socket.js").Socket} socket
   * @param {import("./store.js").Store} store
   */
  constructor(socket, store) {
    this.socket = socket;
    this.store = store;
    /** @type {(problem: import("./types.js").Problem) => void} */
    this.onrefused = () => {};
    /** Something else becomes the newest step. */
    this.onstep = () => {};
  }

  /** A new gesture id: edits that carry the same one are undone together. */
  gesture() {
    this.#gesture += 1;
    this.onstep();
    return `${CLIENT}-${this.#gesture}`;
  }

  /**
   * Shows the edit at once and sends it with the next animation frame.
   * @param {string} path  regions/ID, fixtures/ID, looks/ID, …, a list as cues, or show
   * @param {Value} value  changed keys (a merge patch), null deletes; a list is replaced whole
   * @param {string} gesture
   * @param {boolean} [held]  the finger is still down: lumad's echoes wait until `release`
   */
  edit(path, value, gesture, held = false) {
    if (!this.store.free) return;
    const draft = this.#drafts.get(path) ?? { gesture, last: 0, done: 0, rev: -1, held, waiting: true };
    this.#drafts.set(path, Object.assign(draft, { gesture, held, waiting: true }));
    this.store.draft(path, value);
    this.#schedule();
  }

  /**
   * The finger left: what is pending goes now, then lumad's word counts again.
   * @param {string} path
   */
  release(path) {
    const draft = this.#drafts.get(path);
    if (!draft) return;
    draft.held = false;
    this.flush();
    this.#settle(path, draft);
  }

  /**
   * Master, blackout, freeze, solo. The master is coalesced, panic controls go at once.
   * @param {Record<string, number | boolean | string[]>} value
   * @param {boolean} [now]
   * @returns {boolean} whether it left (true while it waits for its frame)
   */
  live(value, now = true) {
    if (this.store.locked && value.blackout === undefined) return false;
    if (now) return this.#send({ type: "live", ...value }) > 0;
    Object.assign(this.#live, value);
    this.#schedule();
    return true;
  }

  /** Whether lumad has answered every live value: until then the hand knows better than the echo. */
  get liveSettled() {
    return !Object.keys(this.#live).length && ![...this.#asked.values()].includes("live");
  }

  /** @param {"undo" | "redo"} type */
  step(type) {
    this.ask({ type });
  }

  /**
   * Asks lumad for something that is no edit: a look to go, the next cue, identify. Never kept for later.
   * @param {{type: string} & Record<string, unknown>} message
   * @returns {Promise<boolean>} whether it was done; why not has been said
   */
  ask(message) {
    if (!this.store.free) return Promise.resolve(false);
    this.onstep();
    this.flush();
    const id = this.#send(message);
    return id ? new Promise((answer) => this.#answers.set(id, answer)) : Promise.resolve(false);
  }

  flush() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    if (Object.keys(this.#live).length) this.#send({ type: "live", ...this.#live });
    this.#live = {};
    for (const [path, draft] of this.#drafts) {
      if (!draft.waiting) continue;
      draft.waiting = false;
      draft.last = this.#send({ type: "edit", gesture: draft.gesture, path, value: this.store.drafts.get(path) ?? null });
    }
  }

  /**
   * @param {number} id
   * @param {number} rev
   */
  done(id, rev) {
    this.#learn(id);
    this.#answer(id, true);
    for (const [path, draft] of this.#drafts) {
      if (draft.last !== id) continue;
      Object.assign(draft, { done: id, rev });
      this.#settle(path, draft);
    }
  }

  /**
   * @param {number} id
   * @param {import("./types.js").Problem} problem
   */
  refused(id, problem) {
    this.#asked.delete(id);
    this.#answer(id, false);
    for (const [path, draft] of this.#drafts) if (draft.last === id) this.#forget(path);
    this.onrefused(problem);
  }

  /** @param {number} id @param {boolean} done */
  #answer(id, done) {
    this.#answers.get(id)?.(done);
    this.#answers.delete(id);
  }

  /** A show arrived: drafts that it contains are over. */
  caughtUp() {
    for (const [path, draft] of this.#drafts) this.#settle(path, draft);
  }

  /** The connection broke: nothing may fire later. */
  drop() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#live = {};
    this.#drafts.clear();
    this.#asked.clear();
    for (const id of this.#answers.keys()) this.#answer(id, false);
    this.store.drafts.clear();
    this.store.redraft();
  }

  /**
   * @param {string} path
   * @param {Draft} draft
   */
  #settle(path, draft) {
    const over = !draft.held && !draft.waiting && draft.done === draft.last && this.store.rev >= draft.rev;
    if (over) this.#forget(path);
  }

  /** @param {string} path */
  #forget(path) {
    this.#drafts.delete(path);
    this.store.drafts.delete(path);
    this.store.redraft();
  }

  #schedule() {
    this.#frame ||= requestAnimationFrame(() => this.flush());
  }

  /** What a finished request says about undo and redo before the next status does. */
  #learn(/** @type {number} */ id) {
    const type = this.#asked.get(id);
    this.#asked.delete(id);
    const { status } = this.store;
    if (!status || !type || !STEPS.has(type)) return;
    if (type !== "undo") status.can_undo = true;
    if (type !== "redo") status.can_redo = type === "undo";
    this.store.tell("status");
  }

  /**
   * @param {{type: string} & Record<string, unknown>} message
   * @returns {number} the request's id, 0 when it could not leave
   */
  #send(message) {
    this.#id += 1;
    if (!this.socket.send({ ...message, id: this.#id })) return 0;
    this.#asked.set(this.#id, message.type);
    return this.#id;
  }
}

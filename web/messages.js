/** What lumad says, put where the page keeps it. */

/** @typedef {import("./socket.js").Message} Message */

export class Messages {
  /**
   * @param {import("./store.js").Store} store
   * @param {import("./edits.js").Edits} edits
   */
  constructor(store, edits) {
    this.store = store;
    /** @type {Record<string, (message: Message) => void>} */
    this.kinds = {
      hello: ({ role = "admin" }) => {
        store.rev = -1;
        Object.assign(store, { role });
        store.tell("role");
      },
      show: ({ show, rev }) => {
        store.receive(show, rev);
        edits.caughtUp();
      },
      live: ({ master, blackout, freeze, solo = [], identify = [], cue = null, take }) => {
        const shown = edits.liveSettled ? master : store.live.master;
        const before = store.live.take.rolling;
        store.live = { master: shown, blackout, freeze, solo, identify, cue, take: take ?? store.live.take };
        if (store.live.take.rolling !== before) store.tell("role");
        store.tell("live");
      },
      lights: ({ regions, fixtures, stage }) => {
        store.lights = { regions, fixtures, stage: stage ?? undefined };
        store.tell("lights");
      },
      status: ({ type: _, ...status }) => {
        store.status = /** @type {import("./types.js").Status} */ (status);
        store.tell("status");
      },
      health: ({ inputs = [] }) => this.#hearConsoles(inputs),
      event: ({ type: _, ...event }) => store.note(/** @type {import("./types.js").LogEvent} */ (event)),
      dmx: ({ type: _, ...levels }) => {
        store.dmx = /** @type {import("./types.js").DmxLevels} */ (levels);
        store.tell("dmx");
      },
      pong: ({ t }) => {
        store.roundTrip = performance.now() - t;
      },
      done: ({ id, rev }) => edits.done(id, rev),
      refused: ({ id, problem }) => edits.refused(id, problem),
    };
  }

  /** @param {Message} message */
  receive(message) {
    this.kinds[message.type]?.(message);
  }

  /** @param {import("./types.js").Input[]} inputs */
  #hearConsoles(inputs) {
    this.store.inputs = inputs;
    this.store.tell("inputs");
  }
}

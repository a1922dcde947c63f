/** Asking again and again while somebody looks: one question at a time, none while the page is hidden. */

/** @typedef {{title: string, detail: string, status: number}} Fault */

/** @template T */
export class Poll {
  #timer = 0;
  #round = 0;

  /**
   * @param {number} seconds  between an answer and the next question
   * @param {() => Promise<T>} ask
   * @param {(answer: T) => void} answered
   * @param {(fault: Fault) => void} failed
   */
  constructor(seconds, ask, answered, failed) {
    this.seconds = seconds;
    this.ask = ask;
    this.answered = answered;
    this.failed = failed;
  }

  /** Asks at once, then again and again; what was under way is forgotten. */
  start() {
    this.stop();
    this.#turn(this.#round);
  }

  stop() {
    clearTimeout(this.#timer);
    this.#round += 1;
  }

  /** @param {number} round */
  async #turn(round) {
    if (!document.hidden) {
      try {
        const answer = await this.ask();
        if (round === this.#round) this.answered(answer);
      } catch (fault) {
        if (!(fault instanceof Error) && round === this.#round) this.failed(/** @type {Fault} */ (fault));
        if (fault instanceof Error) throw fault;
      }
    }
    if (round === this.#round) this.#timer = setTimeout(() => this.#turn(round), this.seconds * 1000);
  }
}

/** The tap that wakes a phone, or meets a page that just came back, must not press what lies beneath. */

const DEAF_MS = 300;

export class Wake {
  #until = 0;
  #swallowing = false;

  constructor() {
    document.addEventListener("visibilitychange", () => document.hidden || this.begin());
    addEventListener("pageshow", ({ persisted }) => persisted && this.begin());
    addEventListener("pointerdown", (event) => this.#down(event), { capture: true });
    addEventListener("click", (event) => this.#click(event), { capture: true });
  }

  /** The page came back now. */
  begin() {
    this.#until = performance.now() + DEAF_MS;
  }

  /** @param {PointerEvent} event */
  #down(event) {
    const panic = event.target instanceof Element && event.target.closest(".blackout");
    this.#swallowing = !panic && performance.now() < this.#until;
    if (this.#swallowing) event.stopImmediatePropagation();
  }

  /** @param {MouseEvent} event */
  #click(event) {
    if (!this.#swallowing || !event.detail) return; // a keyboard's click has no pointer behind it
    this.#swallowing = false;
    event.stopImmediatePropagation();
    event.preventDefault();
  }
}

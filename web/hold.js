/** Press and hold: something is true for as long as a finger, a mouse or the space bar stays down. */

/**
 * Calls `start` when the button goes down and `end` when it is let go, however that happens.
 * @param {HTMLElement} button
 * @param {() => void} start
 * @param {() => void} end
 */
export function hold(button, start, end) {
  let held = false;
  const down = () => {
    if (held) return;
    held = true;
    button.classList.add("held");
    start();
  };
  const up = () => {
    if (!held) return;
    held = false;
    button.classList.remove("held");
    end();
  };
  const isKey = (/** @type {KeyboardEvent} */ event) => event.key === " " || event.key === "Enter";
  button.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    button.setPointerCapture(event.pointerId);
    down();
  });
  for (const type of ["pointerup", "pointercancel", "blur"]) button.addEventListener(type, up);
  button.addEventListener("keydown", (event) => isKey(event) && down());
  button.addEventListener("keyup", (event) => isKey(event) && up());
  button.addEventListener("contextmenu", (event) => event.preventDefault());
  addEventListener("pagehide", up);
}

const LONG_MS = 500;
const STILL = 8; // pixels: a finger that goes further scrolls

/**
 * Calls `run` once a press has lasted half a second in place; the click after it does nothing.
 * @param {HTMLElement} target
 * @param {(event: PointerEvent) => void} run
 */
export function longPress(target, run) {
  let timer = 0;
  let fired = false;
  /** @type {[number, number]} */
  let from = [0, 0];
  const stop = () => clearTimeout(timer);
  target.addEventListener("pointerdown", (event) => {
    stop();
    fired = false;
    if (event.button !== 0) return;
    from = [event.clientX, event.clientY];
    timer = setTimeout(() => {
      fired = true;
      run(event);
    }, LONG_MS);
  });
  target.addEventListener("pointermove", ({ clientX, clientY }) => {
    if (Math.hypot(clientX - from[0], clientY - from[1]) > STILL) stop();
  });
  for (const type of ["pointerup", "pointercancel", "pointerleave"]) target.addEventListener(type, stop);
  const swallow = (/** @type {Event} */ event) => {
    if (!fired) return;
    fired = false;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  target.addEventListener("click", swallow, { capture: true });
  target.addEventListener("contextmenu", (event) => event.preventDefault());
}

/** The wall's picture: JPEG frames from the socket, drawn newest first, each one acknowledged. */

const HEADER_BYTES = 8; // sequence, frame number: two big-endian 32-bit numbers
const WINDOW_MS = 5000;
const OFFERED_FPS = 25;
const WIDTHS = [320, 640, 960];

export class Preview {
  #drawn = 0;
  #width = 0;
  /** @type {number[]} */
  #times = [];

  /** @param {import("../socket.js").Socket} socket */
  constructor(socket, canvas = document.createElement("canvas")) {
    this.socket = socket;
    this.canvas = canvas;
    this.frames = 0;
    this.onfirst = () => {};
    this.ondrawn = () => {};
    document.addEventListener("visibilitychange", () => this.ask());
    new ResizeObserver(() => this.#fit()).observe(canvas);
  }

  /** Asks for pictures, or for none while nobody looks or another tab is open. Call on each new connection. */
  ask() {
    this.#drawn = 0;
    const on = !document.hidden && this.canvas.clientWidth > 0;
    this.socket.send({ type: "preview", on, width: this.#width || 640 });
  }

  /**
   * How well pictures come: those of the last seconds, beside what is offered.
   * @param {number | null | undefined} feedFps
   * @returns {import("../types.js").PreviewFigures | null}
   */
  figures(feedFps) {
    const now = performance.now();
    this.#times = this.#times.filter((time) => now - time < WINDOW_MS);
    if (!this.#times.length) return null;
    const fps = (this.#times.length * 1000) / WINDOW_MS;
    return { fps, lost: Math.max(0, 1 - fps / Math.min(OFFERED_FPS, feedFps || OFFERED_FPS)), width: this.canvas.width };
  }

  /** @param {ArrayBuffer} message */
  async receive(message) {
    const sequence = new DataView(message).getUint32(0);
    try {
      const picture = await createImageBitmap(new Blob([new Uint8Array(message, HEADER_BYTES)], { type: "image/jpeg" }));
      if (sequence >= this.#drawn) this.#draw(picture, sequence);
      picture.close();
    } finally {
      this.socket.send({ type: "ack", frame: sequence });
    }
  }

  /**
   * @param {ImageBitmap} picture
   * @param {number} sequence
   */
  #draw(picture, sequence) {
    const { canvas } = this;
    if (canvas.width !== picture.width || canvas.height !== picture.height) {
      canvas.width = picture.width;
      canvas.height = picture.height;
    }
    canvas.getContext("2d", { alpha: false })?.drawImage(picture, 0, 0);
    this.#drawn = sequence;
    this.frames += 1;
    this.#times.push(performance.now());
    if (this.frames === 1) this.onfirst();
    this.ondrawn();
  }

  /** The smallest size that looks sharp; 640 is enough on a hand-held screen. */
  #fit() {
    const wanted = this.canvas.clientWidth * Math.min(devicePixelRatio, 1.5);
    const width = wanted && (WIDTHS.find((each) => each >= wanted * 0.8) ?? WIDTHS[WIDTHS.length - 1]);
    if (width === this.#width) return;
    this.#width = width;
    this.ask();
  }
}

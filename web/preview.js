/** The wall's picture: JPEG frames from the socket, drawn newest first, each one acknowledged. */

const HEADER_BYTES = 8; // sequence, frame number: two big-endian 32-bit numbers
const WIDTHS = [320, 640, 960];

export class Preview {
  #drawn = 0;
  #width = 0;

  /** @param {import("./socket.js").Socket} socket */
  constructor(socket, canvas = document.createElement("canvas")) {
    this.socket = socket;
    this.canvas = canvas;
    this.frames = 0;
    this.onfirst = () => {};
    document.addEventListener("visibilitychange", () => this.ask());
    new ResizeObserver(() => this.#fit()).observe(canvas);
  }

  /** Asks for pictures, or for none while nobody looks. Call on each new connection. */
  ask() {
    this.#drawn = 0;
    this.socket.send({ type: "preview", on: !document.hidden, width: this.#width || 640 });
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
    if (this.frames === 1) this.onfirst();
  }

  /** The smallest size that looks sharp; 640 is enough on a hand-held screen. */
  #fit() {
    const wanted = this.canvas.clientWidth * Math.min(devicePixelRatio, 1.5);
    const width = WIDTHS.find((each) => each >= wanted * 0.8) ?? WIDTHS[WIDTHS.length - 1];
    if (width === this.#width) return;
    this.#width = width;
    this.ask();
  }
}

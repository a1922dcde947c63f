/** The one connection to lumad: heartbeat, staleness, reconnecting. Nothing is queued, so nothing fires late. */

const PING_MS = 1000;
const STALE_MS = 2500;
const RETRY_MS = 500;
const REFUSED = 1008; // RFC 6455, 7.4.1: a policy was violated

/** @typedef {{type: string} & Record<string, any>} Message */

export class Socket {
  /** @type {WebSocket | null} */
  #socket = null;
  #greeted = false;
  #heard = 0;
  #opened = 0;
  #retry = 0;

  /** @param {string} url */
  constructor(url) {
    this.url = url;
    /** @type {import("./types.js").Link} */
    this.link = "connecting";
    /** @type {(message: Message) => void} */
    this.onmessage = () => {};
    /** @type {(frame: ArrayBuffer) => void} */
    this.onframe = () => {};
    /** @type {(link: import("./types.js").Link) => void} */
    this.onlink = () => {};
    /** The door closed, or never opened: perhaps this device is not let in any more. */
    this.onrefused = () => {};
  }

  start() {
    this.#open();
    setInterval(() => this.send({ type: "ping", t: performance.now() }), PING_MS);
    setInterval(() => this.#watch(), PING_MS / 4);
    document.addEventListener("visibilitychange", () => document.hidden || this.#wake());
    addEventListener("online", () => this.#wake());
  }

  /**
   * Sends now or not at all.
   * @param {Message} message
   * @returns {boolean} whether it left
   */
  send(message) {
    if (!this.#greeted || this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  #open() {
    clearTimeout(this.#retry);
    this.#drop();
    const socket = new WebSocket(this.url);
    socket.binaryType = "arraybuffer";
    socket.onmessage = (event) => this.#receive(event.data);
    socket.onclose = ({ code }) => {
      const refused = code === REFUSED || !this.#greeted;
      this.#lost();
      if (refused) this.onrefused();
    };
    this.#socket = socket;
    this.#opened = performance.now();
  }

  /** Forgets the socket without waiting for a peer that may be frozen. */
  #drop() {
    if (!this.#socket) return;
    this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
    this.#socket = null;
    this.#greeted = false;
  }

  #lost() {
    this.#drop();
    if (this.link === "live") this.#set("stale");
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#open(), RETRY_MS);
  }

  get #silent() {
    return performance.now() - Math.max(this.#heard, this.#opened) > STALE_MS;
  }

  #watch() {
    if (this.#socket && this.#silent) this.#lost();
  }

  /** A phone that slept holds a socket that only looks open: begin again at once. */
  #wake() {
    if (this.#socket && !this.#silent) return;
    this.#lost();
    this.#open();
  }

  /** @param {string | ArrayBuffer} data */
  #receive(data) {
    if (typeof data !== "string") {
      this.onframe(data);
      return;
    }
    /** @type {Message} */
    const message = JSON.parse(data);
    if (message.type === "hello") this.#greeted = true;
    if (message.type === "hello" || message.type === "pong") {
      this.#heard = performance.now();
      this.onmessage(message);
      this.#set("live");
    } else {
      this.onmessage(message);
    }
  }

  /** @param {import("./types.js").Link} link */
  #set(link) {
    if (this.link === link) return;
    this.link = link;
    this.onlink(link);
  }
}

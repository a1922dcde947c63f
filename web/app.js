/** Wiring: one socket, one store, the rooms of the page. */

import { Bar } from "./bar.js";
import { Edits } from "./edits.js";
import { Exposure } from "./exposure.js";
import { Fixtures } from "./fixtures.js";
import { element } from "./html.js";
import { Sheet } from "./sheet.js";
import { Socket } from "./socket.js";
import { Stage } from "./stage.js";
import { StatusView } from "./status.js";
import { Store } from "./store.js";
import { texts } from "./texts.js";
import { Toast } from "./toast.js";
import { Wall } from "./wall.js";

const BANNER_AFTER_MS = 700; // a quick first connection shows no banner

const store = new Store();
const socket = new Socket(`${location.protocol.replace("http", "ws")}//${location.host}/api/v1/ws${location.search}`);
const edits = new Edits(socket, store);

const wall = new Wall(socket, store, edits);
const sheet = new Sheet(store, edits);
const stage = new Stage(store);
const exposure = new Exposure(store, edits);
const fixtures = new Fixtures(store, edits, exposure.root);
const status = new StatusView(store);
const bar = new Bar(store, edits, status.button);
const toast = new Toast();

const showName = element("span", { class: "show-name" });
const header = element("header", {}, element("h1", {}, texts.product), showName);
const banner = element("p", { class: "banner", role: "alert", hidden: true });
const aside = element("div", { class: "aside" }, stage.root, fixtures.root);
const main = element("main", {}, wall.root, sheet.root, aside);
document.body.append(header, banner, main, bar.root, toast.root, status.dialog);

const undo = { label: texts.undo, run: () => edits.step("undo") };

/** What follows the region is let go in the same gesture, so that one undo brings everything back. @param {string} region */
function deleteRegion(region) {
  const gesture = edits.gesture();
  for (const [id, fixture] of Object.entries(store.show?.fixtures ?? {})) {
    if (fixture.follow?.region === region) edits.edit(`fixtures/${id}`, { follow: null }, gesture);
  }
  edits.edit(`regions/${region}`, null, gesture);
  edits.flush();
  toast.show(texts.regionDeleted(region), undo);
}

sheet.ondelete = wall.regions.ondelete = deleteRegion;
wall.regions.onpick = (region) => {
  const { fixture } = store.selection;
  if (!fixture) return false;
  fixtures.assign(fixture, region);
  store.select({});
  return true;
};
fixtures.onassigned = (fixture, region) => toast.show(texts.assigned(store.nameOf(fixture), region), undo);
bar.blackout.onfail = (text) => toast.show(text);
// An offer to undo is about the newest step only.
edits.onstep = () => toast.hide();
edits.onrefused = ({ title, detail, faults }) => {
  const fault = faults?.[0];
  toast.show(texts.refused(fault ? `${fault.path}: ${fault.message}` : detail || title));
};

/** @type {Record<string, (message: import("./socket.js").Message) => void>} */
const receive = {
  hello: () => {
    store.rev = -1;
    wall.preview.ask();
  },
  show: ({ show, rev }) => {
    store.receive(show, rev);
    edits.caughtUp();
    showName.textContent = show.name;
    document.title = `${show.name} – ${texts.product}`;
  },
  live: ({ master, blackout, freeze }) => {
    store.live = { master: edits.liveSettled ? master : store.live.master, blackout, freeze };
    store.tell("live");
  },
  lights: ({ regions, fixtures: lamps, stage: lit }) => {
    store.lights = { regions, fixtures: lamps, stage: lit ?? undefined };
    store.tell("lights");
  },
  status: (message) => {
    store.status = /** @type {import("./types.js").Status} */ (/** @type {unknown} */ (message));
    store.tell("status");
  },
  done: ({ id, rev }) => edits.done(id, rev),
  refused: ({ id, problem }) => edits.refused(id, problem),
};

function showLink() {
  const { link } = store;
  document.documentElement.dataset.link = link;
  main.inert = link !== "live";
  banner.hidden = link === "live";
  banner.textContent = link === "stale" ? texts.stale : texts.connecting;
}

socket.onmessage = (message) => receive[message.type]?.(message);
socket.onframe = (frame) => wall.preview.receive(frame);
socket.onlink = (link) => {
  store.link = link;
  if (link !== "live") edits.drop();
  showLink();
  store.tell("link");
};

main.inert = true;
setTimeout(showLink, BANNER_AFTER_MS);
socket.start();

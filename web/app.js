/** Wiring: one socket, one store, the frame of the page and the screens in it. */

import * as api from "./api.js";
import { Bar } from "./bar.js";
import { Edits } from "./edits.js";
import { element } from "./html.js";
import { Keys } from "./keys.js";
import { Messages } from "./messages.js";
import { Router } from "./router.js";
import { Screens } from "./screens.js";
import { askWhetherIn, signedIn } from "./signedout.js";
import { SlateButton } from "./slate.js";
import { Socket } from "./socket.js";
import { StatusView } from "./status.js";
import { Store } from "./store.js";
import { language, texts } from "./texts.js";
import { Toast } from "./toast.js";
import { Wake } from "./wake.js";
import { WallScreen } from "./wall/wall.js";

const BANNER_AFTER_MS = 700; // a quick first connection shows no banner

const store = new Store();
const socket = new Socket(`${location.protocol.replace("http", "ws")}//${location.host}/api/v1/ws`);
const edits = new Edits(socket, store);
const toast = new Toast();
const router = new Router();
const services = { store, socket, edits, toast, api, router };

const wake = new Wake();
const status = new StatusView(store);
const bar = new Bar(store, edits, toast, status.button);
const keys = new Keys(services, bar);
const wall = new WallScreen(services);
const screens = new Screens(services, wall);
const slate = new SlateButton(services);

const showName = element("span", { class: "show-name" });
const role = element("span", { class: "role" });
const header = element("header", {}, element("h1", {}, texts.product), showName, role, keys.button);
const banner = element("p", { class: "banner", role: "alert", hidden: true });
document.documentElement.lang = language;
slate.stand(header, bar.root);
document.body.replaceChildren(header, banner, slate.note, screens.root, bar.root, toast.root, status.dialog, keys.dialog);

toast.undo = () => edits.step("undo");
// An offer to undo is about the newest step only.
edits.onstep = () => toast.hide();
edits.onrefused = (problem) => toast.problem(problem);
bar.blackout.onfail = (text) => toast.show(text);

const messages = new Messages(store, edits);
socket.onmessage = (message) => messages.receive(message);
socket.onframe = (frame) => wall.preview.receive(frame);
store.on("status", () => {
  store.preview = wall.preview.figures(store.status?.feed.fps) ?? store.preview;
});
socket.onrefused = () => askWhetherIn();
socket.onlink = (link) => {
  if (link === "live" && store.link === "stale") wake.begin();
  store.link = link;
  if (link === "live") signedIn();
  if (link === "live") wall.preview.ask();
  else edits.drop();
  store.tell("link");
};

store.on("link", showLink);
store.on("show", () => {
  showName.textContent = store.show?.name ?? "";
  document.title = `${store.show?.name} – ${texts.product}`;
});
store.on("role", () => {
  role.textContent = store.role === "admin" ? "" : texts.roles[store.role];
  role.title = texts.rolesWhy[store.role];
});
router.onchange = (path) => {
  bar.mark(path[0]);
  screens.show(path);
};

function showLink() {
  const { link, locked } = store;
  Object.assign(document.documentElement.dataset, { link, locked });
  screens.root.inert = !store.free;
  banner.hidden = link === "live" || performance.now() < BANNER_AFTER_MS;
  banner.textContent = link === "stale" ? texts.stale : texts.connecting;
}

showLink();
setTimeout(showLink, BANNER_AFTER_MS);
router.onchange(router.path);
socket.start();

import assert from "node:assert/strict";
import { test } from "node:test";

import { colourOf } from "../../web/looks/colour.js";
import { freeId, freeNumber, isOn, moved } from "../../web/looks/look.js";

const lamp = { profile: "generic/rgb", mode: "8bit", universe: 1, address: 1 };
const show = (/** @type {object} */ settings) =>
  /** @type {any} */ ({ regions: { sun: { center: [0.5, 0.5], size: [0.1, 0.1] } }, fixtures: { key: { ...lamp, ...settings } } });

test("a look is on when the show says the same, however it is written", () => {
  const look = { fixtures: { key: { control: "follow", follow: "sun", level: 1, trims: { mired: 0 } } } };
  assert.equal(isOn(look, show({ follow: { region: "sun", take: "both" } })), true);
  assert.equal(isOn(look, show({ follow: { region: "sun", take: "colour" } })), false);
  assert.equal(isOn({ fixtures: { key: { follow: false, colour: "wall-white" } } }, show({ follow: null })), true);
});

test("a look that names nothing, or a lamp that is gone, is never on", () => {
  assert.equal(isOn({}, show({})), false);
  assert.equal(isOn({ fixtures: { rim: { level: 1 } } }, show({})), false);
});

test("names become ids that nobody has", () => {
  assert.equal(freeId("Golden hour!", []), "golden-hour");
  assert.equal(freeId("Größe", ["grosse"]), "grosse-2");
  assert.equal(freeId("Cues", []), "cues-2");
  assert.equal(freeId("夜", []), "look");
});

test("a moved cue takes its neighbour's number, and a new one finds room", () => {
  const cues = [
    { number: 1, look: "a" },
    { number: 2.5, look: "b" },
  ];
  assert.deepEqual(moved(cues, 1, 1)?.list, [
    { number: 1, look: "b" },
    { number: 2.5, look: "a" },
  ]);
  assert.equal(moved(cues, 1, -1), null);
  assert.deepEqual([freeNumber(cues), freeNumber(cues, 1), freeNumber([])], [3, 2, 1]);
});

test("a tile's colours are black when off, the wall's when they follow, warm when they are warm", () => {
  assert.equal(colourOf({ control: "off" }, undefined, "#ffffff", {}), "#000000");
  assert.equal(colourOf({ control: "follow", follow: "sun" }, undefined, "#ffffff", { sun: "#123456" }), "#123456");
  const warm = colourOf({ control: "manual", level: 1, colour: { cct: 2700 } }, undefined, undefined, {});
  const [red, , blue] = [1, 3, 5].map((at) => Number.parseInt(warm.slice(at, at + 2), 16));
  assert.ok(red === 255 && blue < 160);
});

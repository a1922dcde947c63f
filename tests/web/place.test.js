import assert from "node:assert/strict";
import { test } from "node:test";

import { byUniverse, footprintOf, freePlace, placed } from "../../web/setup/place.js";

const row = (/** @type {string} */ fixture, /** @type {number} */ universe, /** @type {number} */ address, /** @type {number} */ last) =>
  /** @type {any} */ ({ fixture, universe, address, last });

test("slots are written as a gaffer writes them", () => {
  assert.equal(placed(1, 1), "1.001");
  assert.equal(placed(1, 1, 12), "1.001–012");
  assert.equal(placed(3, 510, 514), "3.510–4.002");
});

test("the next free place is the first gap that is wide enough, in a later universe if need be", () => {
  const rows = [row("a", 1, 1, 10), row("b", 1, 15, 510)];
  assert.deepEqual(freePlace(rows, 4, 1), { universe: 1, address: 11 });
  assert.deepEqual(freePlace(rows, 5, 1), { universe: 2, address: 1 });
  assert.deepEqual(freePlace(rows, 14, 1, "a"), { universe: 1, address: 1 });
});

test("a lamp that goes on into the next universe takes room in both", () => {
  const rows = [row("tall", 1, 500, 520)];
  assert.deepEqual(freePlace(rows, 8, 2), { universe: 2, address: 9 });
  assert.deepEqual(
    byUniverse(rows).map(([universe, [{ first, last }]]) => [universe, first, last]),
    [
      [1, 500, 512],
      [2, 1, 8],
    ],
  );
});

test("a mode's footprint counts its cells", () => {
  assert.equal(footprintOf({ channels: [{ offset: [1, 2] }, { offset: [3] }] }), 3);
  assert.equal(
    footprintOf({ channels: [{ offset: [1] }], cells: { count: 4, stride: 3, channels: [{ offset: [2] }, { offset: [4] }] } }),
    13,
  );
  assert.equal(footprintOf(undefined), 0);
});

import assert from "node:assert/strict";
import test from "node:test";
import { scaleOf } from "../../web/faderlaw.js";

test("a square fader gives a quarter of the light in the middle of its travel", () => {
  const master = scaleOf({ law: "square" });
  assert.equal(master.value(0.5), 0.25);
  assert.equal(master.position(0.25), 0.5);
  assert.equal(master.spoken(0.25), 50);
});

test("a value survives its way to the travel and back", () => {
  const scales = [scaleOf({ min: -5, max: 5, step: 0.1, neutral: 0 }), scaleOf({ min: 1800, max: 15000, step: 50, grain: 10 })];
  for (const scale of scales) {
    for (let part = 0; part <= 1; part += 0.01) {
      const value = scale.value(part);
      assert.equal(scale.value(scale.position(value)), value);
    }
  }
});

test("arrow keys step by the unit, finely by one grain, and end at the ends", () => {
  const mired = scaleOf({ min: -150, max: 150, step: 1, grain: 1, neutral: 0 });
  const after = (steps) => mired.value(mired.stepped(mired.position(0), steps));
  assert.deepEqual([1, -10, 0.1, -0.1, Infinity, -Infinity].map(after), [1, -10, 1, -1, 150, -150]);
});

test("a fader around a neutral middle fills from there", () => {
  assert.equal(scaleOf({ min: -5, max: 5, step: 0.1, neutral: 0 }).base, 0.5);
  assert.equal(scaleOf({}).base, 0);
});

import assert from "node:assert/strict";
import test from "node:test";
import { converted, D65, exactly, hexOf, kelvinOf, modeOf, ofHue, planckian, rgbOf, xyOf } from "../../web/lights/colourlaw.js";
import { chained, isNeutral, NEUTRAL, shifted } from "../../web/lights/trimlaw.js";

const near = (a, b, within) => assert.ok(Math.abs(a - b) <= within, `${a} is not ${b}`);

test("red, green, blue and white lie where ITU-R BT.709 says", () => {
  assert.deepEqual(xyOf([1, 0, 0]), [0.64, 0.33]);
  assert.deepEqual(xyOf([0, 1, 0]), [0.3, 0.6]);
  assert.deepEqual(xyOf([0, 0, 1]), [0.15, 0.06]);
  assert.deepEqual(xyOf([1, 1, 1]), D65);
  assert.deepEqual(xyOf([0, 0, 0]), D65);
});

test("a chromaticity comes back from its red, green and blue", () => {
  for (const xy of [
    [0.64, 0.33],
    [0.4, 0.4],
    [0.25, 0.3],
  ]) {
    const [x, y] = xyOf(rgbOf(xy));
    near(x, xy[0], 2e-4);
    near(y, xy[1], 2e-4);
  }
});

test("black bodies: illuminant A, and the kelvin found again", () => {
  const [x, y] = planckian(2856);
  near(x, 0.4476, 0.001);
  near(y, 0.4074, 0.001);
  for (const kelvin of [2500, 3200, 5600, 10000]) near(kelvinOf(planckian(kelvin)), kelvin, 150);
});

test("hues go round, and every way of setting a colour begins with the one before", () => {
  assert.deepEqual(ofHue(120, 1), [0, 1, 0]);
  assert.deepEqual(hexOf(ofHue(240, 1)), "#0000ff");
  assert.deepEqual(converted("xy", { hue: 0, saturation: 1 }), { xy: [0.64, 0.33] });
  assert.deepEqual(converted("hsi", { xy: [0.64, 0.33] }), { hue: 0, saturation: 1 });
  assert.deepEqual(["cct", "hsi", "xy", "cct"], [{ cct: 1 }, { hue: 1 }, { xy: [0, 0] }, null].map(modeOf));
});

test("a colour replaces every key of the one before", () => {
  assert.deepEqual(exactly({ xy: [0.3, 0.3] }), { cct: null, tint: null, xy: [0.3, 0.3], hue: null, saturation: null });
});

test("trims chain as lumad chains them and speak in kelvin", () => {
  assert.equal(chained("intensity", -1, 0.5), -0.5);
  assert.equal(chained("saturation", 0.5, 1.2), 0.6);
  assert.equal(shifted(0), 5600);
  assert.equal(shifted(100), 3590);
  assert.ok(isNeutral({ ...NEUTRAL }) && isNeutral(undefined) && !isNeutral({ min: 0.1 }));
});

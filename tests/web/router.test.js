import assert from "node:assert/strict";
import test from "node:test";

globalThis.location = { hash: "" };
const { format, parse } = await import("../../web/router.js");

test("a hash leads to a tab and what lies below it", () => {
  assert.deepEqual(parse("#/lights/key/explain"), ["lights", "key", "explain"]);
  assert.deepEqual(parse(""), ["wall"]);
  assert.deepEqual(parse("#/nowhere/else"), ["wall"]);
  assert.deepEqual(parse("#/setup//dmx/3"), ["setup", "dmx", "3"]);
});

test("names with slashes, spaces and emoji come back as they went", () => {
  const path = ["lights", "key / left 💡 100%"];
  assert.deepEqual(parse(format(path)), path);
  assert.deepEqual(parse("#/lights/100%"), ["lights", "100%"]);
});

import assert from "node:assert/strict";
import test from "node:test";
import { composed, merged } from "../../web/patch.js";

test("members replace, null removes, lists are replaced whole (RFC 7396, appendix A)", () => {
  const cases = [
    [{ a: "b" }, { a: "c" }, { a: "c" }],
    [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
    [{ a: ["b"] }, { a: "c" }, { a: "c" }],
    [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
    [
      ["a", "b"],
      ["c", "d"],
      ["c", "d"],
    ],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ];
  for (const [target, patch, result] of cases) assert.deepEqual(merged(target, patch), result);
});

test("one patch does what two did, one after the other", () => {
  const show = { key: { colour: { cct: 3200 }, level: 1 } };
  const [first, second] = [{ key: { colour: { cct: null, xy: [0.3, 0.3] } } }, { key: { level: 0.5, colour: { xy: [0.4, 0.4] } } }];
  assert.deepEqual(merged(show, composed(first, second)), merged(merged(show, first), second));
});

import assert from "node:assert/strict";
import test from "node:test";
import { Store } from "../../web/store.js";

const rolling = (role) => {
  const store = new Store();
  store.role = role;
  store.live = { ...store.live, take: { rolling: true, scene: "12", shot: "A", take: 3, ride: ["key"] } };
  return store;
};

test("a rolling take leaves an operator blackout, master and what rides", () => {
  const store = rolling("operator");
  assert.deepEqual(
    ["panic", "operate", "structure"].map((need) => store.may(need)),
    [true, false, false],
  );
  assert.deepEqual(
    ["key", "rim"].map((id) => store.rides(id)),
    [true, false],
  );
});

test("it leaves a viewer nothing and an admin everything", () => {
  assert.deepEqual(
    ["panic", "operate"].map((need) => rolling("viewer").may(need)),
    [false, false],
  );
  assert.equal(rolling("viewer").rides("key"), false);
  assert.deepEqual(
    ["panic", "operate", "structure"].map((need) => rolling("admin").may(need)),
    [true, true, true],
  );
});

test("after the cut all is as before", () => {
  const store = rolling("operator");
  store.live = { ...store.live, take: { ...store.live.take, rolling: false } };
  assert.deepEqual(
    ["panic", "operate", "structure"].map((need) => store.may(need)),
    [true, true, false],
  );
  assert.equal(store.rides("key"), false);
});

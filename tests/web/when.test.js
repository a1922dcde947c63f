import assert from "node:assert/strict";
import test from "node:test";
import { atOf, comingOf, keyOf, whenOf } from "../../web/setup/when.js";

test("a time of day and an offset from the sun come back as the show writes them", () => {
  for (const at of ["18:30", "08:05", "sunset", "sunrise", "sunset-00:15", "sunrise+01:30"]) assert.equal(atOf(whenOf(at)), at);
});

test("a short hour gets its nought, and an offset is told in minutes", () => {
  assert.equal(atOf(whenOf("8:05")), "08:05");
  assert.deepEqual(whenOf("sunset-01:15"), { event: "sunset", clock: "12:00", minutes: 75, before: true });
  assert.equal(atOf({ event: "sunset", clock: "", minutes: 0, before: true }), "sunset");
});

test("what is no time at all becomes noon, for the form to show", () => {
  assert.equal(atOf(whenOf("teatime")), "12:00");
});

test("what comes is told by lumad's own clock, whatever the phone's zone", () => {
  const now = new Date(2026, 10, 20, 12);
  assert.deepEqual(comingOf("2026-11-20T18:30:00+09:00", now), { clock: "18:30", weekday: "fri", ahead: 0 });
  assert.deepEqual(comingOf("2026-11-23T00:00:00-08:00", now), { clock: "00:00", weekday: "mon", ahead: 3 });
});

test("an entry is found again whatever lumad filled in", () => {
  const said = { at: "18:30", blackout: true };
  const told = { blackout: true, name: "", days: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], at: "18:30", look: null };
  assert.equal(keyOf(said), keyOf(told));
  assert.notEqual(keyOf(said), keyOf({ ...told, blackout: false }));
});

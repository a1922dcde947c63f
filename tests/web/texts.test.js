import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import test from "node:test";

Object.assign(globalThis, { localStorage: { getItem: () => null }, navigator: { languages: ["en"] } });
const FOLDER = new URL("../../web/texts/", import.meta.url);

/** Every key with the kind of its value. */
const shape = (words) =>
  Object.entries(words).flatMap(([key, value]) => {
    if (typeof value !== "object") return [`${key}: ${typeof value}`];
    return [key, ...shape(value).map((inner) => `${key}.${inner}`)];
  });

const rooms = await Promise.all(readdirSync(FOLDER).map(async (file) => [file, await import(new URL(file, FOLDER))]));

test("both languages have every word", () => {
  for (const [file, { en, de }] of rooms) assert.deepEqual(shape(de).sort(), shape(en).sort(), file);
});

test("the rooms that share one book of words use no key twice", () => {
  const shared = rooms.filter(([file]) => ["shell.js", "wall.js", "lights.js"].includes(file));
  const keys = shared.flatMap(([, { en }]) => Object.keys(en));
  assert.deepEqual(
    keys.filter((key, at) => keys.indexOf(key) !== at),
    [],
  );
});

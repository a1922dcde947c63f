import assert from "node:assert/strict";
import test from "node:test";
import { distanceToPiece, heading, reachable, turn } from "../../web/geometry.js";
import { spread } from "../../web/wall/pinch.js";
import { bounds, pinched } from "../../web/wall/shapes.js";

const near = (a, b) => assert.ok(Math.abs(a - b) < 1e-9, `${a} is not ${b}`);

test("a turn is clockwise on the screen", () => {
  const [x, y] = turn([1, 0], 90);
  near(x, 0);
  near(y, 1);
  near(heading([0, 1]), 90);
});

test("the distance to a piece is that to its nearest point, also of a piece without length", () => {
  near(distanceToPiece([5, 3], [0, 0], [10, 0]), 3);
  near(distanceToPiece([13, 4], [0, 0], [10, 0]), 5);
  near(distanceToPiece([3, 4], [0, 0], [0, 0]), 5);
});

test("what lies outside the picture may stay but goes no further", () => {
  assert.deepEqual(reachable([1.5, -0.5], [1.2, 0.5]), [1.2, 0]);
});

test("two fingers tell how far they went apart, around and along", () => {
  const { factor, degrees, way } = spread(
    [
      [0, 0],
      [100, 0],
    ],
    [
      [10, 0],
      [10, 200],
    ],
  );
  assert.deepEqual([factor, degrees, way], [2, 90, [-40, 100]]);
});

test("a pinch below what fingers do by accident only moves", () => {
  const box = { shape: "rect", center: [0.5, 0.5], size: [0.2, 0.2], rotation: 10 };
  const change = pinched(box, { factor: 1.02, degrees: 3, way: [192, 0] }, [1920, 1080]);
  assert.deepEqual(change, { center: [0.6, 0.5], size: [0.2, 0.2], rotation: 10 });
});

test("a pinch near a quarter turn is the quarter turn, and a box never grows beyond the picture", () => {
  const box = { shape: "ellipse", center: [0.9, 0.5], size: [0.5, 0.2], rotation: 0 };
  const change = pinched(box, { factor: 9, degrees: 89, way: [0, 0] }, [1920, 1080]);
  assert.equal(change.rotation, 90);
  assert.deepEqual(change.size, [1, 0.4]);
  const [low, high] = bounds({ ...box, ...change }, [1920, 1080]);
  assert.ok(low[0] > -1e-3 && high[0] < 1.001);
});

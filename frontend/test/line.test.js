import assert from "node:assert/strict";
import { test } from "node:test";
import { along, leg, line } from "../lib/line.js";

const flat = ([lat, lon], [toLat, toLon]) => Math.hypot(toLat - lat, toLon - lon);

test("a line is unpacked from its steps", () => {
  assert.deepEqual(line([6017000, 2494000, 1, -2, 0, 0]), [
    [60.17, 24.94],
    [60.17001, 24.93998],
    [60.17001, 24.93998],
  ]);
  assert.deepEqual(line([]), []);
});

test("a leg leads from the stop before to the stop, the last one to the depot", () => {
  const points = ["depot", "a", "b", "c", "home"];
  const ends = [1, 3];
  assert.deepEqual(leg(points, ends, 0), ["depot", "a"]);
  assert.deepEqual(leg(points, ends, 1), ["a", "b", "c"]);
  assert.deepEqual(leg(points, ends, 2), ["c", "home"]);
  assert.deepEqual(leg(points, [], 0), points);
});

test("a share of the length is found on the right part of the line", () => {
  const points = [[0, 0], [0, 1], [3, 1]]; // prettier-ignore
  assert.deepEqual(along(points, 0, flat), [0, 0]);
  assert.deepEqual(along(points, 0.125, flat), [0, 0.5]);
  assert.deepEqual(along(points, 0.25, flat), [0, 1]);
  assert.deepEqual(along(points, 0.5, flat), [1, 1]);
  assert.deepEqual(along(points, 1, flat), [3, 1]);
});

test("a line without length or with one point has one place", () => {
  assert.deepEqual(along([[1, 2]], 0.5, flat), [1, 2]);
  assert.deepEqual(along([[1, 2], [1, 2]], 0.5, flat), [1, 2]); // prettier-ignore
});

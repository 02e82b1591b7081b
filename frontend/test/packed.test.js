import assert from "node:assert/strict";
import { test } from "node:test";
import { project, unpack } from "../lib/map/packed.js";

const KINDS = 16;

function varint(value) {
  const octets = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) octets.push((rest % 128) + 128);
  return [...octets, rest];
}
const zigzag = (step) => (step < 0 ? -2 * step - 1 : 2 * step);
const column = (values) => values.flatMap(varint);

/** Pack one layer, the first; names as in `BaseMap.pack`. */
function packed(names, { name, ringsOf, pointsOf, dx, dy }) {
  const text = new TextEncoder().encode(names.join("\n"));
  const layer = [name, ringsOf, pointsOf, dx.map(zigzag), dy.map(zigzag)].flatMap(column);
  const empty = Array.from({ length: KINDS - 1 }, () => [0, 0]).flat();
  return Uint8Array.from([
    ...varint(text.length), ...text, ...varint(name.length), ...varint(pointsOf.length), ...layer, ...empty,
  ]); // prettier-ignore
}

test("the projection is Web Mercator with the world one wide", () => {
  assert.deepEqual(project(0, 0), { x: 0.5, y: 0.5 });
  assert.equal(project(0, -180).x, 0);
  const { y } = project(85.0511287798, 0); // the edge of the square world
  assert.ok(Math.abs(y) < 1e-9);
  const helsinki = project(60.17, 24.94);
  const north = Math.asinh(Math.tan((60.17 * Math.PI) / 180)) / Math.PI; // the projection in its usual form
  assert.ok(Math.abs(helsinki.x - (180 + 24.94) / 360) < 1e-12);
  assert.ok(Math.abs(helsinki.y - (1 - north) / 2) < 1e-12);
});

test("south and north lie at the same distance from the equator", () => {
  assert.ok(Math.abs(project(40, 0).y + project(-40, 0).y - 1) < 1e-12);
});

test("features, rings, names and points come out as they went in", () => {
  const bytes = packed(["公园", "Esplanadi"], {
    name: [2, 0],
    ringsOf: [2, 1],
    pointsOf: [2, 1, 2],
    dx: [10, -300, 5, 0, 1],
    dy: [0, 1, -1, 70000, 2],
  });
  const unit = 1e-5;
  const { green, place } = unpack(bytes, [2494000, 6017000], unit);
  assert.deepEqual(
    green.features.map(({ name, rings }) => ({ name, rings })),
    [
      { name: "Esplanadi", rings: [[0, 2], [2, 3]] }, // prettier-ignore
      { name: "", rings: [[3, 5]] },
    ],
  );
  const east = [2494010, 2493710, 2493715, 2493715, 2493716];
  const north = [6017000, 6017001, 6017000, 6087000, 6087002];
  east.forEach((lon, i) => {
    const { x, y } = project(north[i] * unit, lon * unit);
    assert.deepEqual([green.x[i], green.y[i]], [x, y]);
  });
  assert.equal(green.features[0].west, Math.min(green.x[0], green.x[1], green.x[2]));
  assert.equal(green.features[1].north, Math.min(green.y[3], green.y[4]));
  assert.deepEqual(place.features, []);
});

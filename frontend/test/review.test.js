import assert from "node:assert/strict";
import { test } from "node:test";
import { isNear, readPair } from "../review/coordinates.js";
import { cell, csv } from "../review/csv.js";

const BEIJING = [[39.9, 116.3], [40.0, 116.5]]; // prettier-ignore
const HELSINKI = [[60.1, 24.8], [60.3, 25.1]]; // prettier-ignore

test("coordinates are read with any separator, in the order in which they can be a place", () => {
  assert.deepEqual(readPair("39.95, 116.4", BEIJING), ["39.95", "116.4"]);
  assert.deepEqual(readPair("116.4，39.95", BEIJING), ["39.95", "116.4"]);
  assert.deepEqual(readPair(" 116.4 39.95 ", null), ["39.95", "116.4"]);
});

test("where both orders are possible the map decides, and without one the latitude is first", () => {
  assert.deepEqual(readPair("24.94;60.17", HELSINKI), ["60.17", "24.94"]);
  assert.deepEqual(readPair("24.94;60.17", null), ["24.94", "60.17"]);
});

test("what is no pair of coordinates is refused", () => {
  for (const text of ["", "60.17", "60.17,24.94,3", "north,east", "191,95", "60.17.2,24", "1e1,2"]) {
    assert.equal(readPair(text, HELSINKI), null, text);
  }
});

test("near is on the map or a little beside it", () => {
  assert.ok(isNear(["60.35", "24.6"], HELSINKI));
  assert.ok(!isNear(["60.17", "24.4"], HELSINKI));
  assert.ok(isNear(["0", "0"], null));
});

test("no cell of a saved file is a formula", () => {
  for (const text of ["=1+1", "+358", "-5", "@x", "\t=1", "\r=1", "\n=1", "＝1", "'=1", "''5"])
    assert.match(cell(text, false), /^"?'/);
  assert.equal(cell("-24.5", true), "-24.5");
  assert.equal(cell('a "b", c', false), '"a ""b"", c"');
  assert.equal(cell(undefined, false), "");
});

test("a file has its header, its rows, and the mark of UTF-8", () => {
  const text = csv(["address", "lon"], [{ address: "幸福路8号", lon: "-1", more: "x" }], ["lon"]);
  assert.equal(text, "\ufeffaddress,lon\r\n幸福路8号,-1\r\n");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { best, keysOf, queryOf, rank } from "../overview/rank.js";

const door = { team: 0, visit: "V12", ids: ["R12"], rows: [14, 15], windows: "" };
const SECRET = {
  visits: {
    V12: {
      address: "幸福路8号",
      way: ["2号楼"],
      class: "regular",
      people: [[14, "R12", "Wang Wei", 1, [["+358 40 555 0199", "tel:+358405550199"]], "two dogs"]],
    },
  },
};
const place = (typed, secret = null) => rank(keysOf(door, secret), queryOf(typed));

test("ids come first, then rows, then beginnings, then parts", () => {
  assert.equal(place("v12"), 0);
  assert.equal(place(" Ｒ12 "), 0);
  assert.equal(place("14"), 1);
  assert.equal(place("V1"), 3);
  assert.equal(place("12"), 4);
  assert.equal(place("V13"), null);
});

test("names, addresses and notes are found only when they are shown", () => {
  for (const typed of ["wei", "幸福路 2号楼", "Dogs wang"]) {
    assert.equal(place(typed), null);
    assert.equal(place(typed, SECRET), 2);
  }
});

test("a telephone number is found however it is grouped, from five digits on", () => {
  assert.equal(place("040-555", SECRET), null);
  assert.equal(place("(40) 5550", SECRET), 3);
  assert.equal(place("5550", SECRET), null);
});

test("whoever names a door exactly does not mean those that only begin so", () => {
  const ranks = { V1: 0, V12: 3, V21: 4, V3: null };
  const found = (exact) => best(["V21", "V12", "V1", "V3"], (visit) => ranks[visit], exact);
  assert.deepEqual(found(true), ["V1"]);
  assert.deepEqual(found(false), ["V1", "V12", "V21"]);
});

test("equal ranks keep the order of the plan", () => {
  assert.deepEqual(
    best(["b", "a", "c"], () => 2, true),
    ["b", "a", "c"],
  );
});

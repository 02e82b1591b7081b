import assert from "node:assert/strict";
import { test } from "node:test";
import { whereabouts } from "../overview/whereabouts.js";

const WORDS = {
  not_started: "not yet", back: "back", at_stop: "at {number}", to_stop: "to {number}", to_depot: "home",
  break: "break",
}; // prettier-ignore
// the depot at 0, stops at 10 and 30 east of it, home again; in units of 1e-5 degrees
const TEAM = {
  line: [0, 0, 0, 10, 0, 20, 0, -30],
  ends: [1, 2],
  start_s: 1000,
  finish_s: 2000,
  stops: [
    { number: 1, from_s: 1100, to_s: 1200 },
    { number: 2, from_s: 1400, to_s: 1500 },
  ],
  pauses: [["break", 1520, 1560]],
};
const flat = ([lat, lon], [toLat, toLon]) => Math.hypot(toLat - lat, toLon - lon);

function where(time_s, team = TEAM) {
  const { at, doing } = whereabouts(team, time_s, WORDS, flat);
  return [Math.round(at[1] * 1e6) / 10, doing];
}

test("before and after its day a team is at its depots", () => {
  assert.deepEqual(where(999), [0, "not yet"]);
  assert.deepEqual(where(2000), [0, "back"]);
});

test("between stops it is as far on its leg as time has gone", () => {
  assert.deepEqual(where(1000), [0, "to 1"]);
  assert.deepEqual(where(1050), [5, "to 1"]);
  assert.deepEqual(where(1300), [20, "to 2"]);
  assert.deepEqual(where(1750), [15, "home"]);
});

test("at a stop it stays, waiting included", () => {
  assert.deepEqual(where(1100), [10, "at 1"]);
  assert.deepEqual(where(1199), [10, "at 1"]);
  assert.deepEqual(where(1450), [30, "at 2"]);
});

test("a break on the way is named", () => {
  assert.deepEqual(where(1530)[1], "break");
});

test("a team without stops goes straight home", () => {
  const idle = { ...TEAM, stops: [], ends: [], pauses: [] };
  assert.deepEqual(where(1500, idle), [30, "home"]);
});

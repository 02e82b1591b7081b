import assert from "node:assert/strict";
import { test } from "node:test";
import { clock, duration, isoDate, wallClock } from "../lib/clock.js";

test("a time of the day has two digits for hours and minutes", () => {
  assert.equal(clock(0), "00:00");
  assert.equal(clock(9 * 3600 + 5 * 60 + 59), "09:05");
  assert.equal(clock(86399), "23:59");
});

test("after midnight the time begins again and says so", () => {
  assert.equal(clock(86400), "00:00+1");
  assert.equal(clock(86400 + 4200), "01:10+1");
});

test("a length is rounded to a minute, and sixty minutes are an hour", () => {
  assert.equal(duration(0), "0:00");
  assert.equal(duration(29), "0:00");
  assert.equal(duration(30), "0:01");
  assert.equal(duration(3599), "1:00");
  assert.equal(duration(3600 * 11 + 300), "11:05");
});

test("a moment is shown as the clock on the wall shows it", () => {
  const moment = new Date(2022, 3, 6, 7, 8, 59);
  assert.equal(wallClock(moment), "07:08");
  assert.equal(isoDate(moment), "2022-04-06");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { fill, plain } from "../lib/text.js";

test("names are filled in, each as often as it is there", () => {
  assert.equal(fill("{n} of {all}, {n}", { n: 3, all: 5 }), "3 of 5, 3");
});

test("a value may hold what looks like a pattern", () => {
  assert.equal(fill("at {place}", { place: "$& {n}" }), "at $& {n}");
});

test("full-width letters and capitals are found", () => {
  assert.equal(plain("Ｒ１２ Ä"), "r12 ä");
});

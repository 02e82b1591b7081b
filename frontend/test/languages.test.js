import assert from "node:assert/strict";
import { test } from "node:test";
import { following } from "../lib/languages.js";

test("the button goes through all languages and starts again", () => {
  const words = { en: {}, zh: {}, xx: {} };
  assert.deepEqual(["en", "zh", "xx"].map((lang) => following(words, lang)), ["zh", "xx", "en"]); // prettier-ignore
});

test("with two languages the button goes to and fro", () => {
  assert.equal(following({ en: {}, zh: {} }, "zh"), "en");
});

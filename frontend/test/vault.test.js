import assert from "node:assert/strict";
import { test } from "node:test";
import { fromBase64, fromHex, toBase64 } from "../lib/bytes.js";
import { keysOf, plainCode, seal, unseal } from "../lib/vault.js";

const ROUTE = "00112233445566778899aabbccddeeff";
const hex = (bytes) => Buffer.from(bytes).toString("hex");

test("the keys are those that Python makes", () => {
  const { page, results } = keysOf("ABCDEFGHJK", ROUTE);
  assert.equal(hex(page.subarray(0, 8)), "11951d7c322a1cc4"); // as in tests/output/test_seal.py
  assert.equal(hex(results.subarray(0, 8)), "b3c70a9fe0f0cd8c");
});

test("a code is understood however it is typed", () => {
  for (const typed of ["abcde-fgh01", "ABCDE FGHOI", " abcdefgh0l ", "ａｂｃｄｅｆｇｈｏ１"]) {
    assert.equal(plainCode(typed), "ABCDEFGH01");
  }
});

test("a seal opens with its key, purpose and route, and with no other", () => {
  const key = new Uint8Array(32).fill(7),
    plain = new TextEncoder().encode("door 7");
  const sealed = seal(plain, key, "page", ROUTE);
  assert.deepEqual(unseal(sealed, key, "page", ROUTE), plain);
  assert.throws(() => unseal(sealed, new Uint8Array(32), "page", ROUTE));
  assert.throws(() => unseal(sealed, key, "results", ROUTE));
  assert.throws(() => unseal(sealed, key, "page", "ff"));
  for (let at = 0; at < sealed.length; at++) {
    const changed = sealed.slice();
    changed[at] ^= 1;
    assert.throws(() => unseal(changed, key, "page", ROUTE), `byte ${at}`);
  }
});

test("bytes of any length go through base 64 and hexadecimal", () => {
  const bytes = Uint8Array.from({ length: 20000 }, (_, i) => (i * 7) % 256);
  assert.deepEqual(fromBase64(toBase64(bytes)), bytes);
  assert.deepEqual(fromHex(hex(bytes.subarray(0, 300))), bytes.subarray(0, 300));
  assert.deepEqual(fromHex(""), new Uint8Array());
});

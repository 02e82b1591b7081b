import assert from "node:assert/strict";
import { test } from "node:test";
import { base45, packResults, resultTexts } from "../phone/results.js";

const NOW_MS = 29_000_000 * 60000 + 59999;
const FROM = { revision: 300, device: "01020304" };
const open = { status: 0, minute: 0, people: [], note: "" };

test("base 45 is that of the RFC", () => {
  const bytes = (text) => new TextEncoder().encode(text);
  assert.equal(base45(bytes("AB")), "BB8"); // RFC 9285, 4.3
  assert.equal(base45(bytes("Hello!!")), "%69 VD92EX0");
  assert.equal(base45(bytes("base-45")), "UJCLQE7W581");
  assert.equal(base45(bytes("ietf!")), "QED8WEX0"); // 4.4
  assert.equal(base45([]), "");
});

test("a head and two bytes for each door are packed", () => {
  const marks = [open, { ...open, status: 3, minute: 600 }];
  const packed = [...packResults(marks, FROM, NOW_MS)];
  const sent = [0xc0, 0x82, 0xea, 0x0d]; // 29,000,000 as seven bits a byte
  assert.deepEqual(packed, [1, 0xac, 2, 1, 2, 3, 4, ...sent, 2, 0, 0, 0x1a, 0x58]);
});

test("people and notes follow only where there are any", () => {
  const marks = [
    { ...open, people: [0, 0] }, // nobody marked apart
    { ...open, status: 4, minute: 1439, people: [1, 3], note: "" },
    { ...open, status: 1, minute: 1, note: "没人" },
  ];
  const tail = [...packResults(marks, FROM, NOW_MS)].slice(12);
  assert.deepEqual(tail.slice(0, 6), [0, 0, 0x80 | 0x20 | 0x05, 0x9f, 0x40 | 0x08, 1]);
  assert.deepEqual(tail.slice(6, 9), [2, 1, 3]);
  assert.deepEqual(tail.slice(9), [6, ...new TextEncoder().encode("没人")]);
});

test("a clock before 1970 does no harm", () => {
  assert.equal(packResults([], FROM, -5)[7], 0);
});

test("a long result is cut into pictures, each with its number and theirs", () => {
  const sealed = Uint8Array.from({ length: 1000 }, (_, i) => i % 256);
  const { pictures, text } = resultTexts(sealed, "00112233445566778899aabbccddeeff");
  assert.equal(pictures.length, 3);
  assert.equal(new Set(pictures).size, 3);
  assert.ok(pictures.every((each) => /^DR1:[0-9A-Z $%*+\-./:]+$/.test(each)));
  assert.match(text, /^doorroute1:[\w-]+$/);
  const bytes = Buffer.from(text.slice(11), "base64url");
  assert.deepEqual([...bytes.subarray(0, 10)], [0, 0x11, 0x22, 0x33, 0, 1, 2, 3, 0, 1]);
  assert.deepEqual(bytes.subarray(10), Buffer.from(sealed));
});

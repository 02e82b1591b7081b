import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { toBase64 } from "../lib/bytes.js";
import {
  AWAY,
  DONE,
  OPEN,
  PARTLY,
  REFUSED,
  Progress,
  knownMark,
  later,
  merged,
  moved,
  together,
} from "../phone/marks.js";

const PAGE = {
  route: "aa",
  date: "2022-04-06",
  purposes: { progress: "progress", results: "results", page: "page" },
};
const KEY = new Uint8Array(32);
// Writes key, purpose and route before the text: wrong ones do not open it.
const VAULT = {
  seal: (plain, key, purpose, route) =>
    new TextEncoder().encode(`${key[0]}|${purpose}|${route}|${new TextDecoder().decode(plain)}`),
  unseal: (sealed, key, purpose, route) => {
    const text = new TextDecoder().decode(sealed),
      head = `${key[0]}|${purpose}|${route}|`;
    if (!text.startsWith(head)) throw new Error("does not fit");
    return new TextEncoder().encode(text.slice(head.length));
  },
};
const mark = (status, at, more = {}) => ({ ...OPEN, status, at, ...more });

class Storage {
  kept = new Map();
  full = false;
  getItem(name) {
    return this.kept.get(name) ?? null;
  }
  setItem(name, text) {
    if (this.full) throw new Error("full");
    this.kept.set(name, text);
  }
  removeItem(name) {
    this.kept.delete(name);
  }
}
let storage;
beforeEach(() => {
  storage = globalThis.localStorage = new Storage();
});
const opened = (page = PAGE, before = [], seen = []) => new Progress(page, KEY, VAULT, before, seen);

test("of two marks the later counts; without any, a door is open", () => {
  assert.equal(later(undefined, undefined), OPEN);
  assert.equal(later(mark(DONE, 5), undefined).status, DONE);
  assert.equal(later(mark(DONE, 5), mark(AWAY, 6)).status, AWAY);
  assert.equal(later(mark(DONE, 7), mark(AWAY, 6)).status, DONE);
  assert.equal(later(mark(DONE, 6), mark(AWAY, 6)).status, AWAY);
});

test("merging is the same in both orders, and twice is once", () => {
  const one = { 0: mark(DONE, 5), 1: mark(AWAY, 9) };
  const two = { 0: mark(REFUSED, 8), 2: mark(DONE, 1) };
  const both = merged(one, two);
  assert.deepEqual(both, { 0: two[0], 1: one[1], 2: two[2] });
  assert.deepEqual(merged(two, one), both);
  assert.deepEqual(merged(both, two), both);
  assert.deepEqual(one, { 0: mark(DONE, 5), 1: mark(AWAY, 9) });
});

test("marks of an earlier page go to their doors of now, those of doors that are gone nowhere", () => {
  assert.deepEqual(moved({ 0: mark(DONE, 1), 1: mark(AWAY, 2), 2: mark(REFUSED, 3) }, [4, -1, 0]), {
    4: mark(DONE, 1),
    0: mark(REFUSED, 3),
  });
});

test("what the plan knew counts until the end of its minute", () => {
  assert.equal(knownMark(undefined, "2022-04-06"), undefined);
  const known = knownMark({ status: DONE, minute: 610, people: [] }, "2022-04-06");
  assert.equal(known.at, new Date("2022-04-06T10:10:59.999").getTime());
  assert.equal(known.known, true);
});

test("a door is what all people say, or in parts", () => {
  assert.deepEqual(together([DONE, DONE]), { status: DONE, people: [] });
  assert.deepEqual(together([DONE, AWAY]), { status: PARTLY, people: [DONE, AWAY] });
});

test("a mark is kept, and read by another window", () => {
  const one = opened();
  one.set(3, { status: DONE, minute: 600 });
  const two = opened();
  assert.equal(two.mark(3).status, DONE);
  assert.equal(two.device, one.device);
  two.set(3, { status: 0, minute: 0 });
  one.read();
  assert.equal(one.mark(3).status, 0);
  assert.equal(one.revision, 2);
});

test("a mark is never before what it replaces, whatever the clock does", () => {
  const progress = opened();
  progress.marks[0] = mark(DONE, Date.now() + 1e9);
  progress.set(0, { status: AWAY });
  assert.equal(progress.mark(0).status, AWAY);
  assert.equal(opened().mark(0).status, AWAY);
});

test("only what was marked here is handed in", () => {
  const progress = opened(PAGE, [], [{ status: DONE, minute: 600, people: [] }]);
  assert.equal(progress.mark(0).status, DONE);
  assert.equal(progress.own(0).status, 0);
});

test("marks of the page before go over once, and the count goes on", () => {
  const before = opened({ ...PAGE, route: "bb" });
  before.set(0, { status: DONE, minute: 500 });
  before.set(1, { status: AWAY, minute: 510 });
  const earlier = [{ route: "bb", key: toBase64(KEY), doors: [1, -1] }];
  const now = opened(PAGE, earlier);
  assert.deepEqual([now.adopted, now.mark(1).status, now.mark(0).status], [1, DONE, 0]);
  assert.deepEqual([now.device, now.revision], [before.device, 3]);
  assert.equal(now.adopt(), false);
  assert.equal(opened(PAGE, earlier).adopted, 0);
});

test("a full storage loses nothing while the page is open", () => {
  const progress = opened();
  progress.set(0, { status: DONE, minute: 1 });
  storage.full = true;
  progress.set(1, { status: AWAY, minute: 2 });
  assert.equal(progress.kept, false);
  const again = opened();
  assert.deepEqual([again.mark(0).status, again.mark(1).status], [DONE, AWAY]);
  storage.full = false;
  again.set(2, { status: REFUSED });
  assert.equal(again.kept, true);
  assert.equal(opened().mark(1).status, AWAY);
});

test("what another program wrote, and a storage that is refused, are no error", () => {
  storage.setItem("doorroute/aa", "not ours");
  assert.deepEqual(opened().marks, {});
  globalThis.localStorage = undefined;
  assert.equal(opened().kept, false);
});

test("erasing leaves nothing", () => {
  const progress = opened();
  progress.set(0, { status: DONE });
  progress.erase();
  assert.equal(storage.kept.size, 0);
});

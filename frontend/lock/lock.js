// The lock: asks for the code, opens the page with it, and closes it when nobody touches it any more.
/** @import { Page, PhoneMaker, Route } from "../phone/types.js" */
/** @import { Phone } from "../phone/phone.js" */
import "../lib/older.js";
import { fromBase64 } from "../lib/bytes.js";
import { all, byId, data, painted } from "../lib/dom.js";
import { gunzip, unpacked, utf8 } from "../lib/gunzip.js";
import { idleLock } from "../lib/idle.js";
import { following } from "../lib/languages.js";
import { fill } from "../lib/text.js";
import { CODE_LENGTH, keysOf, plainCode, seal, unseal } from "../lib/vault.js";
import { remembered } from "./look.js";
import { watchNewest } from "./newest.js";

/** @type {Page} */
const page = data("page-data");
const lockBox = byId("lock"),
  stuck = byId("stuck");
/** @type {HTMLInputElement} */
const codeBox = byId("code");
/** @type {Phone | null} */
let phone = null;
/** @type {PhoneMaker | null} */
let maker = null;
let older = "";

const look = remembered(page, dress);
const newest = watchNewest(page, (made) => {
  older = made;
  dress();
  phone?.grow(older);
});
const idle = idleLock(page.idle_min, ["pointerdown", "keydown", "scroll"], () => lock("idle"));

/** Show the page's theme, size and language, and what the lock says in it. */
function dress() {
  const root = document.documentElement,
    words = page.words[look.lang];
  if (look.theme) root.dataset.theme = look.theme;
  root.dataset.size = look.size;
  root.lang = words.language_tag;
  for (const spot of all("[data-word]"))
    spot.textContent = fill(words[spot.dataset.word || ""], spot.dataset);
  byId("lock-lang").textContent = page.words[following(page.words, look.lang)].language;
  byId("older").textContent = older ? fill(words.old, { time: older }) : "";
  byId("older").hidden = !older;
}

/** @param {string} [key] of the words; nothing for an empty line */
function say(key) {
  byId("said").textContent = key ? fill(page.words[look.lang][key], { minutes: page.idle_min }) : "";
}

/** @param {Event} event */
async function unlock(event) {
  event.preventDefault();
  const code = plainCode(codeBox.value);
  if (code.length !== CODE_LENGTH) {
    say("wrong");
    return;
  }
  say("opening");
  await painted();
  const opened = open(code);
  if (!opened) return;
  codeBox.value = "";
  say();
  lockBox.hidden = true;
  idle.opened();
  try {
    runPacked(opened.script);
    phone = /** @type {PhoneMaker} */ (maker)({
      page,
      look,
      route: opened.route,
      mapBytes: opened.mapBytes,
      keys: opened.keys,
      vault: { seal, unseal },
      onLock: lock,
      older,
    });
  } catch {
    giveUp("too_old");
    return;
  }
  document.documentElement.dataset.open = "yes";
}

/**
 * Open what is sealed; say what is wrong and return null if that fails.
 * @param {string} code
 */
function open(code) {
  let keys, plain;
  try {
    performance.mark("keys-begin"); // the benchmark reads both marks
    keys = keysOf(code, page.route);
    performance.mark("keys-end");
    plain = unseal(
      fromBase64((byId("sealed").textContent || "").trim()),
      keys.page,
      page.purposes.page,
      page.route,
    );
  } catch {
    codeBox.select();
    say("wrong");
    return null;
  }
  let script, inside;
  try {
    script = utf8(unpacked(byId("later").textContent || ""));
    inside = parse(gunzip(plain));
  } catch {
    say("broken");
    return null;
  }
  if (!asMade(inside.route.clear)) {
    newest.forget();
    say("changed_file");
    return null;
  }
  return { ...inside, keys, script };
}

/**
 * Return whether the lock shows what the page was made with: what is in clear is sealed too, word for word.
 * @param {string} sealed what is in clear, as it was sealed
 */
function asMade(sealed) {
  /** @param {string | undefined | null} text */
  const plain = (text) => (text || "").replace(/[\s\0\ufffd]+/g, " ").trim();
  const shown = [byId("lock-team").textContent, byId("lock-date").textContent],
    made = [page.team, page.date];
  for (const spot of all("#lock [data-n]")) shown.push(spot.dataset.n || "");
  for (const spot of all("#lock [data-time]")) shown.push(spot.dataset.time || "");
  for (const spot of all("[data-help] > *")) shown.push(spot.textContent, spot.getAttribute("href") || "");
  made.push(String(page.doors), page.as_of, ...page.dispatcher.flatMap((number) => number));
  return (
    sealed === byId("page-data").textContent && shown.map(plain).join("\n") === made.map(plain).join("\n")
  );
}

/**
 * Clear what was begun, for half a route is worse than none, and say why.
 * @param {string} why
 */
function giveUp(why) {
  clear();
  lockBox.hidden = false;
  say(why);
  stuck.hidden = false;
}

/**
 * Run the packed script once: it hands over the function that opens the page. Leaflet and all that shows the
 * route come packed, a quarter of their size, for nobody needs them before the code was right. The page's
 * policy allows this one text by its hash (pages/assets.py), and no other that anything could put here.
 * @param {string} text
 */
function runPacked(text) {
  if (maker) return;
  const arrived = (/** @type {Event} */ event) => {
    maker = /** @type {CustomEvent<PhoneMaker>} */ (event).detail;
  };
  document.addEventListener("doorroute-phone", arrived, { once: true });
  const script = document.createElement("script");
  script.textContent = text;
  document.head.append(script);
  if (!maker) throw new Error("this browser cannot run it");
}

/** Remove all that shows the route. */
function clear() {
  for (const id of ["panel", "dialog"]) document.getElementById(id)?.replaceChildren();
  const drawn = ".top, .notices, .stage, .tabs, .toast, dialog";
  for (const child of [...document.body.children]) if (child.matches(drawn)) child.remove();
  document.body.classList.remove("unlocked");
}

/**
 * Part the route's JSON from the base map: four bytes say how long the JSON is.
 * @param {Uint8Array} bytes
 * @returns {{ route: Route, mapBytes: Uint8Array }}
 */
function parse(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  return { route: JSON.parse(utf8(bytes.subarray(4, 4 + length))), mapBytes: bytes.subarray(4 + length) };
}

/** @param {string} [why] */
function lock(why) {
  idle.closed();
  phone?.close();
  clear();
  phone = null;
  const { dataset } = document.documentElement;
  delete dataset.open;
  delete dataset.map;
  lockBox.hidden = false;
  say(why);
}

byId("unlock").hidden = byId("lock-lang").hidden = false;
stuck.hidden = true;
// the policy refused a script: not the text that the page was made with
addEventListener("securitypolicyviolation", () => say("broken"));
// A fault after the page was opened is told above everything: whoever taps and sees nothing happen would
// wait.
for (const kind of ["error", "unhandledrejection"]) {
  addEventListener(kind, () => phone?.toast(page.words[look.lang].fault));
}
byId("unlock").addEventListener("submit", unlock);
byId("lock-lang").addEventListener("click", () => look.set("lang", following(page.words, look.lang)));
newest.look();

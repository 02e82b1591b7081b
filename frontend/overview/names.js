// Whose doors they are: sealed in the page, shown for the dispatcher's code, and hidden again when asked or
// when nobody is there.
/** @import { Plan, Secret } from "./types.js" */
import { fromBase64 } from "../lib/bytes.js";
import { byId, painted } from "../lib/dom.js";
import { gunzip, utf8 } from "../lib/gunzip.js";
import { idleLock } from "../lib/idle.js";
import { fill } from "../lib/text.js";
import { CODE_LENGTH, keysOf, plainCode, unseal } from "../lib/vault.js";

/**
 * Let the dispatcher show the names; `onChange` gets what was unsealed, or null.
 * @param {Plan} plan
 * @param {(secret: Secret | null) => void} onChange
 */
export function addNames({ route, purpose, words, idle_min }, onChange) {
  /** @type {HTMLInputElement} */
  const codeBox = byId("names-code");
  const idle = idleLock(idle_min, ["pointerdown", "keydown", "wheel"], () => {
    turn(null);
    say(fill(words.idle, { minutes: idle_min }));
  });

  /** @param {Secret | null} secret */
  function turn(secret) {
    const open = secret !== null;
    if (open) idle.opened();
    else idle.closed();
    byId("names-show").hidden = byId("names-hint").hidden = open;
    byId("names-hide").hidden = byId("names-open").hidden = !open;
    ask(false);
    onChange(secret);
  }

  /** @param {boolean} now */
  function ask(now) {
    byId("names-form").hidden = !now;
    byId("names-show").setAttribute("aria-expanded", String(now));
    codeBox.value = "";
    if (now) codeBox.focus();
  }

  /** @param {string} text */
  function say(text) {
    byId("names-said").textContent = text;
  }

  /** @param {Event} event */
  async function show(event) {
    event.preventDefault();
    const code = plainCode(codeBox.value);
    if (code.length !== CODE_LENGTH) {
      say(words.wrong_code);
      return;
    }
    say(words.opening);
    await painted();
    let secret;
    try {
      const sealed = fromBase64((byId("sealed").textContent || "").trim());
      secret = JSON.parse(utf8(gunzip(unseal(sealed, keysOf(code, route).page, purpose, route))));
    } catch {
      codeBox.select();
      say(words.wrong_code);
      return;
    }
    say("");
    turn(secret);
    byId("names-hide").focus();
  }

  byId("names-show").addEventListener("click", () => {
    say("");
    ask(byId("names-form").hidden === true);
  });
  byId("names-hide").addEventListener("click", () => {
    turn(null);
    byId("names-show").focus();
  });
  byId("names-form").addEventListener("submit", show);
}

// Notices: found by building, shown in one language or both, copied one by one or all at once.
import "../lib/older.js";
import { all, byId, data } from "../lib/dom.js";
import { copied } from "../lib/hand_out.js";
import { fill, plain } from "../lib/text.js";

/** @type {Record<string, string>} */
const words = data("words");
const notices = all(".notice");
const said = byId("said");
/** @type {HTMLInputElement[]} */
const tongues = all("[name=tongue]");
/** @type {HTMLInputElement} */
const sought = byId("find");
/** @type {HTMLButtonElement} */
const copyAll = byId("all");

/** @param {HTMLElement} notice */
const parts = (notice) => all("[data-tongue]", notice);
const shown = () => notices.filter((notice) => !notice.hidden);
/** @param {HTMLElement} notice */
const text = (notice) =>
  parts(notice)
    .filter((part) => !part.hidden)
    .map((part) => (part.textContent || "").trim())
    .join("\n");

function show() {
  const wanted = plain(sought.value).split(/\s+/);
  const tongue = tongues.find((choice) => choice.checked)?.value;
  for (const notice of notices) {
    const name = plain(notice.querySelector("h2 span")?.textContent || "");
    notice.hidden = !wanted.every((word) => name.includes(word));
    for (const part of parts(notice)) part.hidden = Boolean(tongue) && part.dataset.tongue !== tongue;
  }
  byId("none").hidden = shown().length > 0;
  copyAll.disabled = !shown().length;
}

/** @param {HTMLButtonElement} button */
async function copyOne(button) {
  const done = await copied(text(/** @type {HTMLElement} */ (button.closest(".notice"))));
  said.textContent = done ? "" : words.refused;
  if (!done) return;
  button.classList.add("done");
  button.textContent = `✓ ${words.copied}`;
  said.textContent = words.copied;
}

/** @type {HTMLButtonElement[]} */
const copyButtons = all(".copy");
for (const button of copyButtons) {
  button.hidden = false;
  button.addEventListener("click", () => copyOne(button));
}
copyAll.addEventListener("click", async () => {
  const chosen = shown();
  const done = await copied(chosen.map(text).join("\n\n"));
  said.textContent = done ? fill(words.copied_all, { n: chosen.length }) : words.refused;
});
sought.addEventListener("input", show);
for (const choice of tongues) choice.addEventListener("change", show);
byId("bar").hidden = false;
show();

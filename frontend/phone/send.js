// The panel that hands the results in: as a picture, a file, a text, or to the server that gave the page.
/** @import { Phone } from "./phone.js" */
import { element } from "../lib/dom.js";
import { download } from "../lib/hand_out.js";
import { copy } from "./dialogs.js";
import { drawQr } from "./qr.js";
import { packResults, resultTexts } from "./results.js";
import { button } from "./widgets.js";

/** @param {Phone} phone */
export function sendPanel(phone) {
  const { page, progress, keys, vault } = phone;
  const all = phone.doors.length;
  const left = phone.doors.filter((_, index) => !phone.markOf(index).status).length;
  if (!phone.sealed) {
    const packed = packResults(
      phone.doors.map((_, index) => progress.own(index)),
      progress,
      Date.now(),
    );
    phone.sealed = vault.seal(packed, keys.results, page.purposes.results, page.route);
  }
  const { pictures, text } = resultTexts(phone.sealed, page.route);
  phone.part %= pictures.length;
  const part = phone.word("part", { number: phone.part + 1, of: pictures.length });
  const canvas = element("canvas", "qr");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", part);
  drawQr(canvas, pictures[phone.part]);
  const next = () => {
    phone.part += 1;
    phone.render();
  };
  const several = pictures.length > 1;
  return [
    element("h2", "", phone.word("results", { done: all - left, all })),
    element(
      "p",
      left ? "left" : "none-left",
      left ? phone.word("left", { n: left }) : phone.word("none_left"),
    ),
    element("p", "", phone.word("scan")),
    canvas,
    ...(several ? [element("p", "part", part), button("big fill", phone.word("next_part"), next)] : []),
    element("p", "soft", phone.word("sealed")),
    ...otherWays(phone, text),
    button("big grave", phone.word("erase"), () => askToErase(phone)),
  ];
}

/**
 * Return the buttons that hand the text in: to the server, to another app, as a file, into the clipboard.
 * @param {Phone} phone
 * @param {string} text
 */
function otherWays(phone, text) {
  const name = `results-${phone.route.team.replace(/[^\p{L}\p{N}_-]+/gu, "_").slice(0, 40)}.txt`;
  const post = async () => phone.toast(phone.word((await posted(text)) ? "posted" : "not_posted"));
  const share = () => navigator.share({ title: name, text }).catch(() => {});
  const save = () => {
    download(name, `${text}\n`, "text/plain");
    phone.toast(phone.word("saved"));
  };
  return [
    ...(served() ? [button("big fill", phone.word("post"), post, "send")] : []),
    ...("share" in navigator ? [button("big line", phone.word("share"), share, "send")] : []),
    button("big line", phone.word("file"), save),
    button("big line", phone.word("copy"), () => copy(phone, text)),
  ];
}

/** @param {Phone} phone */
function askToErase(phone) {
  phone.choose(phone.word("erase"), [
    element("p", "", phone.word("erase_hint")),
    button("big grave", phone.word("erase_yes"), () => {
      phone.progress.erase();
      phone.onLock("erased");
    }),
  ]);
}

// Where a server gave this page, its results can go back there; a page opened from a file reaches nobody.
const served = () => /^https?:$/.test(location.protocol);

/** @param {string} text */
async function posted(text) {
  const headers = { "Content-Type": "text/plain; charset=utf-8" };
  try {
    const answer = await fetch("/results", {
      method: "POST",
      headers,
      body: text,
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
    });
    return answer.ok;
  } catch {
    return false;
  }
}

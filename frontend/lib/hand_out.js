// What leaves the page: a text into the clipboard, a file into the downloads folder.
import { element } from "./dom.js";

const KEPT_MS = 60000; // a browser may read the file only after it has asked where to put it

/**
 * Copy a text; return whether that worked. Plain http has no clipboard, but still the older command.
 * @param {string} text
 */
export async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.body.appendChild(element("textarea", "offscreen"));
    Object.assign(field, { value: text, readOnly: true });
    field.setAttribute("aria-hidden", "true");
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}

/**
 * Save a text as a file.
 * @param {string} name
 * @param {string} text
 * @param {string} type the media type
 */
export function download(name, text, type) {
  const link = document.body.appendChild(element("a"));
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}

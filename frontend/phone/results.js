// Results on their way back: packed, sealed, cut into pieces. handback/marks.py reads them and describes the
// bytes.
/** @import { Seen } from "./types.js" */
import { fromHex, toBase64 } from "../lib/bytes.js";

const BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
// bytes a picture: at most version 16 with correction M, which is read from a scratched screen
const SHARE = 400;
const HAS_PEOPLE = 0x8000,
  HAS_NOTE = 0x4000,
  STATUS = 2048; // the parts of a door's word; the rest is the minute

/** @param {number} value */
function varint(value) {
  const octets = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) octets.push((rest % 128) + 128);
  return [...octets, rest];
}

/**
 * Pack the marks of all doors.
 * @param {(Seen & { note: string })[]} marks
 * @param {{ revision: number, device: string }} from `device`: eight hexadecimal digits
 * @param {number} now_ms since 1970
 */
export function packResults(marks, { revision, device }, now_ms) {
  const sent_min = Math.max(0, Math.floor(now_ms / 60000));
  const out = [1, ...varint(revision), ...fromHex(device), ...varint(sent_min), ...varint(marks.length)];
  /** @param {{ people: number[] }} mark */
  const apart = ({ people }) => people.some(Boolean);
  for (const mark of marks) {
    const flags = (apart(mark) ? HAS_PEOPLE : 0) + (mark.note ? HAS_NOTE : 0);
    const word = flags + mark.status * STATUS + mark.minute;
    out.push(word >> 8, word & 255);
  }
  for (const mark of marks) if (apart(mark)) out.push(...varint(mark.people.length), ...mark.people);
  for (const { note } of marks) {
    const written = new TextEncoder().encode(note);
    if (note) out.push(...varint(written.length), ...written);
  }
  return Uint8Array.from(out);
}

/**
 * Return the texts of the QR codes, and one text of everything for files and chats.
 * @param {Uint8Array} sealed
 * @param {string} route
 */
export function resultTexts(sealed, route) {
  const head = [...fromHex(route.slice(0, 8)), ...sealed.subarray(0, 4)];
  const of = Math.ceil(sealed.length / SHARE);
  const pictures = Array.from({ length: of }, (_, number) => {
    const share = sealed.subarray(number * SHARE, (number + 1) * SHARE);
    return `DR1:${base45([...head, number, of, ...share])}`;
  });
  const whole = toBase64(Uint8Array.from([...head, 0, 1, ...sealed]));
  const text = whole.replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
  return { pictures, text: `doorroute1:${text}` };
}

/**
 * Return bytes as base 45 (RFC 9285).
 * @param {ArrayLike<number>} bytes
 */
export function base45(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 2) {
    const pair = at + 1 < bytes.length;
    const value = pair ? bytes[at] * 256 + bytes[at + 1] : bytes[at];
    text +=
      BASE45[value % 45] +
      BASE45[Math.floor(value / 45) % 45] +
      (pair ? BASE45[Math.floor(value / 2025)] : "");
  }
  return text;
}

// DecompressionStream is missing in phones of 2022 and before; this works in all.
import { gunzipSync } from "fflate";
import { fromBase64 } from "./bytes.js";

/** @param {Uint8Array} bytes */
export const gunzip = (bytes) => gunzipSync(bytes);

/**
 * Return the bytes behind base64 of gzip.
 * @param {string} text
 */
export const unpacked = (text) => gunzip(fromBase64(text));

/** @param {Uint8Array} bytes */
export const utf8 = (bytes) => new TextDecoder().decode(bytes);

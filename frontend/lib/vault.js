// The lock of a page; handback/seal.py makes the same keys and seals.
import { gcm } from "@noble/ciphers/aes.js";
import { scrypt } from "@noble/hashes/scrypt.js";
import { fromHex } from "./bytes.js";

const IV = 12; // bytes
const KEY = 32; // bytes
const encoder = new TextEncoder();

/**
 * @param {string} purpose
 * @param {string} route
 */
const aad = (purpose, route) => encoder.encode(`${purpose}\n${route}`);

export const CODE_LENGTH = 10;

/**
 * Return a code as it was meant, however it was typed.
 * @param {string} typed
 */
export const plainCode = (typed) =>
  typed
    .normalize("NFKC")
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, "")
    .replace(/O/g, "0")
    .replace(/[IL]/g, "1");

/**
 * Return the keys that a code opens on one route.
 * @param {string} code
 * @param {string} route hexadecimal
 */
export function keysOf(code, route) {
  const made = scrypt(encoder.encode(code), fromHex(route), { N: 2 ** 15, r: 8, p: 3, dkLen: 2 * KEY });
  return { page: made.slice(0, KEY), results: made.slice(KEY) };
}

/**
 * Seal bytes with a key, for one purpose and route.
 * @param {Uint8Array} plain
 * @param {Uint8Array} key
 * @param {string} purpose
 * @param {string} route
 */
export function seal(plain, key, purpose, route) {
  const vector = crypto.getRandomValues(new Uint8Array(IV));
  const locked = gcm(key, vector, aad(purpose, route)).encrypt(plain);
  const sealed = new Uint8Array(IV + locked.length);
  sealed.set(vector);
  sealed.set(locked, IV);
  return sealed;
}

/**
 * Open what `seal` made. Throws if the key, the purpose or the route is not the same, or a byte was changed.
 * @param {Uint8Array} sealed
 * @param {Uint8Array} key
 * @param {string} purpose
 * @param {string} route
 */
export const unseal = (sealed, key, purpose, route) =>
  gcm(key, sealed.subarray(0, IV), aad(purpose, route)).decrypt(sealed.subarray(IV));

// What a locked page needs: its key from the code, and the seal.
import { gcm } from "@noble/ciphers/aes.js";
import { scrypt } from "@noble/hashes/scrypt.js";

Object.assign((window.Doorroute = window.Doorroute || {}), { gcm, scrypt });

"""Results written as a phone writes them, by code of its own: `doorroute.handback` reads them."""

import base64

from doorroute.handback.seal import RESULTS, PageLock, keys_of, seal

LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
LOCK = PageLock("第3医疗队", "00112233445566778899aabbccddeeff", "ABCDEFGHJK")
OTHER = PageLock("T2", "ff112233445566778899aabbccddeeff", "ABCDEFGHJM")


def varint(value):
    octets = []
    while value > 127:
        octets.append(value & 127 | 128)
        value >>= 7
    return bytes([*octets, value])


def packed(given_doors, *, revision=7, device="01020304", sent=29_000_000):
    """Write as the page does: told in results_code.py."""
    out = bytes([1]) + varint(revision) + bytes.fromhex(device) + varint(sent) + varint(len(given_doors))
    for status, minute, people, note in given_doors:
        word = bool(people) << 15 | bool(note) << 14 | status << 11 | minute
        out += word.to_bytes(2, "big")
    for _, _, people, _ in given_doors:
        out += varint(len(people)) + bytes(people) if people else b""
    for *_, note in given_doors:
        out += varint(len(note.encode())) + note.encode() if note else b""
    return out


def base45(data):
    text = ""
    for at in range(0, len(data), 2):
        pair = data[at : at + 2]
        value = int.from_bytes(pair, "big")
        text += (
            LETTERS[value % 45]
            + LETTERS[value // 45 % 45]
            + (LETTERS[value // 2025] if len(pair) == 2 else "")
        )
    return text


def travelling(plain, lock=LOCK, *, share=400):
    """Return the texts of the QR codes, and the text for files and chats."""
    sealed = seal(plain, keys_of(lock).results, RESULTS, lock.route)
    head = bytes.fromhex(lock.route[:8]) + sealed[:4]
    shares = [sealed[at : at + share] for at in range(0, len(sealed), share)]
    pictures = [f"DR1:{base45(head + bytes([i, len(shares)]) + part)}" for i, part in enumerate(shares)]
    whole = base64.urlsafe_b64encode(head + bytes([0, 1]) + sealed).decode().rstrip("=")
    return pictures, f"doorroute1:{whole}"

"""The lock of a team's page: a code to read out, the keys derived from it, and the seal on private content.

Whoever has a lost phone has the file and can try codes without limit. So a code has 50 bits from `secrets`,
and scrypt slows each try down. `frontend/lib/vault.js` does the same in the page.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PAGE: Final = "doorroute/page/1"
PROGRESS: Final = "doorroute/progress/1"
RESULTS: Final = "doorroute/results/1"
NAMES: Final = "doorroute/names/1"
"""Purposes of a seal, bound to it as additional data, so that no seal can be used for another purpose."""

SYMBOLS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
_CONFUSED: Final = str.maketrans("OIL", "011")
_CODE_LENGTH: Final = 10
_PAPER_LENGTH: Final = 12
"""PDF encryption (AES-256, revision 6) can be tried 300 times as fast as scrypt; two symbols offset that."""
_IV_BYTES: Final = 12  # NIST SP 800-38D: the recommended length for GCM
# 32 MiB, three times. OWASP, "Password Storage Cheat Sheet": N=2^15, r=8, p=3 equals its first choice
_SCRYPT: Final = {"n": 2**15, "r": 8, "p": 3, "maxmem": 64 * 2**20, "dklen": 64}


@dataclass(frozen=True, slots=True)
class PageLock:
    """A page's lock: `route` (32 hexadecimal digits) is in the page and salts the keys; `code` is secret."""

    team: str
    route: str
    code: str = field(repr=False)

    def __post_init__(self) -> None:
        if not re.fullmatch("[0-9a-f]{32}", self.route) or not re.fullmatch(
            f"[{SYMBOLS}]{{{_CODE_LENGTH}}}", self.code
        ):
            raise ValueError("a lock has a route of 32 hexadecimal digits and a code of 10 symbols")

    @property
    def spoken(self) -> str:
        """Return the code as it is read out and written down: `ABCDE-FGHJK`."""
        return f"{self.code[:5]}-{self.code[5:]}"


@dataclass(frozen=True, slots=True)
class Keys:
    """The key of a team's page, and the key of the results handed in from it; 32 bytes each."""

    page: bytes = field(repr=False)
    results: bytes = field(repr=False)


def new_lock(team: str, code: str | None = None) -> PageLock:
    """Return a random lock; `code` is one that the team already knows, None for a new one."""
    return PageLock(team, secrets.token_hex(16), code or _symbols(_CODE_LENGTH))


def new_paper_code() -> str:
    """Return a random code for a sheet's PDF: 60 bits."""
    return _symbols(_PAPER_LENGTH)


def is_paper_code(code: str) -> bool:
    """Return whether `new_paper_code` may have made this code."""
    return re.fullmatch(f"[{SYMBOLS}]{{{_PAPER_LENGTH}}}", code) is not None


def spoken_paper_code(code: str) -> str:
    """Return the code of a PDF as it is read out and written down: `ABCD-EFGH-JKMN`, or "" for none."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def _symbols(count: int) -> str:
    return "".join(secrets.choice(SYMBOLS) for _ in range(count))


def plain_code(typed: str) -> str:
    """Return a typed code in its plain form: capitals, no dashes or blanks; O is zero, I and L are one."""
    return re.sub(r"[^0-9A-Z]", "", typed.upper()).translate(_CONFUSED)


def keys_of(lock: PageLock) -> Keys:
    """Derive the keys; slow (about 0.2 s and 32 MiB) on purpose."""
    made = hashlib.scrypt(lock.code.encode(), salt=bytes.fromhex(lock.route), **_SCRYPT)
    return Keys(made[:32], made[32:])


def seal(plain: bytes, key: bytes, purpose: str, route: str) -> bytes:
    """Return initialization vector, ciphertext and tag (AES-256-GCM) of `plain`."""
    vector = secrets.token_bytes(_IV_BYTES)
    return vector + AESGCM(key).encrypt(vector, plain, f"{purpose}\n{route}".encode())


def unseal(sealed: bytes, key: bytes, purpose: str, route: str) -> bytes:
    """Undo `seal`.

    Raises
    ------
    ValueError
        It was sealed with another key, for another purpose or route, or a byte was changed.
    """
    try:
        return AESGCM(key).decrypt(sealed[:_IV_BYTES], sealed[_IV_BYTES:], f"{purpose}\n{route}".encode())
    except InvalidTag as error:
        raise ValueError("the seal does not fit") from error

"""The lock of a team's page: a code that is read out, the keys made of it, and the seal on what only the team may read.

What a lost phone gives away is the file, so a code must stand guesses without end: 50 bits from `secrets`, slowed by scrypt.
`frontend/lib/vault.js` does the same in the page.
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
"""What a seal is for: bound to it as additional data, so that one cannot be passed off as another."""

SYMBOLS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
_ALIKE: Final = str.maketrans("OIL", "011")
_CODE_LENGTH: Final = 10
_PAPER_LENGTH: Final = 12
"""Of a PDF's code: what locks a PDF (AES-256, revision 6) lets a guess be tried 300 times as fast as scrypt does, which two symbols make up for."""
_IV_BYTES: Final = 12  # NIST SP 800-38D, the length that GCM is made for
# 32 MiB three times over. Source: OWASP, "Password Storage Cheat Sheet": N=2^15, r=8, p=3 is as strong as its first choice.
_SCRYPT: Final = {"n": 2**15, "r": 8, "p": 3, "maxmem": 64 * 2**20, "dklen": 64}


@dataclass(frozen=True, slots=True)
class Lock:
    """A team's lock: `route` (32 hexadecimal digits) stands in the page and salts the keys, `code` is told to the team alone."""

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
    """What opens a team's page, and what opens the results that come back from it; 32 bytes each."""

    page: bytes = field(repr=False)
    results: bytes = field(repr=False)


def new_lock(team: str, code: str | None = None) -> Lock:
    """Make a lock that nobody can guess; `code` is the one that the team already knows, None for a new one."""
    return Lock(team, secrets.token_hex(16), code or _symbols(_CODE_LENGTH))


def new_paper_code() -> str:
    """Make the code of a sheet's PDF: 60 bits."""
    return _symbols(_PAPER_LENGTH)


def is_paper_code(code: str) -> bool:
    """Say whether it is one that `new_paper_code` may have made."""
    return re.fullmatch(f"[{SYMBOLS}]{{{_PAPER_LENGTH}}}", code) is not None


def spoken_paper_code(code: str) -> str:
    """Return the code of a PDF as it is read out and written down: `ABCD-EFGH-JKMN`; "" of none."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def _symbols(count: int) -> str:
    return "".join(secrets.choice(SYMBOLS) for _ in range(count))


def plain_code(typed: str) -> str:
    """Return a code as it was meant: capitals, no dashes or blanks, O for zero, I and L for one."""
    return re.sub(r"[^0-9A-Z]", "", typed.upper()).translate(_ALIKE)


def keys_of(lock: Lock) -> Keys:
    """Make the keys; takes some 0.2 s and 32 MiB, on purpose."""
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

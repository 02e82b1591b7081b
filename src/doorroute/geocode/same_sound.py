"""Which Chinese characters sound alike: what a person picks wrongly from the list of an input method."""

from __future__ import annotations

from functools import lru_cache

from doorroute.geocode.spelling import has_han


@lru_cache(maxsize=16384)
def sound(sign: str) -> str:
    """Return the pinyin of one character without its tone, `lv` apart from `lu`; a sign that has none is its own sound.

    Of several readings the commonest counts, alone: 乐 is `le`, so that 乐 and 月 do not sound alike. To take any reading would make
    more names one than people confuse.
    """
    if not has_han(sign):
        return sign
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(sign))


def sounds(name: str) -> tuple[str, ...]:
    """Return the sounds of the characters of a name."""
    return tuple(map(sound, name))

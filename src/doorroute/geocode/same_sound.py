"""The sounds of Chinese characters: with an input method, people pick wrong characters of the same sound."""

from __future__ import annotations

from functools import lru_cache

from doorroute.geocode.spelling import has_han


@lru_cache(maxsize=16384)
def sound(sign: str) -> str:
    """Return the pinyin of a character without tone (`lv` and `lu` differ).

    Other characters are unchanged.

    Only the most common reading counts: 乐 is `le` and does not sound like 月. With all readings, more names
    would be equal than people confuse.
    """
    if not has_han(sign):
        return sign
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(sign))


def sounds(name: str) -> tuple[str, ...]:
    """Return the sounds of the characters of a name."""
    return tuple(map(sound, name))

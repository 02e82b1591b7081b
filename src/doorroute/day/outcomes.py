"""The words that people type for the result of a visit."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from doorroute.day.events import Outcome

_DONE: Final = """
done, sampled, ok, okay, yes, y, 1, finished, complete, completed, taken, tested, swabbed,
完成, 已完成, 已采, 已采样, 采样完成, 已做, 做完, 做了, 做好了, 做完了, 采了, 采完, 采完了, 已采完, 好了,
搞定, 完了, 完毕, 已完, 已检, 已检测, 检测完成, 成功, 是, 采样成功, 采集完成, 已采集, 已上门采样, √, ✓,
✔, ☑, ✅
"""
_NOT_HOME: Final = """
not home, nobody home, nobody at home, not at home, no one home, no one at home, noone home, nobody,
nobody in, not in, no answer, no reply, no response, didn't answer, did not answer, absent, away,
nobody_home, not_home, nobody was home, nobody was at home, knocked no answer,
无人在家, 家中无人, 家里无人, 无人, 没人, 没人在家, 家里没人, 家中没人, 不在家, 人不在, 不在, 人不在家,
没在家, 外出, 出门, 出门了, 没开门, 无人开门, 没人开门, 敲门无应, 敲门没人, 敲门无人, 敲门不应, 无人应答,
没人应, 没人应门, 无应答, 未在家, 屋里没人, 没有人, 没有人在家, 敲不开, 敲门不开, 家无人, 门没开
"""
_REFUSED: Final = """
refused, refuse, refuses, refusal, declined, declines, does not want, doesn't want, not willing,
unwilling,
拒绝, 已拒绝, 拒采, 拒检, 拒测, 拒, 拒绝采样, 拒绝检测, 不做, 不愿意, 不愿, 不肯, 不配合, 不同意, 不采,
不想做, 不让进
"""
_OPEN: Final = """
open, not visited, undo, unvisited, 未上门, 未完成, 撤销, 没去, 未去, 还没去, 没上门, 待上门
"""
_PARTLY: Final = """
partly, partly done, in part, partial, partially, partially done, partly_done, some done,
部分完成, 部分, 完成一部分, 部分已采, 没做全, 没采全, 一部分, 部分采样, 做了一部分
"""
_NOT_WHY: Final = """
x, ×, ✗, ✘, ❌, ╳, ☒, ✕, ✖, no, n, 0, not done, failed, none, not yet, pending, skipped, cancelled,
否, 没做, 未做, 没采, 未采, 未采样, 没完成, 还没做, 不行, 失败, 取消, 没成, 没做成
"""
_ENDS: Final = re.compile(r"[\s。．.!！,，;；~～]+$")


def _words(text: str) -> frozenset[str]:
    return frozenset(plain_word(word) for word in text.split(",") if word.strip())


def outcome_of(text: str) -> Outcome | None:
    """Return the outcome that the text means, or None if it is not a known word."""
    return _OUTCOMES.get(plain_word(text))


def is_partly(text: str) -> bool:
    """Return whether the text means that some people behind the door are done, without saying who."""
    return plain_word(text) in _IN_PART


def says_not_why(text: str) -> bool:
    """Return whether the text means "not done" without a reason: a cross, a "no"."""
    return plain_word(text) in _FAILED


def plain_word(text: str) -> str:
    """Normalise a text for comparison: Unicode form, case, spaces, punctuation at the end."""
    whole = unicodedata.normalize("NFKC", text.replace("\ufe0f", "")).casefold().replace("’", "'")
    plain = " ".join(whole.split())
    return _ENDS.sub("", plain) or plain


_OUTCOMES: Final[dict[str, Outcome]] = {
    word: outcome
    for words, outcome in (
        (_DONE, Outcome.DONE),
        (_NOT_HOME, Outcome.NOBODY_HOME),
        (_REFUSED, Outcome.REFUSED),
        (_OPEN, Outcome.OPEN),
    )
    for word in _words(words)
}
_IN_PART: Final = _words(_PARTLY)
_FAILED: Final = _words(_NOT_WHY)

"""The grammar of clock times: tokens become time ranges, or are refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import Final

from doorroute.intake.clock_moment import Moment
from doorroute.intake.clock_words import Clock, Half, Kind, Part, Token, UnreadableError, Words
from doorroute.model.clock import DAY_S

_TWO_DIGITS: Final = 10
_NOON: Final = 12
_SMALL: Final = 7
"""Earlier hours are doubtful if nothing says which half of the day they are in."""


class Form(Enum):
    """How a range is expressed."""

    RANGE = auto()
    BEFORE = auto()
    AFTER = auto()
    AT = auto()
    PART = auto()


@dataclass(frozen=True, slots=True)
class Stretch:
    """One time range as expressed.

    `start` and `end` are its clocks; `parts` are words for parts of the day if there is no clock. `negated`:
    all times except this range. `joined` is what precedes it: Kind.AND, Kind.OR or None. `day` counts the
    dates and days of the week named before it. `after_noon`: the previous range is after noon, so this one
    may be too.
    """

    form: Form
    start: Moment | None = None
    end: Moment | None = None
    parts: tuple[Part, ...] = ()
    negated: bool = False
    about: bool = False
    joined: Kind | None = None
    strict: bool = False
    day: int = 0
    after_noon: bool = False

    @property
    def doubtful(self) -> bool:
        """Return whether its first hour may as well be in the other half of the day."""
        to_pm = self.end is None or Half.AM not in self.end.halves
        at_twelve = (
            self.start is not None
            and self.start.clock.hour == _NOON
            and Half.AM in self.start.halves
            and to_pm
        )
        return self.start is not None and (self.start.clock.hour < _SMALL or at_twelve or self.after_noon)

    @property
    def bare(self) -> bool:
        """Return whether it is a number without any sign of a time."""
        return (
            self.form is Form.AT
            and self.start is not None
            and not self.start.clock.marked
            and not self.start.halves
        )


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a cell says: time ranges, and words that are not times.

    `any_time`: the cell allows any time. `days`: its dates and days of the week; `day_excluded`: one of them
    is excluded. `remarks`: it has words about something else.
    """

    stretches: tuple[Stretch, ...]
    any_time: bool = False
    days: tuple[Token, ...] = ()
    day_excluded: bool = False
    remarks: bool = False


def parse(words: Words) -> Sentence:
    """Read tokens as a sentence. Raises UnreadableError if they are not one."""
    return _Parser(words).sentence()


@dataclass(slots=True)
class _Before:
    """The words before a clock."""

    direction: Kind | None = None
    strict: bool = False
    negated: bool = False
    about: bool = False
    next_day: bool = False
    parts: list[Part] = field(default_factory=list)


class _Parser:
    def __init__(self, words: Words) -> None:
        self.tokens: Sequence[Token] = _with_between(words.tokens)
        self.place = 0
        self.remarks = words.remarks
        self.marks_lead = _marks_lead(self.tokens)
        self.any_time = False
        self.day_excluded = False
        self.days: list[Token] = []
        self.stretches: list[Stretch] = []

    def sentence(self) -> Sentence:
        joined: Kind | None = None
        while token := self.peek():
            if token.kind in {Kind.AND, Kind.OR}:
                joined = (
                    Kind.OR if Kind.OR in {token.kind, joined} else (Kind.AND if self.stretches else None)
                )
                self.place += 1
                continue
            if self._aside(token):
                continue
            stretch = self.stretch()
            if stretch is not None:
                self.stretches.append(
                    replace(stretch, joined=joined if self.stretches else None, day=len(self.days))
                )
            joined = None
        return Sentence(
            stretches=_after_noon(_qualified(_with_bare_numbers(self.stretches))),
            any_time=self.any_time,
            days=tuple(self.days),
            day_excluded=self.day_excluded,
            remarks=self.remarks,
        )

    def peek(self, ahead: int = 0) -> Token | None:
        place = self.place + ahead
        return self.tokens[place] if place < len(self.tokens) else None

    def take(self, *kinds: Kind) -> Token | None:
        """Take the next token if it has one of these kinds; skip words that add nothing."""
        while (token := self.peek()) and token.kind is Kind.FILL and Kind.FILL not in kinds:
            self.place += 1
        if token and token.kind in kinds:
            self.place += 1
            return token
        return None

    def _aside(self, token: Token) -> bool:
        """Take a word that is not part of a time range."""
        if token.kind is Kind.ANY:
            self.any_time = True
        elif token.kind is Kind.REMARK:
            self.remarks = True
        elif token.kind is Kind.DAY or (token.kind is Kind.NEXT and not self._clock_follows()):
            self.days.append(token)
        elif token.kind is Kind.NOT and token.behind and self.days and not self.stretches:
            self.day_excluded = True  # 周三除外
        elif token.kind is not Kind.FILL:
            return False
        self.place += 1
        return True

    def _clock_follows(self) -> bool:
        """Return whether `the next day` belongs to a clock; at the beginning of a cell it does not."""
        return bool(self.stretches)

    def stretch(self) -> Stretch | None:
        before = self._before()
        if before.negated and (day := self.take(Kind.DAY)):
            self.days.append(day)
            self.day_excluded = True
            return None
        if clock := self.take(Kind.CLOCK):
            return self._of_clock(clock, before)
        if before.parts:
            return self._of_parts(before)
        raise UnreadableError("not a time")

    def _before(self) -> _Before:
        before = _Before()
        while token := self.take(
            Kind.NOT, Kind.BEFORE, Kind.AFTER, Kind.ABOUT, Kind.PART, Kind.NEXT, Kind.DASH
        ):
            if token.kind is Kind.PART and token.part is not None:
                before.parts.append(token.part)
            elif token.kind is Kind.NOT and not token.behind:
                before.negated = True
            elif token.kind in {Kind.BEFORE, Kind.AFTER} and not token.behind and before.direction is None:
                before.direction, before.strict = token.kind, token.text not in _LOOSE
            elif (
                token.kind is Kind.DASH
                and not token.text.startswith(("-", "~", "—"))
                and before.direction is None
                and not before.parts
            ):
                before.direction = Kind.BEFORE  # 到11点
            elif token.kind is Kind.ABOUT and not token.behind:
                before.about = True
            elif token.kind is Kind.NEXT:
                before.next_day = True
            else:
                self.place -= 1
                break
            if token.kind is Kind.PART and (ahead := self.peek()) and ahead.kind is Kind.DASH:
                break
        return before

    def _of_clock(self, clock: Token, before: _Before) -> Stretch:
        first = self._moment(clock, before.parts, next_day=before.next_day)
        about = before.about | self._about()
        if self._dash():
            if before.strict:
                raise UnreadableError("before or after a stretch")
            second = self._end()
            about |= self._about()
            behind = self._direction()
            if behind is Kind.AFTER:
                raise UnreadableError("after a stretch")
            first, second = _same_clock(first, second)
            return Stretch(Form.RANGE, first, second, about=about, negated=before.negated | self._negated())
        behind = self._direction()
        if behind is None and not before.direction and (since := self._since(clock)) is not None:
            behind = Kind.AFTER
            first = first if first.halves or since.half is None else replace(first, halves=(since.half,))
        if before.direction and behind and before.direction is not behind:
            raise UnreadableError("before and after")
        about |= self._about()
        if about:
            first = replace(first, clock=replace(first.clock, marked=True))
        form = {Kind.BEFORE: Form.BEFORE, Kind.AFTER: Form.AFTER, None: Form.AT}[behind or before.direction]
        return Stretch(
            form,
            first,
            about=about,
            negated=before.negated | self._negated(),
            strict=behind is None and before.strict,
        )

    def _of_parts(self, before: _Before) -> Stretch:
        parts = tuple(before.parts)
        if self._dash():
            if before.direction is Kind.BEFORE or len(parts) > 1 or before.strict:
                raise UnreadableError("before a stretch")
            token = self.take(Kind.PART)
            if token and token.part and not ((clock := self.peek()) and clock.kind is Kind.CLOCK):
                ends = (parts[0], token.part)
                return Stretch(Form.RANGE, parts=ends, about=True, negated=before.negated | self._negated())
            self.place -= 1 if token else 0
            if parts[0].point is None:
                raise UnreadableError("from a part of the day to a clock")
            first = Moment(Clock(parts[0].point // 3600, exact=True))
            return Stretch(Form.RANGE, first, self._end(), negated=before.negated | self._negated())
        ahead = self.peek()
        strict = ahead.text not in _LOOSE_BEHIND if ahead and ahead.kind is Kind.AFTER else before.strict
        behind = self._direction()
        direction = behind or before.direction
        negated = before.negated | self._negated()
        form = Form.PART if direction is None else Form.BEFORE if direction is Kind.BEFORE else Form.AFTER
        if form is not Form.PART and len(parts) > 1:
            raise UnreadableError("several parts of the day")
        return Stretch(form, parts=parts, negated=negated, strict=strict)

    def _dash(self) -> bool:
        """Take a dash, or a word used as one between two clocks: `9 until 11`."""
        if self.take(Kind.DASH):
            return True
        until = self.take(Kind.BEFORE)
        if until and until.text in {"until", "till", "til", "'til", "bis"}:
            return True
        self.place -= 1 if until else 0
        return False

    def _end(self) -> Moment:
        """Read the clock after a dash."""
        parts: list[Part] = []
        next_day = False
        while token := self.take(Kind.PART, Kind.NEXT, Kind.DAY, Kind.ABOUT):
            if token.part is not None:
                parts.append(token.part)
            next_day |= token.kind is Kind.NEXT
        clock = self.take(Kind.CLOCK)
        if clock is not None:
            return self._moment(clock, parts, next_day=next_day)
        if len(parts) == 1 and (point := parts[0].point) is not None:
            return Moment(Clock(point // 3600, exact=True), next_day=next_day)
        if len(parts) == 1 and parts[0].half is not None:
            return Moment(Clock(parts[0].window.end_s // 3600, exact=True), next_day=next_day)
        raise UnreadableError("no end")

    def _moment(self, token: Token, parts: Sequence[Part], *, next_day: bool) -> Moment:
        """Combine a clock with the parts of the day before and after it."""
        assert token.clock is not None  # noqa: S101
        halves = [half for part in parts if (half := part.half or _half_of(token.clock, part)) is not None]
        while (found := self._part_behind()) is not None:
            halves.append(found)
        if self.take(Kind.NEXT):
            next_day = True
        return Moment(token.clock, tuple(dict.fromkeys(halves)), next_day)

    def _part_behind(self) -> Half | None:
        """Take a part of the day that follows its clock: always `am`; others if no clock follows them."""
        start = self.place
        token = self.take(Kind.PART)
        if token and token.part and token.part.half is not None:
            ahead = self.peek()
            closing = ahead is None or ahead.kind in {
                Kind.AND,
                Kind.OR,
                Kind.REMARK,
                Kind.ANY,
                Kind.NOT,
                Kind.DAY,
            }
            if (
                token.part.behind
                and self.marks_lead
                and ahead is not None
                and ahead.kind in {Kind.CLOCK, Kind.FILL}
            ):
                closing = False  # AM 9:00-11:00 PM 2:00-4:00
            elif token.part.behind or token.text.startswith("in the"):
                closing = True
            elif ahead is not None and ahead.kind is Kind.DASH:
                follower = self.peek(1)
                closing = follower is not None and follower.kind is Kind.CLOCK  # 9:00上午-11:00上午
            if closing:
                return token.part.half
        self.place = start
        return None

    def _direction(self) -> Kind | None:
        found: Kind | None = None
        while token := self.take(Kind.BEFORE, Kind.AFTER):
            if not token.behind:
                self.place -= 1
                break
            if found and found is not token.kind:
                raise UnreadableError("before and after")
            found = token.kind
        return found

    def _since(self, clock: Token) -> Part | None:
        """Take a part of the day that starts at a clock, such as 下班后 in 6点下班后, with its half."""
        start = self.place
        token = self.take(Kind.PART)
        ahead = self.peek()
        part = token.part if token and not (ahead and ahead.kind is Kind.CLOCK) else None
        open_ended = (
            part is not None and part.half is None and part.point is None and part.window.end_s == DAY_S
        )
        if part is not None and open_ended and clock.clock is not None:
            return replace(part, half=_half_of(clock.clock, part))
        self.place = start
        return None

    def _about(self) -> bool:
        if token := self.take(Kind.ABOUT):
            if token.behind:
                return True
            self.place -= 1
        return False

    def _negated(self) -> bool:
        found = False
        while token := self.take(Kind.NOT):
            if not token.behind:
                self.place -= 1
                break
            found = True
        return found


_NEAR_S: Final = 3 * 3600
"""A clock may be this long before or after the usual hours of its part of the day: 17:30下班后."""


def _half_of(clock: Clock, part: Part) -> Half | None:
    """Return the half of the day of a clock in a part that spans noon, None if it can be both.

    Raises UnreadableError if neither fits.
    """
    if part.point is not None:
        raise UnreadableError("a clock in no half of the day")
    low, high = part.window.start_s - _NEAR_S, min(part.window.end_s + _NEAR_S, DAY_S)
    hours = [
        hour for hour in {clock.hour, clock.hour + 12 * (clock.hour <= _NOON)} if low <= hour * 3600 <= high
    ]
    if not hours:
        raise UnreadableError("a clock in no half of the day")
    inside = [hour for hour in hours if part.window.start_s <= hour * 3600 <= part.window.end_s]
    (hour, *others) = inside or hours
    if others or clock.hour > _NOON:
        return None
    return Half.MORNING if hour < _NOON else Half.PM


def _marks_lead(tokens: Sequence[Token]) -> bool:
    """Return whether `AM` and `PM` precede their clocks in this cell."""
    for place, token in enumerate(tokens):
        if token.part is not None and token.part.behind:
            before = tokens[place - 1].kind if place else None
            return before is not Kind.CLOCK
    return False


def _same_clock(first: Moment, second: Moment) -> tuple[Moment, Moment]:
    """Read `11:00` as exactly as `09:00` in one range: the writer counts to 24."""
    if not (first.clock.padded or second.clock.padded):
        return first, second
    return _counted_to_24(first), _counted_to_24(second)


def _counted_to_24(moment: Moment) -> Moment:
    sure = moment.clock.padded or (moment.clock.marked and moment.clock.hour >= _TWO_DIGITS)
    return replace(moment, clock=replace(moment.clock, padded=sure))


_LOOSE: Final = frozenset(
    {"from", "since", "starting", "starting from", "starting at", "ab", "自", "自从", "as of"}
)
_LOOSE_BEHIND: Final = frozenset({"起", "开始", "onwards", "onward", "on", "or later", "and later"})
"""With these words a range starts when the part of the day starts; with other words, when it ends."""


def _with_between(tokens: Sequence[Token]) -> list[Token]:
    """Replace `and` in `between 9 and 11` and 和 in 9点和11点之间 by a dash."""
    made = list(tokens)
    for place, token in enumerate(made):
        begins = token.kind is Kind.BETWEEN
        if not begins and not (token.kind is Kind.FILL and token.text == "之间"):
            continue
        places = range(place + 1, len(made)) if begins else range(place - 1, -1, -1)
        joint = next((at for at in places if made[at].kind in {Kind.AND, Kind.DASH, Kind.OR}), None)
        if (
            joint is not None
            and made[joint].kind is Kind.AND
            and made[joint].text in {"and", "&", "和", "与", "及", "und"}
        ):
            made[joint] = Token(Kind.DASH, "-")
    return [token for token in made if token.kind is not Kind.BETWEEN]


def _with_bare_numbers(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Read a bare number like the clock after it: `3或4点`, `10 or 11am`. Raises UnreadableError."""
    made = list(stretches)
    for place in range(len(made) - 1, -1, -1):
        if made[place].bare:
            follower = made[place + 1] if place + 1 < len(made) else None
            start = made[place].start
            if (
                follower is None
                or follower.joined is None
                or follower.form is not Form.AT
                or not follower.start
                or not start
            ):
                raise UnreadableError("a number alone is no time")
            made[place] = replace(
                made[place],
                start=Moment(replace(start.clock, marked=True), follower.start.halves, start.next_day),
            )
    return made


def _qualified(stretches: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """Apply a separate part of the day to the clock next to it: `上午，9-11点`."""
    made = list(stretches)
    for place, stretch in enumerate(made):
        if stretch.form is not Form.PART or len(stretch.parts) != 1 or stretch.negated:
            continue
        half = stretch.parts[0].half
        for other, joint in ((place + 1, place + 1), (place - 1, place)):
            if not 0 <= other < len(made) or half is None:
                continue
            near, joined = made[other], made[joint].joined
            if (
                near.negated
                or near.start is None
                or joined is Kind.OR
                or near.start.halves
                or near.day != stretch.day
            ):
                continue
            within = replace(
                near, start=near.start.within(half), end=near.end.within(half) if near.end else None
            )
            if _inside(within, stretch.parts[0]):
                made[other] = replace(within, joined=stretch.joined if other > place else near.joined)
                made[place] = replace(stretch, parts=())
                break
    return tuple(each for each in made if each.form is not Form.PART or each.parts)


def _after_noon(stretches: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """Mark ranges that may be after noon like the one before them: `3-5 pm or 7-8`."""
    made = list(stretches)
    for place in range(1, len(made)):
        halves = [
            half
            for moment in (made[place - 1].start, made[place - 1].end)
            if moment
            for half in moment.halves
        ]
        start = made[place].start
        end = made[place].end
        late = {Half.PM, Half.EVENING} & set(halves) or made[place - 1].after_noon
        said = start is None or start.sure or bool(start.halves) or (end is not None and bool(end.halves))
        if late and not said:
            made[place] = replace(made[place], after_noon=True)
    return tuple(made)


def _inside(stretch: Stretch, part: Part) -> bool:
    try:
        moments = [moment.options[0] for moment in (stretch.start, stretch.end) if moment is not None]
    except UnreadableError:
        return False
    return all(part.window.start_s <= moment <= part.window.end_s for moment in moments)

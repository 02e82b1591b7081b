"""Ask online geocoders, only on request.

Answers are cached, limits are kept, and problems become findings.

Only the street or compound and the number are sent, never flat, unit or name; `preview` shows the texts.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from http.client import HTTPException, HTTPMessage, IncompleteRead
from pathlib import Path
from typing import IO, Any, Final, Protocol

from doorroute.disk.files import PRIVATE, Json, make_folder
from doorroute.geocode.query import Query
from doorroute.geocode.spelling import has_han, plain
from doorroute.geocode.understood import understand_address
from doorroute.model.finding import Finding, warning
from doorroute.model.place import Access, Candidate, Place, Point, Precision
from doorroute.texts import Text, msg
from doorroute.web_requests import is_same_server, within

_TIMEOUT_S: Final = 10.0
_LONGEST_ANSWER: Final = 2_000_000
_VERSION: Final = 1


class ProviderError(Exception):
    """A problem with a provider: `code`, and whether to `stop` asking it."""

    def __init__(self, code: str, *, stop: bool = True) -> None:
        super().__init__(code)
        self.code = code
        self.stop = stop


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer of a provider, in WGS 84: position, precision, house number and label."""

    point: Point
    precision: Precision
    number: str = field(repr=False)  # the house number found, '' for none
    label: str = field(repr=False)


class Provider(Protocol):
    """One geocoder: its requests and how to read its answers.

    `parse` raises ProviderError if the answer is an error of the service, and KeyError, TypeError, ValueError
    or IndexError if it is invalid.
    """

    @property
    def name(self) -> str:
        """The source of its places."""

    @property
    def pause_s(self) -> float:
        """Seconds between two requests."""

    @property
    def warning(self) -> Text:
        """The warning before anything is sent."""

    def request(self, text: str) -> tuple[str, Mapping[str, str]]:
        """Return URL and headers of the request for `text`."""

    def parse(self, answer: Json) -> list[Answer]:
        """Read an answer."""


_TROUBLES: Final[Mapping[str, tuple[Text, Text]]] = {
    "PROVIDER_DOWN": (
        msg("could not be reached"),
        msg("Check the network and the address of the service, or continue without it."),
    ),
    "PROVIDER_SLOW": (msg("did not answer in time"), msg("Try again later, or continue without it.")),
    "PROVIDER_QUOTA": (
        msg("has no quota left"),
        msg("Wait until tomorrow, or raise the quota; results so far are kept."),
    ),
    "PROVIDER_KEY": (msg("refused the key"), msg("Check the key and its permissions.")),
    "PROVIDER_FAILED": (msg("reported an error"), msg("Try again later, or continue without it.")),
    "PROVIDER_MOVED": (
        msg("redirected the request to another server, which was not asked"),
        msg("If that server is yours, give its address with --online-url."),
    ),
    "PROVIDER_NONSENSE": (
        msg("gave an answer that cannot be read"),
        msg("Check that its address is that of a geocoder."),
    ),
}


def sent_text(query: Query) -> str:
    """Return the text sent for a query: host and number, with town and postcode; '' if there is none."""
    understood = understand_address(query.address, query.access)
    if not understood.number:
        return ""
    if has_han(understood.name):
        text = plain(query.address)
        head = (
            text[: text.rfind(understood.name) + len(understood.name)]
            if understood.name in text
            else understood.name
        )
        word = "号" if f"{understood.number}号" in text and f"{understood.number}号楼" not in text else "号楼"
        return f"{head}{understood.number}{word}"
    return ", ".join(
        filter(
            None,
            (
                f"{understood.name} {understood.number}",
                " ".join(filter(None, (understood.postcode, understood.town))),
            ),
        )
    )


def preview(queries: Iterable[Query]) -> tuple[str, ...]:
    """Return the texts that `ask` would send for these queries, each once."""
    return tuple(dict.fromkeys(filter(None, map(sent_text, queries))))


class Online:
    """Ask one provider. Answers are cached in the folder `cache` for good (None: for this run only)."""

    def __init__(
        self,
        provider: Provider,
        *,
        cache: Path | None = None,
        timeout_s: float = _TIMEOUT_S,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.provider = provider
        self._timeout_s = timeout_s
        self._sleep = sleep
        self._cache = _AnswerCache(cache / "online.sqlite" if cache else None)
        self._asked_at: float | None = None

    def ask(
        self, queries: Sequence[Query]
    ) -> tuple[dict[str, tuple[Place | None, tuple[Candidate, ...]]], tuple[Finding, ...]]:
        """Ask for each query.

        Returns, by key, the place (if the exact number was found) and the candidates; and findings on
        problems. A provider that is down, refuses the key or has no quota left is not asked again in this
        run.
        """
        found: dict[str, tuple[Place | None, tuple[Candidate, ...]]] = {}
        troubles: Counter[str] = Counter()
        stopped = False
        for query in queries:
            text = sent_text(query)
            if not text:
                continue
            try:
                answers = self._answers(text, kept_only=stopped)
            except ProviderError as trouble:
                troubles[trouble.code] += 1
                stopped = stopped or trouble.stop
                continue
            if answers is not None:
                found[query.key] = self._judged(query, answers)
        return found, tuple(self._finding(code, count) for code, count in troubles.items())

    def _answers(self, text: str, *, kept_only: bool) -> list[Answer] | None:
        """Return the answers to `text`, cached ones first; None if it must not be asked."""
        kept = self._cache.get(self.provider.name, text)
        if kept is not None:
            return kept
        if kept_only:
            return None
        if self._asked_at is not None:
            wait = self.provider.pause_s - (time.monotonic() - self._asked_at)
            if wait > 0:
                self._sleep(wait)
        self._asked_at = time.monotonic()
        try:
            answers = self.provider.parse(json.loads(self._fetched(text)))
            for answer in answers:
                f"{answer.number} {answer.label}".encode()  # lone surrogates can be neither stored nor shown
        except (
            KeyError,
            TypeError,
            ValueError,
            IndexError,
            AttributeError,
            ArithmeticError,
            RecursionError,
        ) as error:
            raise ProviderError("PROVIDER_NONSENSE", stop=False) from error
        self._cache.put(self.provider.name, text, answers)
        return answers

    def _fetched(self, text: str) -> bytes:
        url, headers = self.provider.request(text)
        if not url.startswith(("http://", "https://")):
            raise ProviderError("PROVIDER_DOWN")
        try:
            request = urllib.request.Request(url, headers=dict(headers))  # noqa: S310  # http(s), checked
            return within(self._timeout_s, lambda: _read(request, self._timeout_s))
        except urllib.error.HTTPError as error:
            error.close()
            raise ProviderError(
                _OF_STATUS.get(error.code, "PROVIDER_FAILED"), stop=error.code != 400
            ) from error
        except HTTPException as error:  # an invalid status line, header or chunk
            raise ProviderError("PROVIDER_NONSENSE", stop=False) from error
        except TimeoutError as error:
            raise ProviderError("PROVIDER_SLOW") from error
        except (urllib.error.URLError, OSError) as error:
            slow = isinstance(getattr(error, "reason", None), TimeoutError)
            raise ProviderError("PROVIDER_SLOW" if slow else "PROVIDER_DOWN") from error

    def _judged(self, query: Query, answers: Sequence[Answer]) -> tuple[Place | None, tuple[Candidate, ...]]:
        """Return the answer as place if it is the only one with the exact number.

        All others are candidates.
        """
        understood = understand_address(query.address, query.access)
        wanted = {understood.number, *understood.others}
        exact = [
            answer for answer in answers if answer.precision in _FINE and answer.number.casefold() in wanted
        ]
        candidates = tuple(
            Candidate(
                label=answer.label,
                point=answer.point,
                precision=answer.precision,
                score=_SURE if answer in exact else _UNSURE,
            )
            for answer in answers[:5]
        )
        if len(exact) != 1:
            return None, tuple(
                replace(candidate, score=min(candidate.score, _UNSURE)) for candidate in candidates
            )
        unit = understood.access.unit
        name = self.provider.name
        place = Place(
            point=exact[0].point, precision=exact[0].precision, score=_SURE, source=name,
            entrance_id=f"{name}|{exact[0].point.lon:.5f},{exact[0].point.lat:.5f}|{unit.casefold()}",
            label=exact[0].label, access=understood.access,
        )  # fmt: skip
        return place, candidates

    def _finding(self, code: str, count: int) -> Finding:
        what, advice = _TROUBLES[code]
        return warning(
            code=code,
            table="residents",
            message=msg(
                "{provider} {what}; {n} requests were not answered.",
                provider=self.provider.name,
                what=what,
                n=count,
            ),
            advice=advice,
        )


class _SameServer(urllib.request.HTTPRedirectHandler):
    """Follow redirects only to pages of the same server; nobody agreed to send data to another one."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        if not is_same_server(req.full_url, newurl):
            raise ProviderError("PROVIDER_MOVED")
        return super().redirect_request(req, fp, code, msg, headers, newurl)

    def http_error_302(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage
    ) -> Any:  # noqa: ANN401  # as in the standard library
        try:
            return super().http_error_302(req, fp, code, msg, headers)
        except BaseException:
            fp.close()
            raise

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302


def _read(request: urllib.request.Request, timeout_s: float) -> bytes:
    with urllib.request.build_opener(_SameServer).open(request, timeout=timeout_s) as answer:
        said = bytes(answer.read(_LONGEST_ANSWER))
        if answer.length:  # cut off, which a limited `read` does not report, or too long
            raise IncompleteRead(said)
        return said


_FINE: Final = {Precision.ENTRANCE, Precision.BUILDING}
_SURE, _UNSURE = 0.92, 0.5
_OF_STATUS: Final = {401: "PROVIDER_KEY", 403: "PROVIDER_KEY", 429: "PROVIDER_QUOTA", 509: "PROVIDER_QUOTA"}


class _AnswerCache:
    """Answers by provider and hash of the text, so that the file does not contain the address asked."""

    def __init__(self, path: Path | None) -> None:
        self._path = None if path is None or path.is_symlink() else path
        self._now: dict[str, str] = {}

    def get(self, provider: str, text: str) -> list[Answer] | None:
        name = _name(provider, text)
        said = self._now.get(name) or self._read(name)
        try:
            return None if said is None else [_answer(row) for row in json.loads(said)]
        except (ValueError, TypeError):
            return None

    def put(self, provider: str, text: str, answers: Sequence[Answer]) -> None:
        name = _name(provider, text)
        rows = [
            [answer.point.lon, answer.point.lat, answer.precision.value, answer.number, answer.label]
            for answer in answers
        ]
        self._now[name] = json.dumps(rows, ensure_ascii=False)
        if self._path is None:
            return
        try:
            make_folder(self._path.parent)
            self._path.touch()
            self._path.chmod(PRIVATE)  # the answers are addresses
            with closing(sqlite3.connect(self._path)) as base, base:
                base.execute("CREATE TABLE IF NOT EXISTS answers (name TEXT PRIMARY KEY, said TEXT)")
                base.execute("INSERT OR REPLACE INTO answers VALUES (?, ?)", (name, self._now[name]))
        except (OSError, sqlite3.OperationalError):
            self._path = None  # not writable: cache in memory only
        except sqlite3.Error:
            with suppress(OSError):
                self._path.unlink(missing_ok=True)  # not a database: start a new one with the next answer

    def _read(self, name: str) -> str | None:
        if self._path is None or not self._path.exists():
            return None
        try:
            with closing(sqlite3.connect(self._path)) as base:
                row = base.execute("SELECT said FROM answers WHERE name = ?", (name,)).fetchone()
        except sqlite3.Error:
            return None
        return row[0] if row else None


def _name(provider: str, text: str) -> str:
    return f"{_VERSION}:{provider}:{hashlib.sha256(text.encode()).hexdigest()}"


def _answer(row: Sequence[Any]) -> Answer:
    lon, lat, precision, number, label = row
    return Answer(point=Point(lon, lat), precision=Precision(precision), number=number, label=label)


__all__ = ["Access", "Answer", "Online", "Provider", "ProviderError", "preview", "sent_text"]

"""Texts that users read: written in English where they arise, and translated when they are shown.

English is the source. Every other language is a row of `LANGUAGES` and a gettext catalogue,
`locale/<code>/LC_MESSAGES/doorroute.po`; `docs/add-a-language.md` says how to add one.
"""

from __future__ import annotations

import gettext
import locale
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

_LOCALE = Path(__file__).parent / "locale"


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """What a language needs in addition to its catalogue.

    Parameters
    ----------
    name, short
        What it calls itself, in full and on a small button.
    tag
        Its BCP 47 tag, for the `lang` attribute of pages.
    locales
        How the names of its locales start, in lower case.
    letter
        A letter that a font must have to show the language in a picture.
    line
        About how many letters fit on a line of a picture's title.
    """

    name: str
    short: str
    tag: str
    locales: tuple[str, ...]
    letter: str
    line: int


SOURCE: Final = "en"
"""The language that texts are written in. It needs no catalogue."""

_TABLE: Final = {
    "en": Language(name="English", short="EN", tag="en", locales=("en",), letter="A", line=74),
    "zh": Language(name="中文", short="中文", tag="zh-CN", locales=("zh", "chinese"), letter="人", line=40),
}
LANGUAGES: Final[Mapping[str, Language]] = MappingProxyType(_TABLE)
"""Every language by its code, in the order in which pages show them."""


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence to be translated: an English template and the values for its `{places}`.

    `params` may hold further `Text`s; they are translated with it.
    """

    template: str
    params: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    plural: str | None = None

    def into(self, lang: str) -> str:
        """Return the sentence in `lang`, a code of `LANGUAGES`; in English if there is no catalogue."""
        catalogue = _catalogue(lang)
        params = {
            key: value.into(lang) if isinstance(value, Text) else value for key, value in self.params.items()
        }
        if self.plural is None:
            template = catalogue.gettext(self.template) if self.template else ""
        else:
            template = catalogue.ngettext(self.template, self.plural, int(str(params["n"])))
        return template.format_map(params) if params else template

    def __str__(self) -> str:
        return self.into(SOURCE)


def msg(template: str, /, **params: object) -> Text:
    """Return a text; `template` is English with `{named}` places. Catalogues list the calls of `msg`."""
    return Text(template, MappingProxyType(params))


def msg_n(one: str, many: str, /, n: int, **params: object) -> Text:
    """Return the text `one` or `many`, depending on the number `n`; both may show it as `{n}`."""
    return Text(one, MappingProxyType({"n": n, **params}), many)


def listed(first: Text | str, *others: Text | str) -> Text:
    """Return a list, with the separator of the language."""
    made = first if isinstance(first, Text) else literal(first)
    for one in others:
        made = msg("{these}, {one}", these=made, one=one)
    return made


def literal(text: str) -> Text:
    """Return a text that is the same in every language, such as one read from a file."""
    return Text("{text}", MappingProxyType({"text": text}))


def translator(lang: str) -> Callable[[str], str]:
    """Return the function that translates fixed words into `lang`."""
    return _catalogue(lang).gettext


def locale_folder() -> Path:
    """Return the folder of the catalogues."""
    return _LOCALE


def choose_language(wanted: str | None = None, environ: Mapping[str, str] = os.environ) -> str:
    """Return the code of the language to use: `wanted`, else the locale's, else English.

    Windows sets no `LANG`; there the locale is the account's.
    """
    if wanted is not None and wanted in LANGUAGES:
        return wanted
    named = next(
        (environ[key] for key in ("DOORROUTE_LANG", "LC_ALL", "LC_MESSAGES", "LANG") if environ.get(key)),
        None,
    )
    if named is None and os.name == "nt":
        named = locale.getlocale()[0]
    given = (named or "").lower()
    return next((code for code, language in LANGUAGES.items() if given.startswith(language.locales)), SOURCE)


def from_language(lang: str) -> tuple[str, ...]:
    """Return the codes of all languages, in their order but starting with `lang`."""
    codes = tuple(LANGUAGES)
    at = codes.index(lang)
    return (*codes[at:], *codes[:at])


@cache
def _catalogue(lang: str) -> gettext.NullTranslations:
    return gettext.translation("doorroute", _LOCALE, languages=[lang], fallback=True)

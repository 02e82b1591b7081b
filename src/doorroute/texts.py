"""Texts that users read: said once in English at the place that knows, put into the reader's language at the edge.

English is the source; every other language is one gettext catalogue, `locale/<lang>/LC_MESSAGES/doorroute.po`.
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

LANGUAGES: Final = ("en", "zh")
_LOCALE = Path(__file__).parent / "locale"


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence not yet in any language: an English template and what goes into it.

    `params` may hold further `Text`s; they are put into the same language.
    """

    template: str
    params: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    plural: str | None = None

    def into(self, lang: str) -> str:
        """Render in `lang`, one of `LANGUAGES`."""
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
        return self.into("en")


def msg(template: str, /, **params: object) -> Text:
    """Say `template` (English, with `{named}` places); the catalogues are extracted from calls of this name."""
    return Text(template, MappingProxyType(params))


def msg_n(one: str, many: str, /, n: int, **params: object) -> Text:
    """Say `one` or `many` by the number `n`, which both may show as `{n}`."""
    return Text(one, MappingProxyType({"n": n, **params}), many)


def listed(first: Text | str, *others: Text | str) -> Text:
    """Say one after another, as the language sets them apart."""
    made = first if isinstance(first, Text) else literal(first)
    for one in others:
        made = msg("{these}, {one}", these=made, one=one)
    return made


def literal(text: str) -> Text:
    """Wrap words that are no template: text read back from a file."""
    return Text("{text}", MappingProxyType({"text": text}))


def translator(lang: str) -> Callable[[str], str]:
    """Return the function that puts a page's fixed words into `lang`."""
    return _catalogue(lang).gettext


def choose_language(wanted: str | None = None, environ: Mapping[str, str] = os.environ) -> str:
    """Pick the language: as wanted, else by the locale, else English.

    Windows sets no `LANG`; there the locale of the account is asked.
    """
    if wanted in LANGUAGES:
        return wanted
    named = next(
        (environ[key] for key in ("DOORROUTE_LANG", "LC_ALL", "LC_MESSAGES", "LANG") if environ.get(key)),
        None,
    )
    if named is None and os.name == "nt":
        named = locale.getlocale()[0]
    return "zh" if (named or "").lower().startswith(("zh", "chinese")) else "en"


@cache
def _catalogue(lang: str) -> gettext.NullTranslations:
    return gettext.translation("doorroute", _LOCALE, languages=[lang], fallback=True)

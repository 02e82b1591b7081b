"""A page with everything inside: Leaflet, our scripts and styles; it has no access to the network."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from doorroute.output.views.markup import trusted
from doorroute.texts import LANGUAGES, Text, msg, msg_n

_LEAFLET: Final = files("js_lib_leaflet") / "static" / "js_lib_leaflet"
_OWN: Final = files("doorroute.output.pages")
_NONE: Final = "'none'"
_FIGURE: Final = "{{ figure."  # folium's script, which `render_page` is given among `scripts`
_SCRIPT: Final = re.compile(r"<script>(.*?)</script>", re.DOTALL)


@cache
def leaflet_js() -> Markup:
    """Return Leaflet's script, without the pointer to a source map that is not there."""
    return trusted((_LEAFLET / "leaflet.js").read_text("utf-8").partition("\n//# sourceMappingURL")[0])


@cache
def leaflet_css() -> Markup:
    """Return Leaflet's styles with their pictures inside."""

    def inside(found: re.Match[str]) -> str:
        picture = base64.b64encode((_LEAFLET / "images" / found[1]).read_bytes()).decode()
        return f"url(data:image/png;base64,{picture})"

    text = (_LEAFLET / "leaflet.css").read_text("utf-8")
    return trusted(re.sub(r"url\(images/([\w-]+\.png)\)", inside, text))


@cache
def packed(name: str) -> tuple[str, Markup]:
    """Return the policy hash of a script of ours with Leaflet before it, and both as base64 of gzip.

    The page puts the text into a `<script>` that it makes itself (`frontend/lock/lock.js`). A hash allows
    this one text, in Chromium, Firefox and WebKit, from a file and over http. A nonce could be read by
    everybody who has the file; `blob:` or `unsafe-eval` would allow any text.
    """
    script = f"{leaflet_js()}\n;\n{own(name)}"
    return _hash(script), trusted(base64.b64encode(gzip.compress(script.encode(), 9, mtime=0)).decode())


@cache
def own(name: str) -> str:
    """Return one of this package's styles or bundled scripts, such as `css/common.css`."""
    return (_OWN / name).read_text("utf-8")


def as_json(value: object) -> Markup:
    """Return data for a `<script type="application/json">`; it cannot end the element or start a comment."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return trusted(text)  # escaped above, for JSON


def render_page(
    template: str,
    lang: str,
    context: Mapping[str, object],
    *,
    posts: bool = False,
    later: str = "",
    scripts: tuple[str, ...] = (),
) -> str:
    """Render a page of `templates/`; it may run the scripts of its template, and reach nothing else.

    `posts`: where a server gave the page, it may ask that server. `later`: a script that comes `packed`, as
    `later` of the context, and runs when the page asks for it. `scripts`: further ones of our own that the
    context holds. What else has come into the page as a script is refused by its policy.

    In a template `_("...", name=value)` and `_n(one, many, n)` say a text in `lang`, and `{{ text | said
    }}` a `Text`.
    """
    environment = _environment(lang)
    allowed, text = packed(later) if later else ("", "")
    hashes = {*_hashes(template, lang), *map(_hash, scripts), *([allowed] if later else [])}
    allowed = " ".join(sorted(hashes)) or _NONE
    policy = (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:;"
        " base-uri 'none'; form-action 'none'"
    )
    policy += "; connect-src 'self'" if posts else ""
    return environment.get_template(template).render(context, lang=lang, policy=trusted(policy), later=text)


@cache
def _hashes(template: str, lang: str) -> frozenset[str]:
    """Return the hashes of the scripts in the template itself; none comes from the page's data."""
    environment = _environment(lang)
    source = (_OWN / "templates" / template).read_text("utf-8")
    inner = (script for script in _SCRIPT.findall(source) if not script.startswith(_FIGURE))
    return frozenset(_hash(environment.from_string(script).render()) for script in inner)


def _hash(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


@cache
def _environment(lang: str) -> Environment:
    if lang not in LANGUAGES:
        raise ValueError(f"the languages are {', '.join(LANGUAGES)}")
    environment = Environment(
        loader=PackageLoader("doorroute.output.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def said(template: str, /, **params: object) -> str:
        return msg(template, **params).into(lang)

    def said_n(one: str, many: str, /, n: int, **params: object) -> str:
        return msg_n(one, many, n, **params).into(lang)

    def into(text: Text) -> str:
        return text.into(lang)

    environment.globals.update(
        _=said, _n=said_n, languages=LANGUAGES, own=_trusted, leaflet_js=leaflet_js, leaflet_css=leaflet_css
    )
    environment.filters.update(said=into, as_json=as_json)
    return environment


def _trusted(name: str) -> Markup:
    """Return one of our own files unchanged; none contains `</script` or `</style`."""
    return trusted(own(name))

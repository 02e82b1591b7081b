"""folium without a CDN: what its maps link to is put into the page, and what is not at hand is an error."""

from __future__ import annotations

from typing import Final

import folium
from branca.element import Figure, Link, MacroElement
from folium.template import Template
from markupsafe import Markup

from doorroute.output.pages.assets import leaflet_css, leaflet_js
from doorroute.output.views.markup import trusted

_LINKS: Final = dict(folium.Map.default_js + folium.Map.default_css)
_INSIDE: Final = {
    _LINKS["leaflet"]: Markup("<script>{}</script>").format(leaflet_js()),
    _LINKS["leaflet_css"]: Markup("<style>{}</style>").format(leaflet_css()),
}
# jQuery, Bootstrap and icon fonts serve folium's own pop-ups and icons, which take text for HTML: not used
# here
_LEFT_OUT: Final = frozenset(_LINKS.values()) - _INSIDE.keys()


class OfflineFigure(Figure):  # type: ignore[misc]  # branca ships no types
    """The parts of a figure for a template: `links` (Leaflet), `markup` (the map's element) and `code`."""

    def parts(self) -> dict[str, Markup]:
        """Render folium's elements.

        Raises
        ------
        ValueError
            An element links to something that is not in this package.
        """
        for child in self._children.values():
            child.render()
        links = [child for child in self.header._children.values() if isinstance(child, Link)]  # noqa: SLF001
        unknown = {link.url for link in links} - _INSIDE.keys() - _LEFT_OUT
        if unknown:
            raise ValueError(f"a page may not link outside: {sorted(unknown)}")
        return {
            "links": Markup("\n").join(_INSIDE[link.url] for link in links if link.url in _INSIDE),
            "markup": trusted(self.html.render()),  # folium's own element and nothing of the plan's
            "code": trusted(self.script.render()),
        }


class Announced(MacroElement):  # type: ignore[misc]
    """Gives the map to the page's own script (`onFolium` in `frontend/lib/map/street_map.js`)."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        'document.dispatchEvent(new CustomEvent("folium", { detail: {{ this._parent.get_name() }} }));'
        "{% endmacro %}"
    )


def figure_of(street_map: folium.Map) -> OfflineFigure:
    """Put a folium map into a figure that announces it; the same input gives the same page, byte for byte."""
    announced = Announced()
    street_map._id = announced._id = "plan"  # noqa: SLF001  # folium's own would be random
    street_map.add_child(announced)
    figure = OfflineFigure()
    figure.add_child(street_map)
    return figure

"""`doorroute network`: examine a street extract, cut one, download one."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import click

from doorroute.cli import network_cut, options
from doorroute.errors import BadInputError
from doorroute.model.team import Profile
from doorroute.texts import msg

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from doorroute.network import StreetNetwork
    from doorroute.network.census import Counted, Use


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheUse:
    """The cache of a compiled extract: folder, number of files, size, and whether it was there before."""

    folder: str
    files: int
    bytes: int
    was_there: bool


def command(_: Callable[[str], str]) -> click.Command:
    """Build the group with its help in the language of `_`."""

    @click.group(
        "network",
        help=_("Examine a street extract, cut a town out of it, or download one from OpenStreetMap."),
    )
    @options.language(_)
    def network() -> None:
        """Group the commands."""

    @network.command(
        "info",
        help=_(
            "Show what is in EXTRACT: streets, how much each profile uses of them, what is cut off and why. "
            "Offline."
        ),
    )
    @click.argument("extract", type=options.FILE)
    @click.option(
        "--map", "drawing", type=options.OUT_FILE, help=_("Draw a map: the .svg or .html file to write.")
    )
    @click.option(
        "--profile",
        type=click.Choice([each.value for each in Profile]),
        default=Profile.FOOT.value,
        show_default=True,
        help=_("The profile whose streets are drawn."),
    )
    @options.every_command(_)
    @click.pass_obj
    def info(
        lang: str, /, extract: Path, drawing: Path | None, profile: str, *, quiet: bool, as_json: bool
    ) -> None:
        del quiet
        run_info(lang, extract, drawing, Profile(profile), as_json=as_json)

    @network.command(
        "fetch",
        help=_(
            "Download the streets of PLACE from OpenStreetMap's Overpass server. This uses the internet: "
            "the name of the place and your contact are sent, nothing about any resident."
        ),
    )
    @click.argument("place")
    @click.option("--out", type=options.OUT_FILE, required=True, help=_("The .graphml file to write."))
    @click.option(
        "--contact",
        required=True,
        help=_("Your e-mail address or web page: the server's operators require it."),
    )
    @options.every_command(_)
    @click.pass_obj
    def fetch(lang: str, /, place: str, out: Path, contact: str, *, quiet: bool, as_json: bool) -> None:
        from doorroute.cli import console
        from doorroute.network.fetch import fetch as fetch_place

        there = out.exists()
        if not (quiet or there):
            click.echo(
                msg(
                    "Asking nominatim.openstreetmap.org for the outline of {place}, and overpass-api.de for "
                    "its streets. Only the name, the outline and your contact leave this computer.",
                    place=place,
                ).into(lang),
                err=True,
            )
        fetch_place(place, out, contact=contact)
        if as_json:
            console.print_json({"out": str(out), "asked": not there})
        else:
            told = (
                msg("The file is already there, nothing was downloaded: {file}", file=str(out))
                if there
                else msg("Written: {file}", file=str(out))
            )
            console.results().print(told.into(lang), style="bold green")

    network.add_command(network_cut.command(_))
    return network


def run_info(lang: str, extract: Path, drawing: Path | None, profile: Profile, *, as_json: bool) -> None:
    """Count and print; draw if a file is given."""
    from doorroute.cli import console
    from doorroute.disk.places import cache_folder
    from doorroute.network import open_network
    from doorroute.network.census import classes_of, count_things, in_pieces, use_of
    from doorroute.network.streets import cached
    from doorroute.pipeline.cache_findings import cache_findings

    if drawing is not None and drawing.suffix.lower() not in {".svg", ".html"}:
        raise _not_a_drawing()
    before = {file.name for file in cached(extract, cache_folder())}
    network = open_network(extract, cache=cache_folder())
    uses = [use_of(network, each) for each in Profile]
    counted, classes = count_things(extract, network.graph), classes_of(network.graph)
    kept = cached(extract, cache_folder())
    cache = CacheUse(
        folder=str(cache_folder()),
        files=len(kept),
        bytes=sum(file.stat().st_size for file in kept),
        was_there={file.name for file in kept} <= before,
    )
    findings = [*filter(None, map(in_pieces, uses)), *cache_findings(network.cache.troubles)]
    if as_json:
        document = _document(network, uses, counted, classes, cache)
        console.print_json(
            {**document, "findings": [console.finding_to_json(each, lang) for each in findings]}
        )
    else:
        _print(lang, network, uses, counted, classes, cache)
        console.print_findings(findings, lang)
    if drawing is not None:
        _draw(lang, extract, drawing, network, uses[list(Profile).index(profile)])
        if not as_json:
            console.results().print(msg("Written: {file}", file=str(drawing)).into(lang), style="bold green")


# from the lowest layer up: colour, width in mm
_COLOURS = {
    "forbidden": ("#c3bfb8", 0.25),
    "open": ("#2b5c8a", 0.4),
    "private": ("#7fb2dd", 0.5),
    "oneway": ("#e69f00", 0.6),
    "turns": ("#b35c00", 0.6),
    "barrier": ("#c2308f", 0.6),
    "island": ("#d62f1f", 0.6),
}


def _not_a_drawing() -> BadInputError:
    return BadInputError(
        "MAP_SUFFIX",
        msg("A map is drawn as .svg or .html."),
        msg("Give --map a file name that ends in .svg or .html."),
    )


def _km(metres: float) -> str:
    return f"{metres / 1000:.1f}"


def _document(
    network: StreetNetwork,
    uses: Sequence[Use],
    counted: Counted,
    classes: Mapping[str, tuple[int, float]],
    cache: CacheUse,
) -> dict[str, object]:
    graph = network.graph
    return {
        "date": counted.date or None,
        "bounds": [round(degree, 7) for degree in network.bounds],
        "nodes": len(graph.node_id),
        "edges": len(graph.tail),
        "km": round(float(graph.length_m.sum()) / 1000, 3),
        "classes": [
            {"class": name, "edges": edges, "km": round(metres / 1000, 3)}
            for name, (edges, metres) in classes.items()
        ],
        "profiles": {
            use.profile.value: {
                "kept_km": round(use.kept_m / 1000, 3),
                "parts_km": [round(metres / 1000, 3) for metres in use.parts_m],
                "km": {fate.value: round(metres / 1000, 3) for fate, metres in use.metres.items()},
            }
            for use in uses
        },
        "addresses": counted.addresses,
        "entrances": counted.entrances,
        "gates": counted.gates,
        "barriers": dict(counted.barriers),
        "barrier_lines": dict(counted.lines),
        "cache": asdict(cache),
    }


def _print(
    lang: str,
    network: StreetNetwork,
    uses: Sequence[Use],
    counted: Counted,
    classes: Mapping[str, tuple[int, float]],
    cache: CacheUse,
) -> None:
    from rich.table import Table

    from doorroute.cli import console
    from doorroute.network.census import EDGE_USE_WORDS, KEPT, PROFILES

    out, graph = console.results(), network.graph
    west, south, east, north = network.bounds
    lines = [
        msg(
            "{km} km of streets, {edges} pieces, {nodes} nodes",
            km=_km(float(graph.length_m.sum())),
            edges=len(graph.tail),
            nodes=len(graph.node_id),
        ),
        msg(
            "From {west} to {east} east, {south} to {north} north",
            **{
                name: f"{degree:.5f}"
                for name, degree in zip(
                    ("west", "south", "east", "north"), (west, south, east, north), strict=True
                )
            },
        ),
        msg("Date of the data: {date}", date=counted.date) if counted.date else msg("The file has no date."),
        msg(
            "{addresses} house numbers, {entrances} entrances, {gates} gates",
            addresses=counted.addresses,
            entrances=counted.entrances,
            gates=counted.gates,
        ),
    ]
    if counted.barriers:
        lines.append(msg("Other barriers on points: {kinds}", kinds=_listed(counted.barriers)))
    if counted.lines:
        lines.append(msg("Barriers along lines: {kinds}", kinds=_listed(counted.lines)))
    for line in lines:
        out.print(line.into(lang), soft_wrap=True)
    table = Table(box=None, pad_edge=False, show_edge=False, header_style="bold")
    table.add_column(msg("km").into(lang))
    for use in uses:
        table.add_column(PROFILES[use.profile].into(lang), justify="right")
    for fate, words in EDGE_USE_WORDS.items():
        style = None if fate in KEPT else "dim" if not any(use.metres[fate] for use in uses) else "yellow"
        table.add_row(words.into(lang), *(_km(use.metres[fate]) for use in uses), style=style)
    table.add_row(
        msg("connected parts used").into(lang),
        *(
            f"{len(use.parts_m)} ({', '.join(map(_km, use.parts_m[:3]))}{', …' * (len(use.parts_m) > 3)})"
            for use in uses
        ),
    )
    out.print(table)
    table = Table(box=None, pad_edge=False, show_edge=False, header_style="bold")
    table.add_column(msg("Class").into(lang))
    table.add_column(msg("Pieces").into(lang), justify="right")
    table.add_column(msg("km").into(lang), justify="right")
    for name, (edges, metres) in classes.items():
        table.add_row(name, str(edges), _km(metres))
    out.print(table)
    size = f"{cache.bytes / 1e6:.1f}"
    told = (
        msg("Compiled earlier: {size} MB in {folder}", size=size, folder=cache.folder)
        if cache.was_there
        else msg("Compiled now: {size} MB in {folder}", size=size, folder=cache.folder)
    )
    out.print(told.into(lang), soft_wrap=True, style="dim")


def _listed(kinds: Mapping[str, int]) -> str:
    return ", ".join(f"{kind} {count}" for kind, count in kinds.items())


def _draw(lang: str, extract: Path, file: Path, network: StreetNetwork, use: Use) -> None:
    """Draw the used streets, the others by the reason why not, and barriers."""
    import numpy as np

    from doorroute.disk.files import write_whole
    from doorroute.network.census import EDGE_USE_WORDS, EDGE_USES, PROFILES, barriers_of
    from doorroute.network.raw import DEGREE
    from doorroute.output.basemap.packed import read_base_map
    from doorroute.output.drawings.network_map import Drawn, as_page, network_svg

    graph = network.graph
    counts = np.diff(graph.vertex_ptr)
    layers = []
    for fate in sorted(EDGE_USE_WORDS, key=list(_COLOURS).index):
        of = use.fate == EDGE_USES.index(fate)
        if of.any():
            colour, width = _COLOURS[fate]
            words = f"{EDGE_USE_WORDS[fate].into(lang)}: {_km(use.metres[fate])} km"
            points = graph.vertex[np.repeat(of, counts)] / DEGREE
            layers.append(
                Drawn(
                    points=points,
                    ptr=np.r_[0, np.cumsum(counts[of])],
                    colour=colour,
                    width_mm=width,
                    words=words,
                )
            )
    for kind, colour, points in barriers_of(network, use.profile):
        if len(points):
            words = f"{kind.into(lang)}: {len(points)}"
            layers.append(Drawn(points=points, ptr=None, colour=colour, width_mm=0.35, words=words))
    title = msg("{file}: streets for {profile}", file=extract.name, profile=PROFILES[use.profile]).into(lang)
    used = (
        graph.vertex[np.repeat(use.fate != EDGE_USES.index("forbidden"), counts)]
        if use.allowed_m
        else graph.vertex
    )
    bounds = tuple(np.r_[used.min(axis=0), used.max(axis=0)] / DEGREE)
    svg = network_svg(bounds, read_base_map(extract), layers, title)
    write_whole(file, svg if file.suffix.lower() == ".svg" else as_page(svg, title, lang), shared=True)

"""`doorroute locate`: find the doors, and let the user resolve unsure addresses."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from doorroute.cli import options
from doorroute.errors import BadInputError
from doorroute.texts import msg

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorroute.geocode import Query, Sources
    from doorroute.geocode.online import Provider
    from doorroute.pipeline import DayTables, LocatedDoors

SERVICES = ("nominatim", "nominatim-public", "photon", "amap", "baidu", "tianditu")
NEEDS = {"nominatim": "--online-url", "photon": "--online-url", "nominatim-public": "--contact"}
SHOWN = 5
"""How many of the texts that would be sent are shown."""


@dataclass(frozen=True, kw_only=True)
class LocateOptions(options.Knowing, options.Reading, options.EveryCommand):
    """Options of `doorroute locate`."""

    network: Path
    out: Path
    review: bool
    review_page: Path | None
    online: str | None
    online_url: str
    online_key: str = field(repr=False)
    contact: str
    yes: bool


def command(_: Callable[[str], str]) -> click.Command:
    """Build the command with its help in the language of `_`."""

    @click.command("locate", help=_("Find the doors only, and write a table of their positions."))
    @click.argument("residents", type=options.FILE)
    @options.streets(_)
    @click.option(
        "--out",
        type=options.OUT_FILE,
        required=True,
        help=_("The table to write: .xlsx, .csv or .geojson. `doorroute plan` can read it."),
    )
    @options.knowing(_)
    @click.option(
        "--review",
        is_flag=True,
        help=_("Ask about the unsure addresses in the terminal, and add the answers to the pins."),
    )
    @click.option(
        "--review-page",
        type=options.OUT_FILE,
        help=_("Write a page (.html) for resolving the unsure addresses."),
    )
    @click.option(
        "--online",
        type=click.Choice(SERVICES),
        help=_("Ask this service for addresses that the extract does not have. They leave your computer."),
    )
    @click.option("--online-url", default="", help=_("The URL of your own Nominatim or Photon."))
    @click.option(
        "--online-key", default="", envvar="DOORROUTE_ONLINE_KEY", help=_("The key of the service.")
    )
    @click.option(
        "--contact",
        default="",
        help=_("Your e-mail address or web page: the server's operators require it."),
    )
    @click.option("--yes", is_flag=True, help=_("Do not ask before sending."))
    @options.reading(_)
    @options.every_command(_)
    @options.takes(LocateOptions)
    def locate(lang: str, given: LocateOptions) -> None:
        run_locate(lang, given)

    return locate


def run_locate(lang: str, given: LocateOptions) -> None:
    """Locate, write the table, and print how many doors were found with which precision."""
    from doorroute.cli import console
    from doorroute.disk.places import cache_folder
    from doorroute.geocode import Online
    from doorroute.model.finding import Severity, in_doubt
    from doorroute.model.plan_json import datum_to_json
    from doorroute.output.files.located_table import write_places
    from doorroute.pipeline import (
        GEOCODE,
        INTAKE,
        Surroundings,
        locate_visits,
        read_tables,
        sources_of,
        write_review_page,
    )
    from doorroute.pipeline.cache_findings import cache_findings
    from doorroute.pipeline.plan_folder import PINS

    tell = console.reporter(lang, quiet=given.quiet)
    settings = given.read_settings()
    cache = cache_folder()
    pins = given.pins_file()
    with tell.stage(INTAKE):
        tables = read_tables(
            given.residents,
            mapping=given.header_of_field(),
            settings=settings,
            sheets=given.sheets,
        )

    def located_by(sources: Sources) -> LocatedDoors:
        with tell.stage(GEOCODE):
            return locate_visits(tables, near.extract, settings=settings, cache=cache, sources=sources)

    near = Surroundings.of(given.network, tables, settings, cache, tell)
    sources, told = sources_of(pins, given.gazetteer)
    located = located_by(sources)
    told = (*told, *cache_findings(located.troubles))
    if given.online and located.unsure:
        provider = _provider(given.online, given)
        if given.yes or _may_send(provider, tables, located, lang):
            sources = replace(sources, online=(Online(provider, cache=cache),))
            located = located_by(sources)
    if given.review and located.unsure:
        pins = pins or given.residents.parent / PINS
        if _reviewed(located, pins, lang):
            known, _ = sources_of(pins, given.gazetteer)
            located = located_by(replace(sources, known=known.known))
    told = (*told, *near.findings(located))
    write_places(given.out, tables.visits, located.places, located.not_located)
    if given.review_page:
        write_review_page(given.review_page, located.unsure, near.extract, pins=pins, cache=cache, lang=lang)
    if given.as_json:
        findings = [
            console.finding_to_json(finding, lang) for finding in (*tables.findings, *told, *located.findings)
        ]
        document = {
            "out": str(given.out),
            "visits": len(tables.visits),
            "sheets": console.sheets_to_json(tables.sheets),
            **_counted(located),
            "findings": findings,
            "datums": [datum_to_json(taken) for taken in located.datums],
        }
        console.print_json(document)
    else:
        refused = [
            finding for finding in tables.findings if finding.severity is Severity.ERROR
        ]  # the located table has no such rows
        console.print_findings((*refused, *told, *located.findings), lang)
        others = msg("All of them, and what to do: {where}", where="`doorroute check`")
        console.print_in_doubt(in_doubt(tables.findings), others, lang, planned=False)
        _print_located(located, lang)
        console.print_ledger(tables.sheets, lang)
        console.results().print(
            msg("Written: {file}", file=str(given.out)).into(lang), style="bold green", soft_wrap=True
        )


def _provider(name: str, given: LocateOptions) -> Provider:
    """Return the chosen service.

    Raises
    ------
    BadInputError
        Its URL, key or contact is missing.
    """
    from doorroute.geocode import named_provider

    try:
        return named_provider(name, url=given.online_url, key=given.online_key, contact=given.contact)
    except ValueError as error:
        raise BadInputError(
            "SERVICE_INCOMPLETE",
            msg("The service {name} cannot be used without this information.", name=name),
            msg("Add {option}.", option=NEEDS.get(name, "--online-key")),
        ) from error


def _may_send(provider: Provider, tables: DayTables, located: LocatedDoors, lang: str) -> bool:
    """Warn, show what would be sent, and return whether the user agrees."""
    from doorroute.geocode import preview

    texts = preview(_unsure_queries(tables, located))
    click.echo(provider.warning.into(lang), err=True)
    click.echo(msg("{n} texts would be sent, such as:", n=len(texts)).into(lang), err=True)
    for text in texts[:SHOWN]:
        click.echo(f"  {text}", err=True)
    return bool(texts) and click.confirm(msg("Send them?").into(lang), err=True)


def _unsure_queries(tables: DayTables, located: LocatedDoors) -> list[Query]:
    from doorroute.pipeline import queries_of

    rows = {entry.row for entry in located.not_located}
    return [query for query in queries_of(tables) if query.row in rows]


def _reviewed(located: LocatedDoors, pins: Path, lang: str) -> bool:
    """Ask about the unsure rows in the terminal, add the answers to `pins`, return whether there are any."""
    from datetime import datetime

    from doorroute.disk.takeover import refuse_links
    from doorroute.geocode import add_pins, review_in_terminal

    refuse_links(pins.parent, [pins.name])
    confirmed = review_in_terminal(
        located.unsure,
        ask=lambda text: str(click.prompt(text.into(lang), default="", show_default=False, err=True)),
        tell=lambda text: click.echo(text.into(lang), err=True),
        who=_account(),
    )
    if confirmed:
        add_pins(pins, confirmed, on=datetime.now().astimezone().date())
        click.echo(msg("{n} places saved in {file}", n=len(confirmed), file=str(pins)).into(lang), err=True)
    return bool(confirmed)


def _account() -> str:
    """Return the name of the account, "" if unknown."""
    from getpass import getuser

    with suppress(OSError, KeyError, ImportError):
        return getuser()
    return ""


def _counted(located: LocatedDoors) -> dict[str, object]:
    from doorroute.model.line import row_of

    found = Counter((place.precision.value, place.source) for place in located.places.values())
    return {
        "located": [{"precision": p, "source": s, "visits": n} for (p, s), n in found.most_common()],
        "not_located": [
            {
                "row": row_of(entry.row),
                "sheet": entry.sheet,
                "code": entry.code.value,
                "candidates": len(entry.candidates),
            }
            for entry in located.not_located
        ],
    }


def _print_located(located: LocatedDoors, lang: str) -> None:
    from doorroute.cli import console

    found = Counter((place.precision.value, place.source) for place in located.places.values())
    for (precision, source), visits in found.most_common():
        line = msg(
            "{n} doors: {precision}, by {source}",
            n=visits,
            precision=PRECISIONS[precision],
            source=SOURCES.get(source, source),
        )
        console.results().print(line.into(lang))


PRECISIONS = {
    "given": msg("the given point"),
    "entrance": msg("an entrance"),
    "building": msg("a building"),
    "compound": msg("a compound"),
    "street": msg("a street"),
    "area": msg("an area"),
}
SOURCES = {
    "given": msg("the list itself"),
    "pin": msg("confirmed pins"),
    "gazetteer": msg("the gazetteer"),
    "extract": msg("the map extract"),
}

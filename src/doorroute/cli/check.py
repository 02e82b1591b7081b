"""`doorroute check`: read the tables and report every finding; write nothing except `--out`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from doorroute.cli import options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from doorroute.model.finding import Finding
    from doorroute.model.place import TakenDatum
    from doorroute.pipeline import DayTables


@dataclass(frozen=True, kw_only=True)
class CheckOptions(options.Knowing, options.Reading, options.EveryCommand):
    """Options of `doorroute check`."""

    teams: Path | int | None
    depots: Path | None
    network: Path | None
    out: Path | None


def command(_: Callable[[str], str]) -> click.Command:
    """Build the command with its help in the language of `_`."""

    @click.command("check", help=_("Read the tables and report every finding; write nothing except --out."))
    @click.argument("residents", type=options.FILE)
    @click.option(
        "--teams",
        type=options.TeamsType(),
        default=None,
        help=_("A table of teams, or how many identical teams."),
    )
    @click.option("--depots", type=options.FILE, default=None, help=_("A table of depots."))
    @click.option(
        "--network",
        type=options.FILE,
        default=None,
        help=_("A street extract, by which the datum of coordinates is decided."),
    )
    @click.option(
        "--out",
        type=options.FILE,
        default=None,
        help=_(
            "Also write the list with the findings as an .xlsx: doubtful cells are coloured and commented."
        ),
    )
    @options.knowing(_)
    @options.reading(_)
    @options.every_command(_)
    @options.takes(CheckOptions)
    def check(lang: str, given: CheckOptions) -> None:
        run_check(lang, given)

    return check


def run_check(lang: str, given: CheckOptions) -> None:
    """Read the tables and print the findings."""
    from doorroute.cli import console
    from doorroute.errors import BadInputError
    from doorroute.model.finding import in_doubt
    from doorroute.model.plan_json import datum_to_json
    from doorroute.pipeline import INTAKE, read_tables
    from doorroute.texts import msg, msg_n

    if given.out is not None:
        _must_be_fresh(given.out, given)
    if given.teams is not None and given.depots is None:
        raise BadInputError(
            "DEPOTS_MISSING",
            msg("The teams cannot be checked without the depots that they start from."),
            msg("Add --depots."),
        )
    with console.reporter(lang, quiet=given.quiet).stage(INTAKE):
        tables = read_tables(
            given.residents,
            teams=given.teams,
            depots=given.depots,
            mapping=given.header_of_field(),
            sheets=given.sheets,
            settings=given.read_settings(),
        )
        datums, told = _datums(tables, given)
        if given.out is not None:
            _write_book(tables, (*tables.findings, *told), given.out, lang)
    read = tables.residents
    findings = (*tables.findings, *told)
    if given.as_json:
        console.print_json(
            {
                "rows": read.rows,
                "residents": len(read.residents),
                "visits": len(tables.visits),
                "rejected": len(read.rejected),
                "sheet": read.sheet,
                "sheets": console.sheets_to_json(tables.sheets),
                "header_row": read.header_row,
                "columns": dict(read.columns),
                "dropped": list(read.dropped),
                "findings": [console.finding_to_json(finding, lang) for finding in findings],
                "datums": [datum_to_json(taken) for taken in datums],
            }
        )
        return
    console.print_findings(findings, lang)
    others = msg("All of them, and what to do, are listed above.")
    console.print_in_doubt(in_doubt(tables.findings), others, lang, planned=False)
    people = sum(resident.people for resident in read.residents)
    console.results().print(
        msg_n(
            "{listed} on the list, {people} to sample, behind {n} door",
            "{listed} on the list, {people} to sample, behind {n} doors",
            len(tables.visits),
            listed=sum(each.residents + each.refused for each in tables.sheets),
            people=people,
        ).into(lang),
        style="bold",
    )
    console.print_ledger(tables.sheets, lang)


def _must_be_fresh(out: Path, given: CheckOptions) -> None:
    """Raise BadInputError if `out` does not name a workbook, or is one of the tables."""
    from doorroute.errors import BadInputError
    from doorroute.texts import msg

    if out.suffix.lower() != ".xlsx":
        raise BadInputError(
            "OUT_NOT_XLSX",
            msg("{file} cannot be written: the list with its findings is a workbook.", file=out.name),
            msg("Give a name that ends in .xlsx."),
        )
    tables = (given.residents, given.teams, given.depots, given.pins, given.gazetteer)
    read = [each for each in tables if isinstance(each, Path) and each.exists()]
    if out.exists() and any(out.samefile(each) for each in read):
        raise BadInputError(
            "OUT_IS_INPUT",
            msg("{file} is one of the input tables.", file=out.name),
            msg("Give another name: input tables are never changed."),
        )


def _write_book(tables: DayTables, findings: Iterable[Finding], out: Path, lang: str) -> None:
    from doorroute.output.files.findings_book import write_findings_book

    write_findings_book(tables.as_read, findings, out, lang=lang)


def _datums(tables: DayTables, given: CheckOptions) -> tuple[tuple[TakenDatum, ...], tuple[Finding, ...]]:
    """Decide the datum of coordinates, by the map if one is given; return it with findings."""
    from doorroute.disk.places import cache_folder
    from doorroute.geocode import datum_findings, open_index
    from doorroute.pipeline.cache_findings import cache_findings
    from doorroute.pipeline.locating import datums_of, sources_of

    sources, told = sources_of(given.pins_file(), given.gazetteer)
    index = open_index(given.network, cache=cache_folder()) if given.network else None
    datums = datums_of(tables, sources, index, given.read_settings().datum)
    kept = cache_findings(index.troubles) if index else ()
    return datums, (*told, *datum_findings(datums, by_map=index is not None), *kept)

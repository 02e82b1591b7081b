"""`doorroute network`: fetch the streets of a place, once and only when asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from doorroute.cli import options
from doorroute.texts import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def command(_: Callable[[str], str]) -> click.Command:
    """Build the group with its help in the language of `_`."""

    @click.group("network", help=_("Fetch a street extract from OpenStreetMap, when asked."))
    @click.option("--lang", type=click.Choice(LANGUAGES), expose_value=False, help=_("Language of all texts."))
    def network() -> None:
        """Hold the two commands."""

    @network.command(
        "fetch",
        help=_(
            "Fetch the streets of PLACE from OpenStreetMap's Overpass server: this uses the internet. "
            "The name of the place and your contact are sent, nothing of any resident."
        ),
    )
    @click.argument("place")
    @click.option("--out", type=options.FILE, required=True, help=_("The .graphml file to write."))
    @click.option(
        "--contact", required=True, help=_("Your e-mail or web page: the server's operators want to know who asks.")
    )
    @options.every_command(_)
    @click.pass_obj
    def fetch(lang: str, /, place: str, out: Path, contact: str, *, quiet: bool, as_json: bool) -> None:
        from doorroute.cli import console
        from doorroute.network.fetch import fetch as fetch_place
        from doorroute.texts import msg

        if not quiet:
            click.echo(msg("Asking Overpass for {place}; this leaves your computer.", place=place).into(lang), err=True)
        fetch_place(place, out, contact=contact)
        if as_json:
            console.print_json({"out": str(out)})
        else:
            console.results().print(msg("Written: {file}", file=str(out)).into(lang), style="bold green")

    return network

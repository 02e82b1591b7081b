"""`doorroute settings`: print every setting with its default, as a file to start from."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from doorroute.cli import options

if TYPE_CHECKING:
    from collections.abc import Callable


def command(_: Callable[[str], str]) -> click.Command:
    """Build the command with its help in the language of `_`."""

    @click.command("settings", help=_("Print every setting with its default, as a TOML file for --settings."))
    @options.language(_)
    @click.pass_obj
    def settings(lang: str, /) -> None:
        from doorroute.settings_file import example

        sys.stdout.write(example(lang))

    return settings

"""The command line: a small module for each command."""

from __future__ import annotations

import gettext
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final
from unicodedata import category

import click

from doorroute import __version__, texts
from doorroute.cli.streams import have_streams, print_no_more
from doorroute.errors import DoorrouteError, ExitCode, system_error
from doorroute.texts import msg

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS: Final = {
    "demo": msg("The whole job on the shipped sample, offline."),
    "check": msg("Read the tables and report every finding; write nothing."),
    "locate": msg("Find the doors only, and write a table of their positions."),
    "plan": msg("Plan the day: a checked route for each team, with maps."),
    "scenarios": msg(
        "How many teams are needed: plan with each number of teams, simulate each plan, draw the curve."
    ),
    "verify": msg("Check a plan again, from the files that it was made from."),
    "results": msg("Read what the teams handed in: files, texts, or photos of their QR codes."),
    "replan": msg("Plan the rest of the day again. What happened stays; few doors change their team."),
    "report": msg("Close the day: how every row ended, who is left for tomorrow, which times were learned."),
    "network": msg("Examine a street extract, cut a town out of it, or download one from OpenStreetMap."),
    "settings": msg("Print every setting with its default, as a TOML file for --settings."),
    "solve": msg("Solve a routing file of another program or a public benchmark."),
}
INTERRUPTED: Final = 130
"""The exit code of a command stopped with Ctrl-C. It wrote nothing, except results reported as read."""


class Commands(click.Group):
    """The group of commands. A command is imported when it is called, so that `--help` is fast."""

    def __init__(self, lang: str) -> None:
        _ = texts.translator(lang)
        super().__init__(
            name="doorroute",
            help=_(
                "Plan home visits: a spreadsheet of residents in, a checked plan and its offline maps out."
            ),
            context_settings={"help_option_names": ["-h", "--help"], "obj": lang, "max_content_width": 110},
        )
        self.lang = lang

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which a new user needs them."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and build the command that was called."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"doorroute.cli.{cmd_name}").command(
            texts.translator(self.lang)
        )
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        del ctx
        with formatter.section(msg("Commands").into(self.lang)):
            formatter.write_dl([(name, text.into(self.lang)) for name, text in COMMANDS.items()])


def run() -> None:
    """Run the command line and leave with its exit code."""
    have_streams()
    sys.exit(main(sys.argv[1:]))


def main(args: Sequence[str]) -> int:
    """Run the command line and return its exit code: a value of `ExitCode`, or `INTERRUPTED`."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a console that lacks a character shows ? instead
    lang = texts.choose_language(_wanted_language(args))
    _translate_click(lang)
    group = click.version_option(__version__, prog_name="doorroute")(_with_language(Commands(lang)))
    try:
        result = group.main(args=list(args), prog_name="doorroute", standalone_mode=False)
        sys.stdout.flush()  # while a failure can still be reported
    except click.ClickException as error:
        error.show()
        return ExitCode.BAD_INPUT
    except (click.exceptions.Abort, KeyboardInterrupt) as error:
        if isinstance(error, KeyboardInterrupt) or isinstance(error.__cause__, KeyboardInterrupt):
            click.echo(msg("Stopped before the command was done.").into(lang), err=True)
        return INTERRUPTED
    except BrokenPipeError:  # the reader, such as `head`, has closed the pipe
        print_no_more()
        return ExitCode.DONE
    except Exception as error:
        if os.environ.get("DOORROUTE_DEBUG") and not isinstance(error, DoorrouteError):
            raise
        return _print_error(error, lang)
    return result if isinstance(result, int) else ExitCode.DONE


def _print_error(error: Exception, lang: str) -> int:
    """Print the error; return the exit code."""
    if isinstance(error, OSError):
        error = system_error(error)
    if not isinstance(error, DoorrouteError):
        _print_bug(error, lang)
        return ExitCode.BUG
    _print_expected(error, lang)
    return error.exit_code


def _print_expected(error: DoorrouteError, lang: str) -> None:
    advice = msg("Advice: {advice}", advice=error.advice).into(lang)
    message = "".join(
        "?" if category(sign)[0] == "C" else sign for sign in error.message.into(lang)
    )  # control characters of file names
    click.echo(f"{error.code}: {message}\n  {advice}", err=True)


def _print_bug(error: Exception, lang: str) -> None:
    """Print the type and place of a bug, not its message: that may quote a cell."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"
    text = msg(
        "BUG: {kind} at {where}. This is a fault of doorroute.", kind=type(error).__name__, where=where
    )
    hint = msg("Please report it. DOORROUTE_DEBUG=1 shows the whole trace (it may quote your data).")
    click.echo(f"{text.into(lang)}\n  {hint.into(lang)}", err=True)


def _with_language(group: click.Group) -> click.Group:
    option = click.option(
        "--lang", type=click.Choice(texts.LANGUAGES), expose_value=False, help=" | ".join(texts.LANGUAGES)
    )
    return option(group)


def _wanted_language(args: Sequence[str]) -> str | None:
    """Find `--lang` anywhere in the arguments: help texts need it before anything is parsed."""
    for at, arg in enumerate(args):
        if arg == "--lang":
            return args[at + 1] if at + 1 < len(args) else None
        if arg.startswith("--lang="):
            return arg.removeprefix("--lang=")
    return None


def _translate_click(lang: str) -> None:
    """Take click's own texts from our catalogue."""
    os.environ["LANGUAGE"] = lang
    gettext.bindtextdomain("doorroute", texts.locale_folder())
    gettext.textdomain("doorroute")

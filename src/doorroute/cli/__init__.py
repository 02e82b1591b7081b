"""The command line: thin, one small file a command."""

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
    "locate": msg("Find the doors only, and write where they are."),
    "plan": msg("Plan the day: routes per team, checked, with maps."),
    "scenarios": msg("How many teams: solve a range of counts, replay each plan, show the curve."),
    "verify": msg("Check a plan again from the files that it was made from."),
    "results": msg("Open what the teams handed in: files, texts, or photos of their QR codes."),
    "replan": msg("Plan the rest of the day again: what happened stays, few doors change their team."),
    "report": msg("Close the day: where everybody ended, who is for tomorrow, what was learned."),
    "network": msg(
        "Look into a street extract, cut a town out of it, or fetch one from OpenStreetMap, when asked."
    ),
    "settings": msg("Print every setting with its default, as a TOML file for --settings."),
    "solve": msg("Solve a routing file of another program or a public benchmark."),
}
INTERRUPTED: Final = 130
"""What shells use for a command that the user broke off: it wrote nothing, but for results that it had told as taken."""


class Commands(click.Group):
    """Commands that are imported when they are called: `--help` waits for none of them."""

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
        """Name the commands in the order in which a newcomer needs them."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and build the one command that was called."""
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
    """Run the command line; return the exit code: 0 done, 1 our fault, 2 bad input, 3 outside failed, 4 no sound plan, 130 broken off with Ctrl-C."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a console that cannot show a sign shows ?, and goes on
    lang = texts.choose_language(_wanted_language(args))
    _speak(lang)
    group = click.version_option(__version__, prog_name="doorroute")(_with_language(Commands(lang)))
    try:
        result = group.main(args=list(args), prog_name="doorroute", standalone_mode=False)
        sys.stdout.flush()  # while it can still be told that it cannot be
    except click.ClickException as error:
        error.show()
        return ExitCode.BAD_INPUT
    except (click.exceptions.Abort, KeyboardInterrupt) as error:
        if isinstance(error, KeyboardInterrupt) or isinstance(error.__cause__, KeyboardInterrupt):
            click.echo(msg("Stopped before it was done.").into(lang), err=True)
        return INTERRUPTED
    except BrokenPipeError:  # `| head` has seen enough
        print_no_more()
        return ExitCode.DONE
    except Exception as error:
        if os.environ.get("DOORROUTE_DEBUG") and not isinstance(error, DoorrouteError):
            raise
        return _told(error, lang)
    return result if isinstance(result, int) else ExitCode.DONE


def _told(error: Exception, lang: str) -> int:
    """Tell of the error; return the exit code."""
    if isinstance(error, OSError):
        error = system_error(error)
    if not isinstance(error, DoorrouteError):
        _confess(error, lang)
        return ExitCode.BUG
    _tell(error, lang)
    return error.exit_code


def _tell(error: DoorrouteError, lang: str) -> None:
    advice = msg("Advice: {advice}", advice=error.advice).into(lang)
    message = "".join(
        "?" if category(sign)[0] == "C" else sign for sign in error.message.into(lang)
    )  # as file names have
    click.echo(f"{error.code}: {message}\n  {advice}", err=True)


def _confess(error: Exception, lang: str) -> None:
    """Tell of a bug by its kind and place alone: the error's own text may quote a cell."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"
    text = msg("BUG: {kind} at {where}. This is our fault.", kind=type(error).__name__, where=where)
    hint = msg("Please report it. DOORROUTE_DEBUG=1 shows the whole trace (it may quote your data).")
    click.echo(f"{text.into(lang)}\n  {hint.into(lang)}", err=True)


def _with_language(group: click.Group) -> click.Group:
    option = click.option("--lang", type=click.Choice(texts.LANGUAGES), expose_value=False, help="en | zh")
    return option(group)


def _wanted_language(args: Sequence[str]) -> str | None:
    """Find `--lang` wherever it stands: the help of every command needs it before anything is parsed."""
    for at, arg in enumerate(args):
        if arg == "--lang":
            return args[at + 1] if at + 1 < len(args) else None
        if arg.startswith("--lang="):
            return arg.removeprefix("--lang=")
    return None


def _speak(lang: str) -> None:
    """Let click's own words come from our catalogue too."""
    os.environ["LANGUAGE"] = lang
    gettext.bindtextdomain("doorroute", Path(texts.__file__).parent / "locale")
    gettext.textdomain("doorroute")

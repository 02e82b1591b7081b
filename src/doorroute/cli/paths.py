"""Paths in arguments. A path that no command can use is an error before anything is read."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

import click

from doorroute.disk.files import is_special
from doorroute.disk.takeover import refuse_links
from doorroute.errors import BadInputError, system_error
from doorroute.texts import msg


def usable(value: str) -> Path:
    """Return a path that a command can read or write.

    Raises
    ------
    BadInputError
        `PATH_UNUSABLE`: it is empty or too long. `PATH_NOT_UTF8`: it, or the current folder, is not UTF-8.
        `NOT_A_FILE`: it is a pipe or a device.
    """
    if not value:
        raise BadInputError(
            "PATH_UNUSABLE",
            msg("The name of a file or folder is empty."),
            msg("Give a name. If the command uses a variable there, check that it is set."),
        )
    path = Path(value)
    try:
        str(path.absolute()).encode()
    except UnicodeEncodeError as error:
        raise BadInputError(
            "PATH_NOT_UTF8",
            msg("The path of {file} is not valid UTF-8.", file=path.name.encode(errors="replace").decode()),
            msg("Rename it, or copy it to a folder with another name."),
        ) from error  # fmt: skip
    try:
        if (is_special(path) and not path.is_dir()) or _is_device_name(path):
            raise BadInputError(
                "NOT_A_FILE",
                msg("{file} is not a file.", file=path.name),
                msg("Give the name of a file on the disk."),
            )
    except OSError as error:
        told = system_error(error)
        if isinstance(told, BadInputError):
            raise told from error
    return path  # a missing file is reported where it is read


def _is_device_name(path: Path) -> bool:
    """Return whether Windows takes the name for a device: CON, NUL, COM1.txt."""
    return sys.platform == "win32" and hasattr(os.path, "isreserved") and os.path.isreserved(path)


class PathType(click.ParamType[Path]):
    """A path to read: a file, or a plan's folder."""

    name = "path"

    def convert(self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return a usable path."""
        del param, ctx
        return usable(os.fspath(value))


class OutFile(PathType):
    """A file to write."""

    def convert(self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return a path that is neither a folder nor a link, which would lead elsewhere."""
        path = super().convert(value, param, ctx)
        refuse_links(path.parent, [path.name])
        with suppress(OSError):  # reported where it is written
            if path.is_dir():
                raise BadInputError(
                    "OUT_IS_FOLDER",
                    msg("{file} is a folder, not a file to write to.", file=str(path)),
                    msg("Give the name of a file in it."),
                )
        return path


class OutFolder(PathType):
    """A folder to write to."""

    def convert(self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return a path that is not a file."""
        path = super().convert(value, param, ctx)
        with suppress(OSError):
            if path.is_file():
                raise BadInputError(
                    "OUT_IS_FILE",
                    msg("{file} is a file, not a folder to write to.", file=str(path)),
                    msg("Give the name of a folder, new or old."),
                )
        return path

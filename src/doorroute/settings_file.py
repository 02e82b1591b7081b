"""The day's settings as a TOML file. Unknown keys are errors, which list the known ones."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, TypeVar

from doorroute.errors import BadInputError
from doorroute.model.settings import Settings
from doorroute.texts import msg

if TYPE_CHECKING:
    from pathlib import Path

    from _typeshed import DataclassInstance

_Part = TypeVar("_Part", bound="DataclassInstance")


def read_settings(path: Path) -> Settings:
    """Read a TOML file of settings.

    Raises
    ------
    BadInputError
        The file cannot be read, a key is unknown, or a value has the wrong type.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BadInputError(
            "SETTINGS_NOT_READ",
            msg("The settings file {file} cannot be read.", file=path.name),
            msg("Check the path given with --settings."),
        ) from error
    except ValueError as error:
        raise BadInputError(
            "SETTINGS_NOT_TOML",
            msg("{file} is not valid TOML: {why}.", file=path.name, why=str(error)),
            msg("Write one setting on each line, such as: max_snap_m = 150"),
        ) from error
    return settings_from(table)


def settings_from(table: Mapping[str, object]) -> Settings:
    """Return the settings in nested tables; what is missing has its default."""
    return _filled(Settings, table, "")


def _filled(kind: Callable[..., _Part], table: Mapping[str, object], path: str) -> _Part:
    """Return settings with the values of `table`; `path` comes before their names in errors."""
    defaults = kind()
    known = {field.name: field for field in fields(defaults)}
    values: dict[str, object] = {}
    for key, value in table.items():
        name = f"{path}{key}"
        if key not in known:
            raise BadInputError(
                "SETTING_UNKNOWN",
                msg("There is no setting {name}.", name=name),
                msg("Known settings: {known}.", known=", ".join(f"{path}{each}" for each in known)),
            )
        default = getattr(defaults, key)
        if value is None and default is None:
            continue  # plan.json has settings without a value
        part = _part(default)
        if part is not None and isinstance(value, dict):
            values[key] = _filled(type(part), value, f"{name}.")
        elif isinstance(default, Mapping):
            values[key] = _seconds_by_name(value, name)
        elif "kind" in known[key].metadata:
            values[key] = _made(known[key].metadata["kind"], value, name)
        elif _is_like(value, default):
            values[key] = value if default is None else _made(type(default), value, name)
        else:
            raise _wrong(name)
    try:
        return kind(**values)
    except ValueError as error:
        raise _wrong(str(error)) from error


def _part(value: object) -> DataclassInstance | None:
    """Return a value that is a table of settings itself, None for any other."""
    return value if is_dataclass(value) and not isinstance(value, type) else None


def _seconds_by_name(value: object, name: str) -> dict[str, int]:
    if not isinstance(value, Mapping):
        raise _wrong(name)
    for word, seconds in value.items():
        if not _is_like(seconds, 0):
            raise _wrong(f"{name}.{word}")
    return dict(value)


def _made(kind: Callable[[object], object], value: object, name: str) -> object:
    try:
        return kind(value)
    except ValueError as error:  # not a member of the enumeration
        raise _wrong(name) from error


def _is_like(value: object, default: object) -> bool:
    if isinstance(value, bool) or isinstance(default, bool):
        return isinstance(value, bool) and isinstance(default, bool)
    if default is None:  # no default: a number of seconds
        return isinstance(value, int) and value >= 0
    if isinstance(default, int | float):
        whole = isinstance(value, int) or (isinstance(default, float) and isinstance(value, float))
        return whole and isinstance(value, int | float) and value >= 0
    return isinstance(value, type(default)) or (isinstance(default, str) and isinstance(value, str))


def _wrong(name: str) -> BadInputError:
    return BadInputError(
        "SETTING_WRONG",
        msg("The setting {name} has a value of the wrong type.", name=name),
        msg(
            "Give times in whole seconds and lengths in whole metres, 0 or more. A datum is wgs84, gcj02 or "
            "bd09; a class_rule is order, apart or teams."
        ),
    )


def example(lang: str) -> str:
    """Return all settings as TOML with their defaults, each below its help in `lang`.

    A setting without a default is commented out.
    """
    tables = [_lines(Settings, lang)]
    for field in fields(Settings):
        part = _part(getattr(Settings(), field.name))
        if part is not None:
            tables.append([f"[{field.name}]", *_lines(type(part), lang, field.name)])
    return "\n\n".join("\n".join(lines) for lines in tables) + "\n"


def written(settings: Settings, comments: Mapping[str, str]) -> str:
    """Return as TOML the settings that differ from the defaults, and those that have a comment.

    `comments` has the comment of a setting by its name, such as `service.door_s`.
    """
    tables = [_differing(settings, "", comments)]
    for field in fields(settings):
        value = _part(getattr(settings, field.name))
        if value is not None:
            tables.append(_differing(value, f"{field.name}.", comments))
            tables += [
                _pairs(pairs, f"{field.name}.{inner.name}", comments)
                for inner in fields(value)
                if isinstance(pairs := getattr(value, inner.name), Mapping)
            ]
    return "\n\n".join("\n".join(lines) for lines in tables if lines) + "\n"


def _differing(part: DataclassInstance, path: str, comments: Mapping[str, str]) -> list[str]:
    lines = []
    for field in fields(part):
        value = getattr(part, field.name)
        if is_dataclass(value) or isinstance(value, Mapping) or value is None:
            continue
        comment = comments.get(f"{path}{field.name}")
        if comment is not None or value != getattr(type(part)(), field.name):
            lines += [f"# {comment}"] if comment is not None else []
            lines.append(f"{field.name} = {json.dumps(value, ensure_ascii=False)}")
    return [f"[{path.removesuffix('.')}]", *lines] if path and lines else lines


def _pairs(pairs: Mapping[str, object], path: str, comments: Mapping[str, str]) -> list[str]:
    lines = [f"[{path}]"] if pairs else []
    for key, value in pairs.items():
        comment = comments.get(f"{path}.{key}")
        lines += [f"# {comment}"] if comment is not None else []
        lines.append(f"{json.dumps(key, ensure_ascii=False)} = {json.dumps(value)}")
    return lines


def _lines(kind: type[DataclassInstance], lang: str, path: str = "") -> list[str]:
    lines, nested = [], []
    for field in fields(kind):
        default = getattr(kind(), field.name)
        if is_dataclass(default):
            continue
        shown = f"# {field.metadata['help'].into(lang)}"
        if isinstance(default, Mapping):
            nested += ["", shown, f"[{path}.{field.name}]"]
        elif default is None:
            lines += [shown, f"# {field.name} = {json.dumps(field.metadata.get('example', 7200))}"]
        else:
            lines += [shown, f"{field.name} = {json.dumps(default, ensure_ascii=False)}"]
    return lines + nested

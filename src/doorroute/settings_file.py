"""The day's settings from a TOML file: unknown keys are refused, with the known ones listed."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from doorroute.errors import BadInputError
from doorroute.model.settings import Settings
from doorroute.texts import msg

if TYPE_CHECKING:
    from pathlib import Path


def read_settings(path: Path) -> Settings:
    """Read a TOML file of settings.

    Raises
    ------
    BadInputError
        Where the file cannot be read, a key is unknown or a value is of the wrong kind.
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
            msg("Write one setting a line, as in: max_snap_m = 150"),
        ) from error
    return settings_from(table)


def settings_from(table: dict[str, Any]) -> Settings:
    """Make settings of nested tables, with the defaults for what is not there."""
    made: Settings = _filled(Settings, table, "")
    return made


def _filled(kind: type[Any], table: dict[str, Any], path: str) -> Any:  # noqa: ANN401  # whatever `kind` is
    known = {field.name: field for field in fields(kind)}
    values = {}
    for key, value in table.items():
        name = f"{path}{key}"
        if key not in known:
            raise BadInputError(
                "SETTING_UNKNOWN",
                msg("There is no setting {name}.", name=name),
                msg("Known settings: {known}.", known=", ".join(f"{path}{each}" for each in known)),
            )
        default = getattr(kind(), key)
        if value is None and default is None:
            continue  # plan.json writes what is not set
        if is_dataclass(default) and isinstance(value, dict):
            values[key] = _filled(type(default), value, f"{name}.")
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


def _seconds_by_name(value: object, name: str) -> dict[str, int]:
    if not isinstance(value, Mapping):
        raise _wrong(name)
    for word, seconds in value.items():
        if not _is_like(seconds, 0):
            raise _wrong(f"{name}.{word}")
    return dict(value)


def _made(kind: type[Any], value: object, name: str) -> object:
    try:
        return kind(value)
    except ValueError as error:  # a word that the enumeration does not have
        raise _wrong(name) from error


def _is_like(value: object, default: object) -> bool:
    if isinstance(value, bool) or isinstance(default, bool):
        return isinstance(value, bool) and isinstance(default, bool)
    if default is None:  # a number of seconds, if it is set
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
            "Times are whole seconds and lengths whole metres, 0 or more; a datum is wgs84, gcj02 or bd09; a class_rule is order, apart or teams."
        ),
    )


def example(lang: str) -> str:
    """Write all settings as TOML, each with its help in `lang` above and its default behind; what has no default is commented out."""
    tables = [_lines(Settings, lang)]
    for field in fields(Settings):
        default = getattr(Settings(), field.name)
        if is_dataclass(default):
            tables.append([f"[{field.name}]", *_lines(type(default), lang, field.name)])
    return "\n\n".join("\n".join(lines) for lines in tables) + "\n"


def written(settings: Settings, told: Mapping[str, str]) -> str:
    """Write as TOML what differs from the defaults, and what `told` has a comment for, by its name as in `service.door_s`."""
    tables = [_differing(settings, "", told)]
    for field in fields(settings):
        value = getattr(settings, field.name)
        if is_dataclass(value):
            tables.append(_differing(value, f"{field.name}.", told))
            tables += [
                _pairs(pairs, f"{field.name}.{inner.name}", told)
                for inner in fields(value)
                if isinstance(pairs := getattr(value, inner.name), Mapping)
            ]
    return "\n\n".join("\n".join(lines) for lines in tables if lines) + "\n"


def _differing(part: Any, path: str, told: Mapping[str, str]) -> list[str]:  # noqa: ANN401  # one of the settings' dataclasses
    lines = []
    for field in fields(part):
        value = getattr(part, field.name)
        if is_dataclass(value) or isinstance(value, Mapping) or value is None:
            continue
        comment = told.get(f"{path}{field.name}")
        if comment is not None or value != getattr(type(part)(), field.name):
            lines += [f"# {comment}"] if comment is not None else []
            lines.append(f"{field.name} = {json.dumps(value, ensure_ascii=False)}")
    return [f"[{path.removesuffix('.')}]", *lines] if path and lines else lines


def _pairs(pairs: Mapping[str, object], path: str, told: Mapping[str, str]) -> list[str]:
    lines = [f"[{path}]"] if pairs else []
    for key, value in pairs.items():
        comment = told.get(f"{path}.{key}")
        lines += [f"# {comment}"] if comment is not None else []
        lines.append(f"{json.dumps(key, ensure_ascii=False)} = {json.dumps(value)}")
    return lines


def _lines(kind: type[Any], lang: str, path: str = "") -> list[str]:
    lines, nested = [], []
    for field in fields(kind):
        default = getattr(kind(), field.name)
        if is_dataclass(default):
            continue
        told = f"# {field.metadata['help'].into(lang)}"
        if isinstance(default, Mapping):
            nested += ["", told, f"[{path}.{field.name}]"]
        elif default is None:
            lines += [told, f"# {field.name} = {json.dumps(field.metadata.get('example', 7200))}"]
        else:
            lines += [told, f"{field.name} = {json.dumps(default, ensure_ascii=False)}"]
    return lines + nested

"""Check that a plan's folder is as it was written: `plan.json` by its seal, other files by their hashes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from doorroute.checker import Violation
from doorroute.disk.files import sha256_of
from doorroute.disk.takeover import inside, is_link
from doorroute.errors import BadInputError
from doorroute.model.finding import Finding, warning
from doorroute.pipeline.plan_folder import SEAL, SECRET, read_plan, seal_of
from doorroute.texts import msg

if TYPE_CHECKING:
    from pathlib import Path

SAVED_AGAIN: Final = frozenset({".xlsx", ".csv", ".gpkg"})
"""Files that Excel or QGIS rewrite without being asked. No team works from them, so a change is a warning."""


def check_seal(document: dict[str, Any]) -> tuple[Violation, ...]:
    """Return a violation if `plan.json` was changed after it was written; earlier versions have no seal."""
    if SEAL not in document or document[SEAL] == seal_of(document):
        return ()
    text = msg("plan.json was changed after it was written, so it is no longer the plan that was checked.")
    return (Violation(rule="plan_as_written", team=None, visit=None, message=text),)


def check_files(home: Path, document: dict[str, Any]) -> tuple[tuple[Violation, ...], tuple[Finding, ...]]:
    """Return a violation for each file that is missing or changed, and a warning for each changed table."""
    violations, warnings = [], []
    hashes = document.get("files")
    for name, sha256 in hashes.items() if isinstance(hashes, dict) else ():
        said = _changed(home, name, sha256)
        if said is None:
            continue
        code, text = said
        if home.joinpath(name).suffix in SAVED_AGAIN and code != "FILE_IS_LINK":
            advice = msg(
                "If nobody changed it on purpose, plan again into the same folder to write it again."
            )
            warnings.append(warning(code, text, advice))
        else:
            violations.append(Violation(rule="files_as_written", team=None, visit=None, message=text))
    return tuple(violations), tuple(warnings)


def _changed(home: Path, name: str, sha256: object) -> tuple[str, Any] | None:
    try:
        path = home / inside(name)
    except ValueError:
        return "FILE_GONE", msg("{file} is not one of the plan's files.", file=name)
    if is_link(path) or any(is_link(home / folder) for folder in path.relative_to(home).parents):
        return "FILE_IS_LINK", msg("{file} is a link to another place.", file=name)
    if not path.is_file():
        return "FILE_GONE", msg("{file} is missing.", file=name)
    if path.name in SECRET:
        broken = "CODES_BROKEN", msg("{file} cannot be read.", file=name)
        return None if sha256 is None and _can_be_read(path) else broken
    if sha256_of(path) != sha256:
        return "FILE_CHANGED", msg("{file} was changed after it was written.", file=name)
    return None


def _can_be_read(path: Path) -> bool:
    """Return whether a file of codes is as it was written; its hash is in `codes.json` only."""
    from doorroute.handback.codes import FILE, as_written, own_code, read_codes

    try:
        read_codes(path.parent)
        own_code(path.parent)
    except BadInputError:
        return path.name != FILE and path.stat().st_size > 0
    return as_written(path.parent, path.name)


def changed_plan(home: Path) -> tuple[Finding, ...]:
    """Return a warning if `plan.json` was changed after it was written: its people and doors may be wrong."""
    advice = msg("If nobody changed it on purpose, plan again into the same folder to write it again.")
    return tuple(warning("PLAN_CHANGED", each.message, advice) for each in check_seal(read_plan(home)))

"""What a wheel carries: the machine code of all compiled functions, for any processor."""

from __future__ import annotations

import json
import platform
from pathlib import Path
from typing import Final

import numba
import numpy as np

from doorroute.machine_code import functions
from doorroute.machine_code.kept import key_for_any_processor

MADE_WITH: Final = "made-with.json"


def copy_to(folder: Path) -> int:
    """Copy the machine code of all functions loaded so far to `folder`; return how many there were.

    `made-with.json` records the versions it was made with, for people: what does not fit is not loaded.
    Only for a process that is set to any processor, as those of `compile_in_processes` are.
    """
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for function in functions():
        kept = function._cache  # noqa: SLF001
        for types, result in function.overloads.items():
            data = kept.find(types, result.codegen)
            kept.file(folder).save(key_for_any_processor(types, result.codegen), data)
            count += 1
    note = {
        "numba": numba.__version__,
        "numpy": np.__version__,
        "python": platform.python_version(),
        "system": platform.system(),
        "machine": platform.machine(),
        "functions": count,
    }
    (folder / MADE_WITH).write_text(json.dumps(note, indent=1) + "\n", encoding="utf-8")
    return count

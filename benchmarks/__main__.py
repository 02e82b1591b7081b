"""Run the parts that were asked for, and write `docs/benchmarks.md` anew: parts not asked for keep what they
last said.
"""

from __future__ import annotations

import os
import platform
import re
import sys
from importlib import import_module
from pathlib import Path

from doorroute.disk.files import write_whole

REPORT = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
PARTS = ("job", "addresses", "streets", "planning", "pages", "overview_page", "scenarios", "replan")
HEAD = """# Benchmarks

Written by `make bench` (`python -m benchmarks [PART ...]`). Times are of one machine and one run; what counts are the ratios and the limits.
"""


def main(wanted: list[str]) -> None:
    unknown = set(wanted) - set(PARTS)
    if unknown:
        sys.exit(f"no such part: {', '.join(sorted(unknown))}; there are: {', '.join(PARTS)}")
    sections = dict(
        re.findall(
            r"<!-- (\w+) -->\n(.*?)<!-- end -->\n", REPORT.read_text() if REPORT.exists() else "", re.DOTALL
        )
    )
    for part in wanted or PARTS:
        print(f"== {part}", file=sys.stderr)
        machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
        sections[part] = (
            f"{import_module(f'benchmarks.{part}').run()}\nCommand: `python -m benchmarks {part}`. Machine: {machine}.\n"
        )
        body = "".join(
            f"\n<!-- {name} -->\n{sections[name]}<!-- end -->\n" for name in PARTS if name in sections
        )
        write_whole(REPORT, HEAD + body)


if __name__ == "__main__":
    main(sys.argv[1:])

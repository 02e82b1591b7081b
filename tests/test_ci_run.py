"""`.ci/run` calls `make test`, ends as it ends, and closes with pytest's closing line."""

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parent.parent / ".ci" / "run"


@pytest.mark.parametrize(
    ("said", "code", "last"),
    [
        ("== 12 passed in 1.50s ==\\n", 0, "== 12 passed in 1.50s =="),
        (
            "== 1 failed, 11 passed, 2 skipped in 61.02s (0:01:01) ==\\nmake: *** [test] Error 1\\n",
            2,
            "== 1 failed, 11",
        ),
        ("\\033[32m== \\033[1m3 passed\\033[0m in 2.00s ==\\n", 0, "== 3 passed in 2.00s =="),
        ("== no tests ran in 0.01s ==\\n", 2, "== no tests ran in 0.01s =="),
        ("pip: no space left\\n", 2, "pytest did not get to its closing line (make ended with 2)"),
    ],
)
def test_it_ends_as_the_tests_end(tmp_path, said, code, last):
    make = tmp_path / "make"
    make.write_text(f"#!/bin/sh\necho called with $*\nprintf '{said}'\nexit {code}\n")
    make.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [SCRIPT], env=os.environ | {"PATH": path}, capture_output=True, text=True, check=False
    )
    lines = done.stdout.splitlines()
    assert done.returncode == code
    assert lines[0] == "called with test"
    assert lines[-1].startswith(last)

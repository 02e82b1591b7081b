"""Finding a Chromium; getting one is not tried here."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.get_chromium import find

SCRIPT = Path(__file__).with_name("get_chromium.py")


@pytest.fixture
def fake(tmp_path):
    """Return the maker of a program that only ends with a code."""

    def made(name, code):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\nexit {code}\n")
        program.chmod(0o755)
        return program

    return made


def test_the_chromium_asked_for_comes_first(fake, monkeypatch):
    program = fake("my-chromium", 0)
    monkeypatch.setenv("DOORROUTE_CHROMIUM", str(program))
    assert find() == program


def test_a_chromium_asked_for_that_does_not_run_is_replaced_by_no_other(fake, monkeypatch):
    monkeypatch.setenv("DOORROUTE_CHROMIUM", str(fake("my-chromium", 1)))
    assert find() is None


def test_a_name_on_the_path_that_does_not_run_is_passed_over(fake, monkeypatch):
    monkeypatch.delenv("DOORROUTE_CHROMIUM", raising=False)
    fake("chromium", 1)
    program = fake("google-chrome", 0)
    monkeypatch.setenv("PATH", str(program.parent))
    assert find() == program


def test_the_script_says_what_it_found_and_never_fails(fake):
    for program, answer in ((fake("good", 0), "good"), (fake("bad", 1), "none")):
        done = subprocess.run(
            [sys.executable, str(SCRIPT)],
            env=os.environ | {"DOORROUTE_CHROMIUM": str(program)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert f"{answer}" in done.stdout.splitlines()[-1]

"""The table of writers makes the plan's folder, the links of the overview and the table of files in the
documents.
"""

import re
from pathlib import Path

import pytest

from doorroute.output import write
from doorroute.output.write import OVERVIEW, WRITERS, File, PlanOutput, Writer, files_table, write_maps
from doorroute.pipeline.plan_folder import REVIEW, SECRET
from doorroute.texts import literal, msg

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "output.md"


def patterns():
    """Return a pattern for each file of the table."""
    names = [OVERVIEW, *(name for writer in WRITERS for file in writer.files for name in file.names)]
    return [re.compile(re.escape(name).replace(r"\{team\}", "[^/]+")) for name in names]


def test_every_file_of_a_plan_is_in_the_table_and_no_file_is_in_two_rows(written):
    out, paths = written
    for path in paths:
        name = path.relative_to(out).as_posix()
        assert len([pattern for pattern in patterns() if pattern.fullmatch(name)]) == 1, name


def test_the_overview_links_to_every_file_that_has_a_link_and_is_there(written):
    out, paths = written
    page = (out / "overview.html").read_text(encoding="utf-8")
    hrefs = set(re.findall(r'href="([^"#:]+)"', page))
    there = {path.relative_to(out).as_posix() for path in paths}
    linked = [file.name for writer in WRITERS for file in writer.files if file.link is not None]
    assert hrefs == {name.format(team=team) for name in linked for team in ("T1", "T2")} & there


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_document_has_a_row_for_every_writer(lang):
    """To write them anew: `python -c "from doorroute.output.write import *; print(*files_table('en'),
    sep='\\n')"`.
    """
    assert "\n".join(files_table(lang)) in DOCUMENT.read_text(encoding="utf-8")


def test_a_new_export_is_one_row(make_day, extract, tmp_path, monkeypatch):
    def write_one(ready):
        return ready.write({f"teams/{team.file}.txt": str(team.people) for team in ready.teams})

    row = Writer(
        name="people",
        files=(File("teams/{team}.txt", literal("People")),),
        purpose=msg("navigation apps"),
        write=write_one,
    )
    monkeypatch.setattr(write, "WRITERS", (*WRITERS, row))
    plan, problem, findings = make_day()
    asked = PlanOutput(plan, problem, extract, lang="en", findings=findings, open_pages=True)
    paths = write_maps(asked, tmp_path)
    assert tmp_path / "teams" / "T1.txt" in paths
    assert 'href="teams/T1.txt"' in (tmp_path / "overview.html").read_text(encoding="utf-8")
    assert "| `teams/<team>.txt` | navigation apps |" in files_table("en")


def test_the_names_that_other_modules_use_are_those_of_the_table():
    names = {writer.name: {file.name for file in writer.files} for writer in WRITERS}
    assert names["codes"] == SECRET
    assert names["review"] == {REVIEW}

"""The extra `paper`: where it is not installed, the plan is made all the same and says what is missing."""

import pytest

from doorroute.cli import main
from doorroute.output.files import sheet_pdf


@pytest.mark.parametrize("there", [True, False])
def test_the_user_is_told_when_no_pdf_sheets_are_made(tmp_path, capsys, monkeypatch, there):
    monkeypatch.setattr(sheet_pdf, "can_print", lambda: there)
    assert main(["demo", "--out", str(tmp_path), "--time-limit", "0.5"]) == 0
    codes = (tmp_path / "codes.html").read_text(encoding="utf-8")
    assert ("install doorroute[paper]" in capsys.readouterr().out) is not there
    assert ("in capitals, without the dash" in codes) is there
    assert ("no locked PDF sheets" in codes) is not there
    assert bool(list(tmp_path.glob("sheets/*.pdf"))) is there

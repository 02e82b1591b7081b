"""Settings come from TOML; what is unknown or of the wrong kind is refused by name."""

from dataclasses import asdict
from pathlib import Path

import pytest

from doorroute.errors import BadInputError
from doorroute.model.settings import Settings
from doorroute.settings_file import read_settings, settings_from


def test_what_is_given_is_taken_and_the_rest_stays_default(tmp_path: Path) -> None:
    file = tmp_path / "day.toml"
    file.write_text("max_snap_m = 80\n[service]\nresident_s = 240\n")
    settings = read_settings(file)
    assert (settings.max_snap_m, settings.service.resident_s) == (80, 240)
    assert settings.service.door_s == Settings().service.door_s


def test_settings_survive_being_written_as_a_table() -> None:
    assert settings_from(asdict(Settings(max_snap_m=7))) == Settings(max_snap_m=7)


@pytest.mark.parametrize(
    ("text", "code", "named"),
    [
        ("speed = 3", "SETTING_UNKNOWN", "speed"),
        ("[service]\nresident_min = 3", "SETTING_UNKNOWN", "service.resident_min"),
        ("[service]\nresident_s = 'three'", "SETTING_WRONG", "service.resident_s"),
        ("[service]\nresident_s = -1", "SETTING_WRONG", "service.resident_s"),
        ("[service]\nresident_s = true", "SETTING_WRONG", "service.resident_s"),
        ("service = 3", "SETTING_WRONG", "service"),
        ("min_score = 7.5", "SETTING_WRONG", "min_score"),
        ("max_snap_m =", "SETTINGS_NOT_TOML", "day.toml"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str, code: str, named: str) -> None:
    file = tmp_path / "day.toml"
    file.write_text(text)
    with pytest.raises(BadInputError) as caught:
        read_settings(file)
    assert caught.value.code == code
    assert named in str(caught.value.message)


def test_a_missing_settings_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="SETTINGS_NOT_READ"):
        read_settings(tmp_path / "none.toml")


def test_every_setting_has_a_help_text() -> None:
    from dataclasses import fields, is_dataclass

    for field in fields(Settings):
        value = getattr(Settings(), field.name)
        for each in fields(value) if is_dataclass(value) else (field,):
            assert each.metadata["help"], each.name

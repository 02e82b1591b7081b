"""Settings come from TOML; what is unknown or of the wrong kind is refused by name."""

from dataclasses import asdict, fields
from pathlib import Path

import pytest

from doorroute.errors import BadInputError
from doorroute.model.settings import ClassRule, ServiceTimes, Settings, Wishes
from doorroute.settings_file import example, read_settings, settings_from, written
from doorroute.texts import LANGUAGES


def test_what_is_given_is_taken_and_the_rest_stays_default(tmp_path: Path) -> None:
    file = tmp_path / "day.toml"
    file.write_text("max_snap_m = 80\n[service]\nresident_s = 240\n")
    settings = read_settings(file)
    assert (settings.max_snap_m, settings.service.resident_s) == (80, 240)
    assert settings.service.door_s == Settings().service.door_s


def test_settings_survive_being_written_as_a_table() -> None:
    assert settings_from(asdict(Settings(max_snap_m=7))) == Settings(max_snap_m=7)


@pytest.mark.parametrize(
    "settings",
    [
        Settings(),
        Settings(max_snap_m=7, class_rule=ClassRule.TEAMS, max_sample_age_s=7200, min_score=0.5),
        Settings(
            service=ServiceTimes(door_s=90, kinds={"卧床": 420, 'in"fant': 300}), wishes=Wishes(compact_s=60)
        ),
    ],
)
def test_settings_survive_being_written_as_a_file(tmp_path: Path, settings: Settings) -> None:
    text = written(settings, {"service.door_s": "as it was", "service.kinds.卧床": "早上很慢"})
    (tmp_path / "day.toml").write_text(text, encoding="utf-8")
    assert read_settings(tmp_path / "day.toml") == settings
    assert "# as it was\ndoor_s = " in text
    assert ("# 早上很慢" in text) == bool(settings.service.kinds)
    assert "lift_s" not in text


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
        ("max_sample_age_s = -1", "SETTING_WRONG", "max_sample_age_s"),
        ("max_sample_age_s = true", "SETTING_WRONG", "max_sample_age_s"),
        ("class_rule = 'mixed'", "SETTING_WRONG", "class_rule"),
        ("[service.kinds]\nbedridden = 'long'", "SETTING_WRONG", "service.kinds.bedridden"),
        ("[service]\nkinds = 3", "SETTING_WRONG", "service.kinds"),
        ("[wishes]\nhome = 3", "SETTING_UNKNOWN", "wishes.home"),
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


def test_every_rule_of_the_day_can_be_set(tmp_path: Path) -> None:
    file = tmp_path / "day.toml"
    file.write_text(
        "max_sample_age_s = 7200\nclass_rule = 'apart'\n[service]\ngear_s = 90\n"
        '[service.kinds]\n"卧床" = 420\n[wishes]\ncompact_s = 60\n',
        encoding="utf-8",
    )
    settings = read_settings(file)
    assert (settings.max_sample_age_s, settings.class_rule, settings.wishes.compact_s) == (
        7200,
        ClassRule.APART,
        60,
    )
    assert (settings.service.gear_s, settings.service.kinds) == (90, {"卧床": 420})
    assert settings_from(asdict(settings)) == settings


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_example_names_every_setting_and_is_read_as_the_defaults(tmp_path: Path, lang: str) -> None:
    text = example(lang)
    (tmp_path / "all.toml").write_text(text, encoding="utf-8")
    assert read_settings(tmp_path / "all.toml") == Settings()
    names = [field.name for kind in (Settings, ServiceTimes, Wishes) for field in fields(kind)]
    assert [name for name in names if name not in text] == []


def test_a_missing_settings_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="SETTINGS_NOT_READ"):
        read_settings(tmp_path / "none.toml")


def test_every_setting_has_a_help_text() -> None:
    from dataclasses import is_dataclass

    for field in fields(Settings):
        value = getattr(Settings(), field.name)
        for each in fields(value) if is_dataclass(value) else (field,):
            assert each.metadata["help"], each.name

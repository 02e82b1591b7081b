"""The table of rules holds together the model, the columns, the reasons, the remedies, the checker and the
two pages on rules.
"""

import re
from dataclasses import fields
from importlib import import_module
from pathlib import Path

import pytest

from doorroute.checker.rules import RULES as CHECKED
from doorroute.intake.header_words import DEPOTS, RESIDENTS, TEAMS
from doorroute.model.plan import Reason
from doorroute.model.problem import Locks
from doorroute.model.resident import Visit
from doorroute.model.settings import ServiceTimes, Settings, Wishes
from doorroute.model.team import Team
from doorroute.planning.core.rules import RULES, Rule

ROOT = Path(__file__).resolve().parents[2]
PAGE, HOW_TO = ROOT / "docs" / "rules.md", ROOT / "docs" / "add-a-rule.md"
COLUMNS = {"residents": RESIDENTS, "teams": TEAMS, "depots": DEPOTS}

NO_RULE = {
    # who and where somebody is, and what is only shown
    "residents": set(RESIDENTS)
    - {"building", "unit", "floor", "lift", "service_min", "window", "window_start", "window_end", "class"}
    - {"kits", "suits", "tubes", "kind", "area", "team", "not_team", "last_team", "skills", "priority"},
    "teams": {"team", "members", "phone"},
    "depots": set(DEPOTS) - {"lab"},
}
NO_RULE_FIELDS = {"members", "phone"}
NO_RULE_SETTINGS = {
    *("max_snap_m", "extract_around_m", "datum", "region", "dispatcher_phone", "lock_after_min"),
    *("service", "wishes"),  # tables
}

each_rule = pytest.mark.parametrize("rule", RULES, ids=[rule.name for rule in RULES])


def names(kind, prefix=""):
    return {prefix + field.name for field in fields(kind)}


SETTINGS = names(Settings) | names(ServiceTimes, "service.") | names(Wishes, "wishes.")


@each_rule
def test_what_a_rule_names_is_there(rule):
    assert set(rule.field) <= names(Visit) | names(Locks, "Locks.")
    assert set(rule.crew_field) <= names(Team)
    assert set(rule.setting) <= SETTINGS
    assert set(rule.reason) <= set(Reason)
    assert set(rule.check) <= {check.__name__ for check in CHECKED}
    for word in rule.words:
        table, column = word.split(".")
        assert column in COLUMNS[table]
    for remedy in rule.remedy:
        module, function = remedy.split(".")
        assert callable(getattr(import_module(f"doorroute.planning.reasons.{module}"), function))


def named(part):
    return {name for rule in RULES for name in getattr(rule, part)}


def test_no_reason_check_field_or_setting_is_missing_from_the_table():
    assert named("reason") == set(Reason)
    assert named("check") == {check.__name__ for check in CHECKED}
    assert named("field") == names(Visit) | names(Locks, "Locks.") - {"Locks.team", "Locks.shift"}
    assert named("crew_field") == names(Team) - NO_RULE_FIELDS
    assert named("setting") == SETTINGS - NO_RULE_SETTINGS


@pytest.mark.parametrize("table", COLUMNS)
def test_no_column_of_a_rule_is_missing_from_the_table(table):
    found = {word.split(".")[1] for word in named("words") if word.startswith(table)}
    assert found == set(COLUMNS[table]) - NO_RULE[table]


def cells(rule: Rule):
    """Return what the page's row of a rule must say behind its name and its two sentences."""
    given = [*(name if "." in name else f"Visit.{name}" for name in rule.field)]
    given += [f"Team.{name}" for name in rule.crew_field] + [f"Settings.{name}" for name in rule.setting]
    return [
        ", ".join(f"`{name}`" for name in part)
        for part in (rule.words, given, rule.reason, rule.remedy, rule.check)
    ]


def rows(page):
    lines = page.read_text(encoding="utf-8").splitlines()
    table = [line for line in lines if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def test_the_page_lists_the_rules_of_the_table():
    found = rows(PAGE)
    assert [row[0] for row in found] == [rule.name for rule in RULES]
    for row, rule in zip(found, RULES, strict=True):
        assert row[1]
        assert re.search("[\u4e00-\u9fff]", row[2])
        assert row[3:] == cells(rule)


def test_the_settings_of_a_rule_have_a_help_text():
    helped = {*fields(Settings), *fields(ServiceTimes), *fields(Wishes)}
    without = {field.name for field in helped if "help" not in field.metadata}
    assert not {name.split(".")[-1] for name in named("setting")} & without


def test_the_how_to_names_files_that_are_there_and_no_more_than_seven():
    steps = [line for line in HOW_TO.read_text(encoding="utf-8").splitlines() if re.match(r"\d+\. `", line)]
    files = [re.match(r"\d+\. `([^`]+)`", line).group(1) for line in steps]
    assert 0 < len(files) <= 7
    assert [name for name in files if not (ROOT / name).is_file()] == []


def test_the_how_to_follows_the_row_of_its_example():
    text = HOW_TO.read_text(encoding="utf-8")
    breaks = next(rule for rule in RULES if rule.name == "breaks")
    for name in (*breaks.crew_field, *breaks.words, *breaks.reason, *breaks.check):
        assert f"`{name}`" in text

"""Each command's dataclass has a field for each of its options, with the type that click gives."""

import importlib
import inspect
from dataclasses import fields, is_dataclass

import click
import pytest

from doorroute.cli import COMMANDS, Commands
from doorroute.cli.options import Reading, takes

TYPED = ("check", "demo", "locate", "plan", "replan", "scenarios")


def options_of(name):
    module = importlib.import_module(f"doorroute.cli.{name}")
    (kind,) = (
        each
        for each in vars(module).values()
        if is_dataclass(each) and each.__module__ == module.__name__ and each.__name__.endswith("Options")
    )
    return kind


@pytest.mark.parametrize("name", TYPED)
def test_a_command_and_its_dataclass_have_the_same_options(name):
    command = Commands("en").get_command(click.Context(Commands("en")), name)
    passed = {param.name for param in command.params if param.expose_value}
    assert passed == {field.name for field in fields(options_of(name))}


@pytest.mark.parametrize("name", TYPED)
def test_an_option_that_may_be_missing_may_be_none(name):
    command = Commands("en").get_command(click.Context(Commands("en")), name)
    missing = command.make_context(name, [], obj="en", resilient_parsing=True).params
    for field in fields(options_of(name)):
        required = next(param for param in command.params if param.name == field.name).required
        assert ("None" in str(field.type)) == (missing[field.name] is None and not required), field.name


def test_no_command_takes_untyped_options():
    for name in COMMANDS:
        source = inspect.getsource(importlib.import_module(f"doorroute.cli.{name}"))
        assert "**given" not in source
        assert "Any" not in source


def test_a_command_gets_its_language_and_one_value():
    seen = []

    @click.command()
    @click.option("--map", "mapping", multiple=True)
    @click.option("--sheet", "sheets", multiple=True)
    @click.option("--settings")
    @click.option("--datum")
    @takes(Reading)
    def command(lang, given):
        seen.append((lang, given))

    command.main(["--map", "address=住址", "--datum", "gcj02"], obj="zh", standalone_mode=False)
    ((lang, given),) = seen
    assert (lang, given.header_of_field()) == ("zh", {"address": "住址"})
    assert given.read_settings().datum == "gcj02"

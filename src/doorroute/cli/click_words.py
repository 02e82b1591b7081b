"""Texts of click itself, listed so that our catalogue has them. Nothing imports this module."""

from doorroute.texts import msg, msg_n

WORDS = (
    msg("Aborted!"),
    msg("Choose from:\n\t{choices}"),
    msg("Could not open file {filename!r}: {message}"),
    msg("Error: {message}"),
    msg("Invalid value for {param_hint}: {message}"),
    msg("Invalid value: {message}"),
    msg("Missing argument"),
    msg("Missing command."),
    msg("Missing option"),
    msg("Missing parameter"),
    msg("No such command {name!r}."),
    msg("No such option {name!r}."),
    msg("Option {name!r} does not take a value."),
    msg("Options"),
    msg("Show the version and exit."),
    msg("Show this message and exit."),
    msg("Try '{command} {option}' for help."),
    msg("Usage:"),
    msg("default: {default}"),
    msg("required"),
    msg("{value!r} is not a valid {number_type}."),
    msg("{value} is not in the range {range}."),
    msg_n("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)", 1),
    msg_n("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})", 1),
    msg_n("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments.", 1),
    msg_n(
        "{value!r} does not match the format {format}.", "{value!r} does not match the formats {formats}.", 1
    ),
    msg_n("{value!r} is not {choice}.", "{value!r} is not one of {choices}.", 1),
)

"""The command line: thin, one small file a command."""


def run() -> None:
    """Run the command line."""

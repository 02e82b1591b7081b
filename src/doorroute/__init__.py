"""Plan home visits: a spreadsheet of residents in, a checked plan and its offline maps out."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from doorroute.api import Day, plan

__all__ = ["Day", "__version__", "plan"]
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """Import the library's interface on first use, so that the command line starts without it."""
    if name in {"Day", "plan"}:
        from doorroute import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

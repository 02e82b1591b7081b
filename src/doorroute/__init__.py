"""Plan home visits: a spreadsheet of residents in, a checked plan and its offline maps out."""

__version__ = "0.1.0"

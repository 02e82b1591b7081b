"""Spreadsheets in: every row accepted, or rejected with row, column and code."""

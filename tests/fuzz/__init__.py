"""Trials with input that nobody would write by hand: damaged tables, workbooks, maps, folders and results,
small days, kills.

`python -m tests.fuzz` runs them for some minutes and prints a seed for each fault; `test_fixed_part.py`
runs a few of every kind.
"""

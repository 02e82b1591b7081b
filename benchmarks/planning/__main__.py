"""Print the section: `python -m benchmarks.planning`."""

from benchmarks.planning import run

print(run())

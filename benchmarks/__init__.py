"""Measurements; they are not tests. `python -m benchmarks` runs all parts, `python -m benchmarks job` one."""

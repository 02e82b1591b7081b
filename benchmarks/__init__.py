"""Measurements, apart from the tests. `python -m benchmarks` runs all parts, `python -m benchmarks job` one."""

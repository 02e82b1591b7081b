"""The tests: a package, so that they import `tests.helpers` from any folder and beside any other package called `tests`."""

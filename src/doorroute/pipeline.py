"""The stages as a table, and the wiring."""

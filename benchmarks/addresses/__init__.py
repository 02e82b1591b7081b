"""Measures geocoding: noise over the addresses of real extracts, and over a generated Chinese town."""

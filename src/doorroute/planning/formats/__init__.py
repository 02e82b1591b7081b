"""Routing files of other programs, read and written for `doorroute solve`."""

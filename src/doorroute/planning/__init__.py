"""Visits, teams and travel to routes, with reasons for what is left out."""

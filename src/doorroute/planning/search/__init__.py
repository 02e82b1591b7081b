"""The search for a plan: our own, and OR-Tools."""

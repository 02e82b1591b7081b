"""The day as numbers, and the rules of a route: tables, schedule, trips, score and insertion."""

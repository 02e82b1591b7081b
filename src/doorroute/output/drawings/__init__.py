"""Drawings as SVG: a route on its streets, the street network, the chart of team counts, a day's lanes."""

"""Drawings as SVG: a route on its streets, the street network, the curve of team counts, the lanes of a day."""

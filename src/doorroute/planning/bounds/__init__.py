"""Lower bounds: numbers that no plan can beat."""

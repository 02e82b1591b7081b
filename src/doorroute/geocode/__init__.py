"""From an address to a place, with precision and score."""

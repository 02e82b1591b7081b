"""Results that phones hand in: the marks of each door, the seal on them, and the codes that open it."""

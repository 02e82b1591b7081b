"""The words that everyone shares: frozen values, no I/O, no clock."""

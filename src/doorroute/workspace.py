"""Where each file of a day lies."""

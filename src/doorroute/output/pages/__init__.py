"""HTML pages that are complete in one file and need no network."""

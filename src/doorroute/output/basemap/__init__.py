"""The base map of a page: read from the extract, clipped and packed."""

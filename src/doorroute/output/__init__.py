"""From a plan to what people hold: pages, tables, and files for other programs."""

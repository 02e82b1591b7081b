"""From a plan to what people hold: pages, sheets, exports."""

"""What pages and files show of a plan: stops, doors, names, colours and words."""

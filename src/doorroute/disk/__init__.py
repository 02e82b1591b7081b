"""Files and folders that are whole or absent: atomic writes, locks, take-overs of a folder, and a cache."""

"""Files and folders that are whole or not there: atomic writes, locks, taking over a folder, and the cache of arrays."""

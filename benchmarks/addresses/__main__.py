"""Run the measurement: `python -m benchmarks.addresses [FOLDER]`."""

import sys
from pathlib import Path

from benchmarks.addresses import EXTRACTS, run

print(run(Path(sys.argv[1]) if len(sys.argv) > 1 else EXTRACTS))

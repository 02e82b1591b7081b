"""`python -m doorroute.planning.search steps|rest`: compile a part of the search, in a process of its own."""

import sys

from doorroute.planning.search.warm import compile_rest, compile_steps

compile_steps() if sys.argv[1] == "steps" else compile_rest()

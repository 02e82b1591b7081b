"""`python -m doorroute.warm`: compile all searches once, so that no plan waits for the compiler.

`python -m doorroute.warm --copy FOLDER` puts the machine code into FOLDER instead, for a wheel.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from doorroute.texts import choose_language, msg


def main() -> None:
    """Compile, and say so: it takes a while the first time on a computer."""
    from doorroute.machine_code.processes import compile_in_processes
    from doorroute.network import warm as network
    from doorroute.planning.search import warm as search

    if sys.argv[1:2] == ["--copy"]:
        from doorroute.machine_code.shipped import copy_to

        search.compile_steps()
        search.compile_rest()
        network.warm_up()
        copy_to(Path(sys.argv[2]))
        return
    lang = choose_language()
    sys.stderr.write(
        msg("Compiling the searches, once on this computer: a minute or two ...").into(lang) + "\n"
    )
    began = time.monotonic()
    compile_in_processes((*search.COMMANDS, *network.COMMANDS))
    sys.stderr.write(msg("Done in {seconds} s.", seconds=round(time.monotonic() - began)).into(lang) + "\n")


if __name__ == "__main__":
    main()

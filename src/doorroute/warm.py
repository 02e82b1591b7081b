"""`python -m doorroute.warm`: compile all searches once, so that no plan waits for the compiler.

`python -m doorroute.warm --wheel FOLDER` also copies the machine code to FOLDER.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from doorroute.machine_code.processes import compile_in_processes
from doorroute.texts import choose_language, msg


def main(arguments: list[str]) -> int:
    """Compile the searches; return 1 if that failed."""
    from doorroute.network import warm as network
    from doorroute.planning.search import warm as search

    if arguments[:1] == ["--copy"]:
        from doorroute.machine_code.shipped import copy_to

        search.warm_up()
        network.warm_up()
        copy_to(Path(arguments[1]))
        return 0
    lang = choose_language()
    sys.stderr.write(
        msg("Compiling the searches, once on this computer: a minute or two ...").into(lang) + "\n"
    )
    began = time.monotonic()
    done = compile_in_processes((*search.COMMANDS, *network.COMMANDS))
    if arguments[:1] == ["--wheel"]:
        # a process that only loads has the functions that Python calls; those contain the others
        done = done and compile_in_processes([("doorroute.warm", "--copy", arguments[1])])
    elif not done:
        search.warm_up()
        network.warm_up()
        done = True
    sys.stderr.write(msg("Done in {seconds} s.", seconds=round(time.monotonic() - began)).into(lang) + "\n")
    return 0 if done else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`python -m doorroute.warm`: compile the searches once, so that no plan ever waits for the compiler."""

from __future__ import annotations

import sys
import time

from doorroute.texts import choose_language, msg


def main() -> None:
    """Compile, and say so: it takes a while the first time on a computer."""
    lang = choose_language()
    sys.stderr.write(
        msg("Compiling the searches, once on this computer: a minute or two ...").into(lang) + "\n"
    )
    began = time.monotonic()
    from doorroute import planning

    planning.warm_up()
    sys.stderr.write(msg("Done in {seconds} s.", seconds=round(time.monotonic() - began)).into(lang) + "\n")


if __name__ == "__main__":
    main()

"""`python -m doorroute` is the command `doorroute`."""

from doorroute.cli import run

if __name__ == "__main__":
    run()

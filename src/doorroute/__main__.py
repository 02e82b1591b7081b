"""Run the command `doorroute` as `python -m doorroute`."""

from doorroute.cli import run

if __name__ == "__main__":
    run()

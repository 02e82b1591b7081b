"""What test modules share: small days, maps and results, and the tools that check them. Fixtures are in the
`conftest.py` files.
"""

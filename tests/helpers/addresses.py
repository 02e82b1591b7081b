"""Addresses searched for one at a time."""

from doorroute.geocode import AddressIndex, Located, NotFound, Outcome, Query, locate
from doorroute.model.settings import Settings


def ask(index: AddressIndex, address: str) -> Outcome:
    """Return the outcome for one address."""
    outcomes, _ = locate([Query("Q", address)], index, Settings())
    return outcomes[0]


def found(index: AddressIndex, address: str) -> Located:
    """Return what must be found."""
    outcome = ask(index, address)
    assert isinstance(outcome, Located), f"{address}: {outcome}"
    return outcome


def lost(index: AddressIndex, address: str) -> NotFound:
    """Return what must not be found."""
    outcome = ask(index, address)
    assert isinstance(outcome, NotFound), f"{address}: {outcome} {outcome.place.label}"
    return outcome

"""The compiler is waited for once, and never in the middle of a plan."""

from doorroute.machine_code import functions
from doorroute.model.resident import Window
from doorroute.planning import is_warm, warm_up
from doorroute.planning.core.tables import tabulate
from doorroute.planning.search import kernel
from doorroute.planning.search.ruin import Ruin
from tests.helpers.street_days import EIGHT, street, team, visit


def test_what_was_warmed_up_serves_every_problem():
    warm_up()
    assert is_warm()
    before = {function: list(function.signatures) for function in functions()}
    windows = (Window(EIGHT, EIGHT + 60), Window(EIGHT + 90, EIGHT + 900))
    doors = [visit("A", time_windows=windows, priority=1)]
    ruin = Ruin(tabulate(street({"A": 10, "B": 20, "C": 30}, doors, [team("T1"), team("T2", capacity=1)])), 1)
    ruin.set_price(1000.0)
    ruin.run(10, 5.0)
    assert ruin.all_in
    assert ruin.fits(0, 0, 0) in (True, False)
    assert kernel.anneal.signatures
    assert before == {function: list(function.signatures) for function in functions()}

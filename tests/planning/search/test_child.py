"""The search in its own process: it tells what it finds, and nothing that befalls it harms the plan."""

import os
import signal
import time

import pytest

from doorroute.checker import check
from doorroute.model.settings import Objective
from doorroute.planning import solve
from doorroute.planning.core.score import no_orders, scored
from doorroute.planning.core.tables import tabulate
from doorroute.planning.search.best import Best
from doorroute.planning.search.child import Child, Job
from tests.helpers.street_days import street, team

DAY = street({f"V{i}": 40 * i * (-1) ** i for i in range(10)}, teams=(team("T1"), team("T2")))


def job(tables, seconds):
    return Job(
        tables=tables, objective=Objective.FINISH, first=no_orders(tables), ends=time.time() + seconds, seed=1
    )


def first_news(child, seconds=30):
    """Return the first plans that the child tells."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if news := child.news():
            return news
        time.sleep(0.02)
    pytest.fail("the child told nothing")


def test_it_tells_better_and_better_plans_and_leaves_nothing_running():
    tables = tabulate(DAY)
    with Child() as child:
        child.begin(job(tables, 20))
        told = [no_orders(tables), *first_news(child)]
    scores = [scored(tables, orders, Objective.FINISH) for orders in told]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] < scores[0]
    assert child._process.poll() is not None  # stopped, long before its own time was over


@pytest.mark.skipif(not hasattr(signal, "SIGSEGV"), reason="no such signal here")
def test_a_crash_leaves_the_plan_and_the_search_here_goes_on(caplog):
    class Crashing(Child):
        def begin(self, job):
            super().begin(job)
            os.kill(self._process.pid, signal.SIGSEGV)

    solution = solve(DAY, objective=Objective.FINISH, time_limit_s=1, seed=1, engine=Crashing)
    assert check(DAY, solution.routes, solution.unassigned) == ()
    assert not solution.unassigned
    assert len(solution.routes) == 2
    assert "ended by itself" in caplog.text


def test_what_was_told_before_a_crash_is_not_lost():
    tables = tabulate(DAY)
    best = Best(tables, Objective.FINISH)
    with Child() as child:
        child.begin(job(tables, 20))
        told = first_news(child)
        child._process.kill()
    for orders in told:
        best.take(orders)
    assert best.missed == (0,)


def test_the_job_holds_numbers_only():
    assert {type(value).__module__ for value in vars_of(job(tabulate(DAY), 1))} <= {
        "builtins",
        "numpy",
        "doorroute.model.settings",
        "doorroute.planning.core.tables",
    }


def vars_of(value):
    """Give all that a slotted value holds, and what that holds."""
    for name in value.__slots__:
        held = getattr(value, name)
        yield held
        for part in held if isinstance(held, tuple) else (held,):
            if hasattr(part, "__slots__"):
                yield from vars_of(part)
            assert not isinstance(part, str) or isinstance(part, Objective)

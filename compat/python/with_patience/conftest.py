"""Asks every world once on each route, all at the same time, so that the suite takes as long as its longest world."""

import os

if not os.environ.get("UNDERSTUDY_URL") or not os.environ.get("UPSTREAM_URL"):
    raise SystemExit("UNDERSTUDY_URL or UPSTREAM_URL is missing; run these tests with compat/run")

from concurrent.futures import ThreadPoolExecutor  # noqa: E402

import pytest  # noqa: E402

from callers import Answer, ask  # noqa: E402
from worlds import ALONE, DIRECT, QUICK, WORLDS, World  # noqa: E402


class Answers:
    """What came of a world on a route; waits for it."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._calls = {
            (world, route): pool.submit(ask, world, route) for world in WORLDS for route in world.routes
        }

    def of(self, world: World, route: str) -> Answer:
        return self._calls[world, route].result()


@pytest.fixture(scope="session")
def answers():
    for quick in QUICK:
        # The first calls of a process take longer than others.
        for route in (DIRECT, ALONE):
            ask(quick, route)
    with ThreadPoolExecutor(max_workers=3 * len(WORLDS)) as pool:
        yield Answers(pool)

"""A call that its provider answers slowly has the same outcome through the gateway, and nobody else is asked needlessly.

Nothing is configured about time for these models; the clients retry nothing.
"""

import pytest

from callers import Answer, ask
from trail import targets_of
from worlds import ALONE, BACKED, DIRECT, SILENT, WORLDS, World

# How many seconds later than directly an answer may come; a busy machine is no finding.
MARGIN = 5

every_world = pytest.mark.parametrize("world", WORLDS, ids=str)
every_world_that_shows_life = pytest.mark.parametrize(
    "world", [world for world in WORLDS if world.shows_life], ids=str
)


@every_world
def test_direct(answers, world):
    assert answers.of(world, DIRECT).outcome == (world.directly or world.expected)


@every_world
def test_through_the_gateway(answers, world):
    answer = answers.of(world, ALONE)

    assert answer.outcome == world.expected
    assert_nobody_else_was_asked(answer, world)
    assert answer.seconds < answers.of(world, DIRECT).seconds + MARGIN


@every_world_that_shows_life
def test_with_a_fallback_behind_it(answers, world):
    answer = answers.of(world, BACKED)

    assert answer.outcome == world.expected
    assert_nobody_else_was_asked(answer, world)
    assert answer.seconds < answers.of(world, DIRECT).seconds + MARGIN


@pytest.mark.parametrize("world", SILENT, ids=lambda world: f"{world}-{'streamed' if world.stream else 'whole'}")
def test_a_client_with_little_patience_has_an_answer_before_it_gives_up(world):
    answer = ask(world, BACKED)

    assert answer.outcome == world.expected
    assert answer.asked == ["silent", "quick"]
    assert answer.seconds < world.timeout


def assert_nobody_else_was_asked(answer: Answer, world: World) -> None:
    assert answer.asked == [world.name]
    assert answer.headers["understudy-attempts"] == "1"
    assert targets_of(answer.headers["understudy-trail"]) == [world.target]
    # Where the head of a stream went ahead of its answer.
    assert targets_of(answer.last_trail) in ([], [world.target])

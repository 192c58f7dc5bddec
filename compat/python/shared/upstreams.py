"""The vendors behind the gateway: who they are, what they are asked, and what they understood of it.

They are played by ../../upstream, which says the same for all vendors and refuses what the real one would refuse; what it
is asked and answers is in ../../README.md.
"""

import json
import os
import urllib.request
import uuid

import pytest

UPSTREAM = os.environ.get("UPSTREAM_URL", "")

UPSTREAMS = ("openai", "responses", "anthropic", "gemini", "bedrock")

every_upstream = pytest.mark.parametrize("upstream", UPSTREAMS)

# Bedrock takes pictures as bytes or out of a bucket, not from an address.
every_upstream_that_follows_addresses = pytest.mark.parametrize(
    "upstream", [upstream for upstream in UPSTREAMS if upstream != "bedrock"]
)

COUNT = "Count to ten."
TEN = "one two three four five six seven eight nine ten"

WEATHER = "What is the weather in Paris and Rome?"
WEATHER_TOOL = "get_weather"
WEATHER_SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
CITIES = [{"city": "Paris"}, {"city": "Rome"}]
DEGREES = {"Paris": "18 degrees", "Rome": "24 degrees"}
FORECAST = "In Paris: 18 degrees. In Rome: 24 degrees."

LOOK = "What is in the picture?"
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
DOT_SEEN = "I see 70 bytes of image/png."
ADDRESS = "https://pictures.example/dot.png"
ADDRESS_SEEN = f"I see the picture at {ADDRESS}."

WHICH_CITY = "Which city has the most inhabitants of France?"
CITY_SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "population": {"type": "integer"}},
    "required": ["city", "population"],
    "additionalProperties": False,
}
CITY = {"city": "Paris", "population": 2102650}


def on(upstream: str) -> str:
    """The model behind which there is only this vendor."""
    return f"cross-{upstream}"


def after_a_failure(upstream: str) -> str:
    """The model of another vendor, who is down, so that this one answers."""
    return f"fallback-{upstream}"


def after_a_break(upstream: str) -> str:
    """The model of another vendor, whose streams break off half-way, so that this one goes on."""
    return f"mended-{upstream}"


def fail_with(status: int) -> str:
    return f"Fail with {status}."


class Heard:
    """What the vendors were sent for one test: its questions carry a mark by which they are found again."""

    def __init__(self) -> None:
        self._mark = uuid.uuid4().hex

    def marked(self, question: str) -> str:
        return f"{question} [mark:{self._mark}]"

    def requests(self) -> list[dict]:
        with urllib.request.urlopen(f"{UPSTREAM}/seen?mark={self._mark}") as answer:
            return json.load(answer)

    def understood(self) -> dict:
        """The last request as its vendor understands it, in words that are the same for all vendors."""
        return self.requests()[-1]["understood"]


@pytest.fixture
def heard() -> Heard:
    return Heard()

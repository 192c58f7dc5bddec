"""OpenPipe's recipe with OpenAI's own SDK: the same words in the body, and the gateway does the falling back."""

import time

import openai
import pytest
from openai import OpenAI

from trail import trail, vocabulary

TEN = "one two three four five six seven eight nine ten"
COUNT = [{"role": "system", "content": "count to 10"}]


def test_the_fallback_answers_for_the_model_that_is_down():
    client = OpenAI()

    completion = client.chat.completions.create(
        model="openpipe:my-ft-model",
        messages=[{"role": "system", "content": "count to 10"}],
        extra_body={
            "openpipe": {
                "fallback": {
                    "model": "gpt-4-turbo"
                }
            }
        },
    )

    assert completion.choices[0].message.content == TEN
    assert completion.model == "ok?tokens=10"


def test_the_recipe_with_timeouts():
    client = OpenAI(timeout=10)

    raw = client.chat.completions.with_raw_response.create(
        model="openpipe:my-ft-model",
        messages=COUNT,
        extra_body={
            "openpipe": {
                "fallback": {
                    "model": "gpt-4-turbo",
                    "timeout": 20  # seconds
                }
            }
        },
    )

    assert raw.parse().choices[0].message.content == TEN
    assert trail(raw.headers) == [("rehearsal/down", "server_error"), ("rehearsal/ok?tokens=10", "ok")]
    assert vocabulary(raw.headers) == "openpipe"
    assert raw.headers["understudy-target"] == "rehearsal/ok?tokens=10"
    assert raw.headers["understudy-attempts"] == "2"


def test_a_hanging_model_loses_to_the_fallback_while_the_client_still_waits():
    client = OpenAI(timeout=3, max_retries=0)

    began = time.monotonic()
    raw = client.chat.completions.with_raw_response.create(
        model="openpipe:my-slow-model",
        messages=COUNT,
        extra_body={"openpipe": {"fallback": {"model": "gpt-4-turbo"}}},
    )

    assert raw.parse().choices[0].message.content == TEN
    assert time.monotonic() - began < 3
    assert trail(raw.headers) == [
        ("rehearsal/silent", "cancelled"),
        ("rehearsal/ok?tokens=10", "ok"),
    ]


def test_a_fallbacks_timeout_from_python_is_in_seconds(client):
    began = time.monotonic()
    with pytest.raises(openai.InternalServerError) as failure:
        client.chat.completions.create(
            model="openpipe:my-ft-model",
            messages=COUNT,
            extra_body={"openpipe": {"fallback": {"model": "openpipe:my-slow-model", "timeout": 1}}},
        )

    # A millisecond would be over at once, and without its limit the target would hang for the whole deadline.
    assert 0.9 < time.monotonic() - began < 5
    outcomes = trail(failure.value.response.headers)
    assert outcomes[0] == ("rehearsal/down", "server_error")
    assert outcomes[1][0] == "rehearsal/silent" and outcomes[1][1].startswith("timeout")
    assert len(outcomes) == 2


def test_timeout_ms_is_milliseconds_whoever_asks(client):
    began = time.monotonic()
    with pytest.raises(openai.InternalServerError):
        client.chat.completions.create(
            model="openpipe:my-ft-model",
            messages=COUNT,
            extra_body={"openpipe": {"fallback": {"model": "openpipe:my-slow-model", "timeout_ms": 400}}},
        )

    assert 0.3 < time.monotonic() - began < 3

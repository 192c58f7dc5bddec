"""LiteLLM's tutorial, whose first model is one that nobody knows."""

import openai
import pytest

from trail import trail, vocabulary

WEATHER = "I cannot see the weather in San Francisco from here."
REPORTER = "rehearsal/ok?text=I+cannot+see+the+weather+in+San+Francisco+from+here."
MESSAGES = [{"role": "user", "content": "what's the weather in San Francisco?"}]
BAD_MODEL = ("bad-model", "passed_over")


def test_an_unknown_model_and_a_broken_answer_are_survived(client):
    raw = client.chat.completions.with_raw_response.create(
        model="bad-model",
        messages=MESSAGES,
        extra_body={"fallbacks": ["gpt-3.5-turbo", "command-nightly"]},
    )

    assert raw.parse().choices[0].message.content == WEATHER
    assert trail(raw.headers) == [BAD_MODEL, ("rehearsal/garbled?at=0", "malformed"), (REPORTER, "ok")]
    assert vocabulary(raw.headers) == "litellm"
    assert raw.headers["understudy-attempts"] == "2"


def test_the_primary_at_the_head_of_its_own_fallbacks_is_asked_once(client):
    raw = client.chat.completions.with_raw_response.create(
        model="gpt-3.5-turbo",
        messages=MESSAGES,
        extra_body={"fallbacks": ["gpt-3.5-turbo", "command-nightly"]},
    )

    assert raw.parse().choices[0].message.content == WEATHER
    assert trail(raw.headers) == [("rehearsal/garbled?at=0", "malformed"), (REPORTER, "ok")]


def test_an_unknown_primary_at_the_head_too(client):
    raw = client.chat.completions.with_raw_response.create(
        model="bad-model",
        messages=MESSAGES,
        extra_body={"fallbacks": ["bad-model", "gpt-3.5-turbo", "command-nightly"]},
    )

    assert raw.parse().choices[0].message.content == WEATHER
    assert raw.headers["understudy-attempts"] == "2"
    assert trail(raw.headers)[-1] == (REPORTER, "ok")


def test_the_comma_that_the_tutorial_forgot_is_told(client):
    with pytest.raises(openai.NotFoundError) as failure:
        client.chat.completions.create(
            model="bad-model",
            messages=MESSAGES,
            extra_body={"fallbacks": ["gpt-3.5-turbo" "command-nightly"]},
        )

    assert "gpt-3.5-turbocommand-nightly" in str(failure.value)
    assert "bad-model" in str(failure.value)


def test_what_a_fallback_overrides_holds_for_that_fallback_only(client):
    completion = client.chat.completions.create(
        model="openpipe:my-ft-model",
        messages=MESSAGES,
        max_tokens=50,
        extra_body={"fallbacks": [{"model": "gpt-4-turbo", "max_tokens": 3}]},
    )

    assert completion.choices[0].message.content == "one two three"
    assert completion.choices[0].finish_reason == "length"


def test_a_rehearsed_failure_of_the_primary(client):
    raw = client.chat.completions.with_raw_response.create(
        model="gpt-4.1-mini",
        messages=MESSAGES,
        extra_body={"fallbacks": ["command-nightly"], "mock_testing_fallbacks": True},
    )

    assert raw.parse().choices[0].message.content == WEATHER
    assert trail(raw.headers)[-1] == (REPORTER, "ok")
    assert raw.headers["understudy-attempts"] == "1"

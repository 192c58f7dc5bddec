"""OpenRouter's list of models, and Understudy's own words."""

import openai
import pytest

from trail import trail, vocabulary

TEN = "one two three four five six seven eight nine ten"
COUNT = [{"role": "user", "content": "count to 10"}]


def test_openrouters_models(client):
    raw = client.chat.completions.with_raw_response.create(
        model="gpt-4o-mini",
        messages=COUNT,
        extra_body={"models": ["gpt-3.5-turbo", "gpt-4-turbo"], "route": "fallback"},
    )

    assert raw.parse().choices[0].message.content == TEN
    assert [outcome for _, outcome in trail(raw.headers)] == ["server_error", "malformed", "ok"]
    assert vocabulary(raw.headers) == "openrouter"


def test_understudys_own_words_win_over_all_others(client):
    raw = client.chat.completions.with_raw_response.create(
        model="gpt-4o-mini",
        messages=COUNT,
        extra_body={
            "understudy": {"fallbacks": ["gpt-4-turbo"], "deadline": "5s"},
            "fallback_models": ["gemini-1.5-pro-002"],
            "fallbacks": ["command-nightly"],
        },
    )

    assert raw.parse().choices[0].message.content == TEN
    assert vocabulary(raw.headers) == "understudy"


def test_a_chain_of_the_operators_own_needs_no_words_at_all(client):
    raw = client.chat.completions.with_raw_response.create(model="steady", messages=COUNT)

    assert raw.parse().choices[0].message.content == TEN
    assert trail(raw.headers) == [("rehearsal/down", "server_error"), ("rehearsal/ok?tokens=10", "ok")]
    assert vocabulary(raw.headers) == ""


def test_a_slip_in_understudys_words_is_told(client):
    with pytest.raises(openai.BadRequestError) as failure:
        client.chat.completions.create(model="steady", messages=COUNT, extra_body={"understudy": {"dedline": "5s"}})

    assert "dedline" in str(failure.value) and "deadline" in str(failure.value)

"""Errors arrive as the SDK's own exceptions, with the whole story in body and headers."""

import asyncio
import time

import openai
import pytest
from openai import AsyncOpenAI, OpenAI

from trail import trail

ASK = [{"role": "user", "content": "count to 10"}]


def headers_of(failure) -> dict:
    return failure.value.response.headers


def test_an_unknown_model_is_told_with_the_name_that_was_meant(client):
    with pytest.raises(openai.NotFoundError) as failure:
        client.chat.completions.create(model="gpt-4.1-mimi", messages=ASK)

    assert failure.value.code == "model_not_found"
    assert failure.value.param == "model"
    assert "gpt-4.1-mini" in str(failure.value)


def test_a_providers_400_is_one_models_opinion(client):
    raw = client.chat.completions.with_raw_response.create(
        model="rehearsal/bad-request", messages=ASK, extra_body={"fallbacks": ["gpt-4-turbo"]}
    )

    assert raw.parse().model == "ok?tokens=10"
    assert trail(raw.headers) == [("rehearsal/bad-request", "bad_request"), ("rehearsal/ok?tokens=10", "ok")]


def test_a_400_of_every_model_is_told_in_the_first_ones_words(client):
    with pytest.raises(openai.BadRequestError) as failure:
        client.chat.completions.create(
            model="rehearsal/bad-request", messages=ASK, extra_body={"fallbacks": ["rehearsal/too-long"]}
        )

    assert failure.value.type == "invalid_request_error"
    assert "refuses every request" in str(failure.value)
    assert trail(headers_of(failure)) == [
        ("rehearsal/bad-request", "bad_request"),
        ("rehearsal/too-long", "context_length"),
    ]


def test_a_rate_limit_says_when_to_come_back(client):
    with pytest.raises(openai.RateLimitError) as failure:
        client.chat.completions.create(model="rehearsal/throttled?after=7", messages=ASK)

    assert 1 <= float(headers_of(failure)["retry-after"]) <= 7
    assert trail(headers_of(failure)) == [("rehearsal/throttled?after=7", "rate_limited")]


def test_the_sdks_own_retry_waits_as_long_as_the_provider_asks():
    began = time.monotonic()
    completion = OpenAI(max_retries=2).chat.completions.create(
        model="rehearsal/once?as=throttled&after=1&tokens=3",
        messages=ASK,
        extra_body={"understudy": {"retry": {"patience": "0s"}}},
    )

    assert completion.choices[0].message.content == "one two three"
    assert time.monotonic() - began >= 0.9


def test_when_all_are_down_every_attempt_is_told_and_the_first_error_is_kept(client):
    with pytest.raises(openai.InternalServerError) as failure:
        client.chat.completions.create(model="hopeless", messages=ASK)

    assert failure.value.status_code >= 500
    assert [attempt["target"] for attempt in failure.value.body["attempts"]] == ["rehearsal/down", "rehearsal/error"]
    assert trail(headers_of(failure)) == [("rehearsal/down", "server_error"), ("rehearsal/error", "server_error")]
    assert headers_of(failure)["understudy-attempts"] == "2"
    assert headers_of(failure)["understudy-call-id"]


def test_the_providers_refusal_of_the_gateways_key_is_not_the_callers_401(client):
    with pytest.raises(openai.InternalServerError) as failure:
        client.chat.completions.create(model="rehearsal/unauthorized", messages=ASK)

    assert trail(headers_of(failure)) == [("rehearsal/unauthorized", "auth")]


def test_a_fallback_list_of_the_wrong_type_is_a_400_that_names_the_field(client):
    with pytest.raises(openai.BadRequestError) as failure:
        client.chat.completions.create(model="steady", messages=ASK, extra_body={"fallback_models": 7})

    assert "fallback_models" in failure.value.param


def test_missing_messages_are_a_400(client):
    with pytest.raises(openai.BadRequestError) as failure:
        client.post("/chat/completions", body={"model": "steady"}, cast_to=object)

    assert failure.value.param == "messages"


@pytest.mark.parametrize(
    "model", ["no-such-model", "rehearsal/bad-request", "rehearsal/throttled?after=7", "hopeless"]
)
def test_every_error_has_an_id_and_a_trail(client, model):
    with pytest.raises(openai.APIStatusError) as failure:
        client.chat.completions.create(model=model, messages=ASK)

    for name in ("understudy-call-id", "understudy-attempts", "understudy-trail"):
        assert name in headers_of(failure), name


def test_the_client_hears_of_a_timeout_before_it_would_give_up():
    client = OpenAI(timeout=5, max_retries=0)

    began = time.monotonic()
    with pytest.raises(openai.InternalServerError) as failure:
        client.chat.completions.create(model="rehearsal/silent", messages=ASK)

    assert failure.value.status_code == 504
    assert time.monotonic() - began < 5


def test_the_async_client_hears_of_it_too():
    async def ask():
        async with AsyncOpenAI(timeout=5, max_retries=0) as client:
            await client.chat.completions.create(model="rehearsal/silent", messages=ASK)

    with pytest.raises(openai.InternalServerError) as failure:
        asyncio.run(ask())

    assert failure.value.status_code == 504


def test_one_owner_of_retries_the_sdk_does_not_multiply_a_timeout_of_the_gateway():
    client = OpenAI(timeout=5)  # with the SDK's usual two retries

    began = time.monotonic()
    with pytest.raises(openai.InternalServerError):
        client.chat.completions.create(model="rehearsal/silent", messages=ASK)

    assert time.monotonic() - began < 9

"""Streams: whole ones, ones whose first target fails unseen, and ones that break off and say so."""

import asyncio
import json
import time

import openai
import pytest
import requests
from openai import AsyncOpenAI, OpenAI

from trail import trail

TEN = "one two three four five six seven eight nine ten"
COUNT = [{"role": "user", "content": "count to 10"}]


def text_of(chunks) -> str:
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)


def test_a_stream_with_usage(client):
    chunks = list(
        client.chat.completions.create(
            model="gpt-4-turbo", messages=COUNT, stream=True, stream_options={"include_usage": True}
        )
    )

    assert text_of(chunks) == TEN
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices][-1] == "stop"
    assert chunks[-1].usage.completion_tokens == 10
    assert {chunk.model for chunk in chunks} == {"ok?tokens=10"}
    assert len({chunk.id for chunk in chunks}) == 1


def test_a_stream_of_the_async_client():
    async def ask():
        async with AsyncOpenAI() as client:
            stream = await client.chat.completions.create(model="steady", messages=COUNT, stream=True)
            return [chunk async for chunk in stream]

    assert text_of(asyncio.run(ask())) == TEN


def test_a_target_that_is_down_is_never_seen_in_the_stream(client):
    with client.chat.completions.with_streaming_response.create(
        model="gpt-4o-mini",
        messages=COUNT,
        stream=True,
        extra_body={"fallback_models": ["claude-3-5-sonnet-20240620", "gpt-4-turbo"]},
    ) as response:
        assert trail(response.headers)[:2] == [
            ("rehearsal/down?status=502", "server_error"),
            ("rehearsal/refused", "connection"),
        ]
        assert response.headers["understudy-target"] == "rehearsal/ok?tokens=10"
        assert response.headers["understudy-attempts"] == "3"
        assert text_of(response.parse()) == TEN


def test_a_stream_that_begins_and_says_nothing_is_left_unseen(client):
    began = time.monotonic()
    chunks = list(client.chat.completions.create(model="hesitant", messages=COUNT, stream=True))

    assert text_of(chunks) == TEN
    assert {chunk.model for chunk in chunks} == {"ok?tokens=10"}
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("model", ["taken-over", "said-again"])
def test_a_stream_that_breaks_is_gone_on_with(client, model):
    chunks = list(
        client.chat.completions.create(
            model=model, messages=COUNT, stream=True, stream_options={"include_usage": True}
        )
    )

    assert text_of(chunks) == TEN
    assert [choice.finish_reason for chunk in chunks for choice in chunk.choices if choice.finish_reason] == ["stop"]
    assert len({chunk.id for chunk in chunks}) == 1
    assert [choice.delta.role for chunk in chunks for choice in chunk.choices if choice.delta.role] == ["assistant"]
    assert chunks[-1].usage.completion_tokens >= 10


@pytest.mark.parametrize("model", ["taken-over", "said-again"])
def test_the_sdks_own_helper_sees_one_answer_where_two_targets_gave_it(client, model):
    with client.chat.completions.stream(model=model, messages=COUNT) as stream:
        final = stream.get_final_completion()

    assert final.choices[0].message.role == "assistant"
    assert final.choices[0].message.content == TEN


def test_a_stream_that_breaks_off_ends_with_an_error_and_not_as_if_it_were_complete(client):
    chunks = []
    with pytest.raises(openai.APIError) as failure:
        for chunk in client.chat.completions.create(model="broken-off", messages=COUNT, stream=True):
            chunks.append(chunk)

    assert text_of(chunks) == "one two three four five"
    assert all(choice.finish_reason is None for chunk in chunks for choice in chunk.choices)
    assert failure.value.body["attempts"][0]["target"] == "rehearsal/cut?at=5"


def test_the_bytes_of_a_broken_stream_hold_no_done(gateway):
    body = requests.post(
        gateway + "/v1/chat/completions",
        json={"model": "broken-off", "messages": COUNT, "stream": True},
    ).text

    events = [line.removeprefix("data: ") for line in body.splitlines() if line.startswith("data: ")]
    assert "[DONE]" not in events
    assert "error" in json.loads(events[-1])


def test_an_error_before_the_first_word_is_a_status_and_not_a_stream(client):
    with pytest.raises(openai.InternalServerError) as failure:
        client.chat.completions.create(model="hopeless", messages=COUNT, stream=True)

    assert [outcome for _, outcome in trail(failure.value.response.headers)] == ["server_error", "server_error"]


def test_the_sdks_own_stream_helper(client):
    with client.chat.completions.stream(model="steady", messages=COUNT) as stream:
        words = [event.delta for event in stream if event.type == "content.delta"]
        final = stream.get_final_completion()

    assert "".join(words) == TEN
    assert final.choices[0].message.content == TEN


def test_a_stream_may_go_on_for_longer_than_the_clients_timeout():
    # To this SDK a timeout is the longest silence, not the longest answer; each word resets it.
    client = OpenAI(timeout=2, max_retries=0)

    chunks = list(
        client.chat.completions.create(model="rehearsal/ok?tokens=10&gap=400ms", messages=COUNT, stream=True)
    )

    assert text_of(chunks) == TEN


def test_a_caller_who_leaves_ends_the_call(client, gateway):
    stream = client.chat.completions.create(model="rehearsal/tiny?gap=20ms", messages=COUNT, stream=True)
    for chunk in stream:
        if chunk.choices and chunk.choices[0].delta.content:
            break
    stream.close()

    assert eventually(lambda: calls_in_flight(gateway) == 0)


def calls_in_flight(gateway) -> float:
    for line in requests.get(gateway + "/metrics").text.splitlines():
        if line.startswith("understudy_calls_in_flight"):
            return float(line.split()[-1])
    raise AssertionError("/metrics does not tell understudy_calls_in_flight")


def eventually(condition, seconds=3.0) -> bool:
    """Waits for news of another process, which nothing here can be told of."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False

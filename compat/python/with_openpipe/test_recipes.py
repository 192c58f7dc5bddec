"""OpenPipe's documented recipes, unmodified. Its SDK falls back by itself, and reports the calls that it made."""

import asyncio
import time

from openai import OpenAI as OpenAICompatibleClient
from openpipe import AsyncOpenAI, OpenAI

TEN = "one two three four five six seven eight nine ten"


def assert_counted(completion):
    assert completion.choices[0].message.content == TEN
    assert completion.model == "ok?tokens=10"


def assert_reported(capsys):
    # The SDK swallows a report that fails, and prints this.
    assert "Error reporting to OpenPipe" not in capsys.readouterr().out


def test_fallback_to_openai(capsys):
    client = OpenAI()

    completion = client.chat.completions.create(
        model="openpipe:my-ft-model",
        messages=[{"role": "system", "content": "count to 10"}],
        openpipe={
            "fallback": {
                "model": "gpt-4-turbo"
            }
        },
    )

    assert_counted(completion)
    assert_reported(capsys)


def test_timeout_fallback(capsys):
    client = OpenAI(timeout=10)  # initial OpenPipe call timeout in seconds

    completion = client.chat.completions.create(
        model="openpipe:my-ft-model",
        messages=[{"role": "system", "content": "count to 10"}],
        openpipe={
            "fallback": {
                "model": "gpt-4-turbo",
                # optional fallback timeout. Defaults to the timeout specified in the client, or OpenAI default timeout if not set.
                "timeout": 20  # seconds
            }
        },
    )

    assert_counted(completion)
    assert_reported(capsys)


def test_fallback_to_a_custom_client(capsys):
    client = OpenAI(
        openpipe={
            "fallback_client": OpenAICompatibleClient(api_key="client api key")
        }
    )

    completion = client.chat.completions.create(
        model="openpipe:my-ft-model",
        messages=[{"role": "system", "content": "count to 10"}],
        openpipe={
            "fallback": {"model": "gpt-4-turbo"}
        },
    )

    assert_counted(completion)
    assert_reported(capsys)


def test_a_hanging_model_costs_its_timeout_once():
    client = OpenAI(timeout=5)

    began = time.monotonic()
    completion = client.chat.completions.create(
        model="openpipe:my-slow-model",
        messages=[{"role": "system", "content": "count to 10"}],
        openpipe={"fallback": {"model": "gpt-4-turbo"}},
    )

    assert_counted(completion)
    # The SDK's own retries would make three times the timeout of it, and two pauses.
    assert time.monotonic() - began < 9


def test_fallback_of_the_async_client(capsys):
    async def ask():
        async with AsyncOpenAI() as client:
            return await client.chat.completions.create(
                model="openpipe:my-ft-model",
                messages=[{"role": "system", "content": "count to 10"}],
                openpipe={"fallback": {"model": "gpt-4-turbo"}},
            )

    assert_counted(asyncio.run(ask()))
    assert_reported(capsys)


def test_a_streamed_fallback(capsys):
    stream = OpenAI().chat.completions.create(
        model="openpipe:my-ft-model",
        messages=[{"role": "system", "content": "count to 10"}],
        stream=True,
        openpipe={"fallback": {"model": "gpt-4-turbo"}},
    )

    assert "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices) == TEN
    assert_reported(capsys)


def test_a_model_of_the_gateways_own_chain(capsys):
    completion = OpenAI().chat.completions.create(
        model="steady",
        messages=[{"role": "system", "content": "count to 10"}],
        openpipe={"tags": {"prompt_id": "counting"}},
    )

    assert_counted(completion)
    assert_reported(capsys)

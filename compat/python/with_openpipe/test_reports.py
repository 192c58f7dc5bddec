"""The SDK's reports of calls that it made, which the gateway accepts."""

import asyncio

import openai
import pytest
from openpipe import AsyncOpenPipe, OpenAI, OpenPipe

REPORT = {
    "requested_at": 1700000000000,
    "received_at": 1700000001000,
    "req_payload": {"model": "gpt-4-turbo", "messages": [{"role": "user", "content": "count to 10"}]},
    "resp_payload": {"id": "chatcmpl-1", "object": "chat.completion", "choices": []},
    "status_code": 200,
}


def test_a_report_is_accepted():
    assert OpenPipe().report(**REPORT, tags={"prompt_id": "counting"}).status.value == "ok"


def test_a_report_of_the_async_client_is_accepted():
    assert asyncio.run(AsyncOpenPipe().report(**REPORT, tags={})).status.value == "ok"


def test_a_report_of_a_failure_is_accepted():
    reply = OpenPipe().report(
        requested_at=1700000000000,
        received_at=1700000001000,
        req_payload={"model": "gpt-4-turbo", "messages": []},
        resp_payload={"message": "no"},
        status_code=503,
        error_message="no",
        tags={},
    )

    assert reply.status.value == "ok"


def test_when_the_fallback_fails_too_its_error_is_raised_and_reported(capsys):
    with pytest.raises(openai.InternalServerError) as failure:
        OpenAI(max_retries=0).chat.completions.create(
            model="openpipe:my-ft-model",
            messages=[{"role": "system", "content": "count to 10"}],
            openpipe={"fallback": {"model": "gpt-4.1"}},
        )

    assert failure.value.body["attempts"][0]["target"] == "rehearsal/error"
    assert "Error reporting to OpenPipe" not in capsys.readouterr().out

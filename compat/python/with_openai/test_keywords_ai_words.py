"""Keywords AI's recipes: two models fail in different ways, and the third tells the story."""

import asyncio

import requests
from openai import AsyncOpenAI, OpenAI

from trail import trail, vocabulary

STORY = "Once upon a time a third model stood in for two others."
STORYTELLER = "rehearsal/ok?text=Once+upon+a+time+a+third+model+stood+in+for+two+others."
ALL_THREE = [
    ("rehearsal/down?status=502", "server_error"),
    ("rehearsal/refused", "connection"),
    (STORYTELLER, "ok"),
]


def test_the_openai_sdk_recipe(gateway):
    client = OpenAI(
        base_url=gateway + "/api/",
        api_key="YOUR_KEYWORDSAI_API_KEY",
    )

    response = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[
            {"role": "user", "content": "Tell me a long story"}
        ],
        extra_body={
            "fallback_models": ["claude-3-5-sonnet-20240620", "gemini-1.5-pro-002"]
        }
    )

    assert response.choices[0].message.content == STORY
    assert "rehearsal/" + response.model == STORYTELLER


def test_the_recipe_for_plain_http(gateway):
    def demo_call(input,
                  model="gpt-4o-mini",
                  token="YOUR_KEYWORDS_AI_API_KEY",
                  ):
        headers = {
            'Content-Type': 'application/json',
            'Authorization': f'Bearer {token}',
        }
        data = {
            'model': model,
            'messages': [{'role': 'user', 'content': input}],
            'fallback_models': ["claude-3-5-sonnet-20240620", "gemini-1.5-pro-002"]
        }
        response = requests.post(gateway + '/api/chat/completions', headers=headers, json=data)
        return response

    messages = "Say 'Hello World'"
    response = demo_call(messages)

    assert response.status_code == 200
    assert response.json()["choices"][0]["message"]["content"] == STORY
    assert trail(response.headers) == ALL_THREE
    assert vocabulary(response.headers) == "keywordsai"
    assert response.headers["understudy-attempts"] == "3"
    assert response.headers["understudy-target"] == STORYTELLER


def test_the_same_through_the_async_client(gateway):
    async def ask():
        async with AsyncOpenAI(base_url=gateway + "/api/", api_key="YOUR_KEYWORDSAI_API_KEY") as client:
            return await client.chat.completions.with_raw_response.create(
                model="gpt-4o-mini",
                messages=[{"role": "user", "content": "Tell me a long story"}],
                extra_body={"fallback_models": ["claude-3-5-sonnet-20240620", "gemini-1.5-pro-002"]},
            )

    raw = asyncio.run(ask())

    assert raw.parse().choices[0].message.content == STORY
    assert trail(raw.headers) == ALL_THREE


def test_fallbacks_that_are_switched_off(gateway):
    response = requests.post(
        gateway + "/api/chat/completions",
        json={
            "model": "gpt-4o-mini",
            "messages": [{"role": "user", "content": "Tell me a long story"}],
            "fallback_models": ["gemini-1.5-pro-002"],
            "disable_fallback": True,
        },
    )

    assert response.status_code >= 500
    assert trail(response.headers) == ALL_THREE[:1]


def test_a_model_that_the_caller_excludes_is_no_fallback_either(gateway):
    response = requests.post(
        gateway + "/api/chat/completions",
        json={
            "model": "gpt-4o-mini",
            "messages": [{"role": "user", "content": "Tell me a long story"}],
            "fallback_models": ["claude-3-5-sonnet-20240620", "gemini-1.5-pro-002"],
            "exclude_models": ["claude-3-5-sonnet-20240620"],
        },
    )

    assert response.json()["choices"][0]["message"]["content"] == STORY
    attempts = [entry for entry in trail(response.headers) if entry[1] != "passed_over"]
    assert attempts == [ALL_THREE[0], ALL_THREE[2]]

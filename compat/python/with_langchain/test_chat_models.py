"""LangChain's chat models, whoever's model answers behind the gateway."""

import os

import boto3
import pytest
from botocore.config import Config
from langchain_anthropic import ChatAnthropic
from langchain_aws import ChatBedrockConverse
from langchain_core.messages import HumanMessage, SystemMessage, ToolMessage
from langchain_core.tools import tool
from langchain_google_genai import ChatGoogleGenerativeAI
from langchain_openai import ChatOpenAI
from pydantic import BaseModel

from upstreams import (
    CITIES,
    CITY,
    COUNT,
    DEGREES,
    DOT,
    DOT_SEEN,
    LOOK,
    TEN,
    WEATHER,
    WEATHER_TOOL,
    WHICH_CITY,
    after_a_failure,
    every_upstream,
    fail_with,
    on,
)

GATEWAY = os.environ["UNDERSTUDY_URL"]
ANY_KEY = "any-key-will-do"

# Amazon's clients take long to make.
BEDROCK = boto3.client(
    "bedrock-runtime",
    endpoint_url=GATEWAY,
    region_name="us-east-1",
    aws_access_key_id=ANY_KEY,
    aws_secret_access_key=ANY_KEY,
    config=Config(retries={"total_max_attempts": 1}),
)


def openai_chat(model):
    return ChatOpenAI(model=model, base_url=GATEWAY + "/v1", api_key=ANY_KEY, max_retries=0)


def openai_responses(model):
    return ChatOpenAI(
        model=model, base_url=GATEWAY + "/v1", api_key=ANY_KEY, max_retries=0, use_responses_api=True
    )


def anthropic(model):
    return ChatAnthropic(model=model, base_url=GATEWAY, api_key=ANY_KEY, max_retries=0, max_tokens=100)


def google(model):
    return ChatGoogleGenerativeAI(model=model, base_url=GATEWAY, api_key=ANY_KEY, max_retries=1)


def bedrock(model):
    # It streams only with models that it knows by name, unless it is told that this one can.
    return ChatBedrockConverse(
        model=model, provider="anthropic", client=BEDROCK, bedrock_client=BEDROCK, disable_streaming=False
    )


every_package = pytest.mark.parametrize("chat", [openai_chat, openai_responses, anthropic, google, bedrock])


@tool
def get_weather(city: str) -> str:
    """How warm it is in a city."""
    return DEGREES[city]


class City(BaseModel):
    """A city and how many live there."""

    city: str
    population: int


@every_package
@every_upstream
def test_a_model_answers(chat, upstream):
    answer = chat(on(upstream)).invoke([SystemMessage("Be brief."), HumanMessage(COUNT)])

    assert answer.text == TEN
    assert answer.usage_metadata["input_tokens"] == 11
    assert answer.usage_metadata["output_tokens"] == 22


@every_package
@every_upstream
def test_a_model_streams(chat, upstream):
    pieces = list(chat(on(upstream)).stream(COUNT))

    assert "".join(piece.text for piece in pieces) == TEN
    assert len([piece for piece in pieces if piece.text]) > 1


@every_package
@every_upstream
@pytest.mark.parametrize("way", ["whole", "stream"])
def test_a_models_tools_are_called_and_heard(chat, upstream, way):
    def ask(messages):
        model = chat(on(upstream)).bind_tools([get_weather])
        if way == "whole":
            return model.invoke(messages)
        pieces = list(model.stream(messages))
        return sum(pieces[1:], pieces[0])

    conversation = [HumanMessage(WEATHER)]
    call = ask(conversation)
    assert [(each["name"], each["args"]) for each in call.tool_calls] == [(WEATHER_TOOL, city) for city in CITIES]

    results = [get_weather.invoke(each) for each in call.tool_calls]
    assert all(isinstance(result, ToolMessage) for result in results)
    answer = ask([*conversation, call, *results])

    assert "18 degrees" in answer.text
    assert "24 degrees" in answer.text


@every_package
@every_upstream
def test_a_model_is_shown_a_picture(chat, upstream):
    answer = chat(on(upstream)).invoke(
        [
            HumanMessage(
                [
                    {"type": "text", "text": LOOK},
                    {"type": "image", "base64": DOT, "mime_type": "image/png"},
                ]
            )
        ]
    )

    assert answer.text == DOT_SEEN


@every_package
@every_upstream
def test_a_models_answer_has_the_form_that_was_asked_for(chat, upstream):
    model = chat(on(upstream)).with_structured_output(City, method="json_schema")

    assert model.invoke(WHICH_CITY) == City(**CITY)


@every_package
@every_upstream
def test_another_vendors_model_stands_in(chat, upstream):
    assert chat(after_a_failure(upstream)).invoke(COUNT).text == TEN


@every_package
@every_upstream
def test_a_400_of_the_provider_is_raised(chat, upstream):
    with pytest.raises(Exception, match="told to fail with 400"):
        chat(on(upstream)).invoke(fail_with(400))

"""OpenAI's other APIs: completions from before there was a chat, which every vendor can answer, and embeddings."""

import openai
import pytest

from upstreams import COUNT, TEN, after_a_failure, every_upstream, on


@pytest.fixture
def client(openai_client):
    return openai_client


@every_upstream
def test_a_prompt_is_completed(client, upstream):
    completion = client.completions.create(model=on(upstream), prompt=COUNT, max_tokens=100)

    assert completion.object == "text_completion"
    assert completion.choices[0].text == TEN
    assert completion.choices[0].finish_reason == "stop"
    assert completion.usage.completion_tokens == 22


@every_upstream
def test_a_prompt_is_completed_in_a_stream(client, upstream):
    chunks = list(client.completions.create(model=on(upstream), prompt=COUNT, max_tokens=100, stream=True))

    assert "".join(chunk.choices[0].text for chunk in chunks if chunk.choices) == TEN


@every_upstream
def test_another_vendors_model_completes(client, upstream):
    completion = client.completions.create(model=after_a_failure(upstream), prompt=COUNT, max_tokens=100)

    assert completion.choices[0].text == TEN


def test_texts_are_embedded(client):
    answer = client.embeddings.create(
        model="up-openai/text-embedding-3-small", input=["one", "two"], encoding_format="float"
    )

    assert [each.embedding for each in answer.data] == [[0, 0.5, -1], [1, 0.5, -1]]
    assert answer.model == "text-embedding-3-small"


def test_a_second_target_embeds_where_its_vectors_are_the_same(client):
    answer = client.embeddings.with_raw_response.create(
        model="text-embedding-3-small", input="one", encoding_format="float"
    )

    assert answer.parse().data[0].embedding == [0, 0.5, -1]
    assert answer.headers["understudy-attempts"] == "2"


def test_a_second_target_does_not_embed_where_nobody_said_so(client):
    with pytest.raises(openai.InternalServerError) as failure:
        client.embeddings.create(
            model="down-openai/text-embedding-3-small",
            input="one",
            extra_body={"fallbacks": ["up-openai/text-embedding-3-large"]},
        )

    assert "other_vectors" in failure.value.response.headers["understudy-trail"]


def test_who_has_no_embeddings_is_not_asked(client):
    with pytest.raises(openai.BadRequestError, match="lacks_embeddings"):
        client.embeddings.create(model=on("anthropic"), input="one")

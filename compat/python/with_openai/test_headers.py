"""What the headers of an answer tell."""

from trail import trail

ASK = [{"role": "user", "content": "count to 10"}]


def test_a_plain_answer(client):
    raw = client.chat.completions.with_raw_response.create(model="gpt-4-turbo", messages=ASK)

    assert raw.headers["understudy-target"] == "rehearsal/ok?tokens=10"
    assert raw.headers["understudy-attempts"] == "1"
    assert trail(raw.headers) == [("rehearsal/ok?tokens=10", "ok")]


def test_every_call_has_an_id_of_its_own(client):
    ids = {
        client.chat.completions.with_raw_response.create(model="gpt-4-turbo", messages=ASK).headers[
            "understudy-call-id"
        ]
        for _ in range(5)
    }

    assert len(ids) == 5


def test_the_body_is_the_providers_and_its_model_the_one_that_answered(client):
    completion = client.chat.completions.create(model="steady", messages=ASK)

    assert completion.model == "ok?tokens=10"
    assert completion.id.startswith("chatcmpl-rehearsal-")
    assert completion.system_fingerprint == "fp_rehearsal"

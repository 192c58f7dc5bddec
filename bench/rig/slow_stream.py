"""What the slow streams carry: the same bytes for the upstream that sends them and for the client that checks them."""

import json

# The client finds the first content by these bytes, which the role-only start before it does not have.
CONTENT_MARK = b'"content":"'

_CHUNK = (
    '{{"id":"chatcmpl-stream-{number:06d}","object":"chat.completion.chunk","created":1767225600,"model":"{model}",'
    '"choices":[{{"index":0,"delta":{delta},"finish_reason":{finish}}}]}}'
)


def events(number, tokens, model):
    """The events of stream `number`: a start without content, `tokens` tokens that name the stream, and the end.

    A token that reached another stream, twice or not at all makes the bytes differ.
    """
    yield _event(number, model, '{"role":"assistant"}', "null")
    for token in range(tokens):
        yield _event(number, model, f'{{"content":" stream-{number}-token-{token}"}}', "null")
    yield _event(number, model, "{}", '"stop"')
    yield b"data: [DONE]\n\n"


def _event(number, model, delta, finish):
    return b"data: %s\n\n" % _CHUNK.format(number=number, model=model, delta=delta, finish=finish).encode()


def question(number, model):
    """A request for stream `number`; the number travels in the message, which gateways leave alone."""
    body = {"model": model, "messages": [{"role": "user", "content": f"stream number {number}"}], "stream": True}
    return json.dumps(body).encode()


def number_in(body):
    """The number of the stream that a request asks for; an error if it asks for none."""
    message = json.loads(body)["messages"][0]["content"]
    return int(message.removeprefix("stream number "))

"""Runs an SDK's own tests of its resources twice: directly at a mock of the provider, and through a gateway in front of it.

A test of a path that the gateway serves must have the same outcome both ways, and the mock must receive the same request.
A test of a path that is not served must fail with the 404 or 405 that says so. Which paths these are is read from the section
"Paths that are not served" of docs/reference/http.md; each of its paths must be requested by a test.

The SDK's name is in OWN_TESTS_SDK. The tests' own conftest.py is left out; its fixtures are here.
"""

import asyncio
import functools
import gc
import importlib
import os
import re
import sys
import types
from dataclasses import dataclass, field

import pytest

from gateway import HOUSE, Gateway
from mock_provider import Answer, MockProvider, answer
from unserved import Unserved

SDK = os.environ["OWN_TESTS_SDK"]
sdk = importlib.import_module(SDK)
base_client = importlib.import_module(f"{SDK}._base_client")
streaming = importlib.import_module(f"{SDK}._streaming")

# Tests in these files request paths that the gateway serves; they run in all their variants, both ways. Of the other files one
# variant of each method runs, only through the gateway. A test among those that requests a served path fails, and belongs here.
SERVED_FILES = {
    "openai": [
        "test_completions.py", "test_embeddings.py", "test_images.py", "test_models.py", "test_moderations.py",
        "test_responses.py", "test_input_items.py", "test_input_tokens.py", "test_speech.py", "test_transcriptions.py",
        "test_translations.py",
    ],
    "anthropic": ["test_messages.py", "test_models.py"],
}[SDK]  # fmt: skip

# What differs for a reason.

# Requests that the gateway answers by itself, so that the mock receives none.
OWN_ANSWERS = r"GET (/v1)?/models(/[^/]+)?"

# Refused before they are sent, by the beginning of the message: the vendor refuses them too, which the mock does not.
REFUSED = ["The request has no 'input'"]


def as_forwarded(body: object) -> object:
    """The documented edits of a body in the caller's own dialect."""
    if isinstance(body, dict) and {"max_tokens", "max_completion_tokens"} <= body.keys():
        # OpenAI's reasoning models refuse max_tokens.
        return {name: value for name, value in body.items() if name != "max_tokens"}
    return body


@dataclass
class Outcome:
    """What a test did on one way."""

    requested: list[str] = field(default_factory=list)
    received: list = field(default_factory=list)
    answered: list = field(default_factory=list)
    failure: BaseException | None = None


provider = MockProvider()
unserved = Unserved(HOUSE / "docs" / "reference" / "http.md", SDK)
direct_outcomes: dict[str, Outcome] = {}
current = Outcome()
urls: dict[str, str] = {}


def pytest_configure(config) -> None:
    # Modules that the tests import for the type of a fixture.
    for name in ("respx", "tests.respx2"):
        sys.modules[name] = types.ModuleType(name)
        sys.modules[name].MockRouter = object
    for marker in ("respx", "respx2"):
        config.addinivalue_line("markers", f"{marker}: answers are set by the fixture of this name")
    patch_client(base_client.SyncAPIClient)
    patch_client(base_client.AsyncAPIClient)


def pytest_sessionstart(session) -> None:
    if session.config.option.collectonly:
        return
    urls["direct"] = provider.start()
    session.config.gateway = Gateway(urls["direct"])


def pytest_collection_finish(session) -> None:
    # Thousands of types are not garbage.
    gc.freeze()
    # The gateway has started while the tests were collected.
    if hasattr(session.config, "gateway"):
        urls["gateway"] = session.config.gateway.url()


def pytest_unconfigure(config) -> None:
    if hasattr(config, "gateway"):
        config.gateway.stop()


# What the clients request and get.


def patch_client(client: type) -> None:
    """Tells the mock which type the SDK expects, before each request, and notes the request and its answer."""
    request, process = client.request, client._process_response

    @functools.wraps(request)
    def noted_request(self, cast_to, options, *, stream=False, stream_cls=None):
        path = str(options.url)
        current.requested.append(f"{options.method.upper()} {path.partition('?')[0]}")
        if not mocked_by_test:
            event = streaming.extract_stream_chunk_type(stream_cls) if stream and stream_cls else None
            provider.next_answer = answer(path.partition("?")[0], cast_to, event)
        return request(self, cast_to, options, stream=stream, stream_cls=stream_cls)

    @functools.wraps(process)
    def noted_process(self, **arguments):
        response = arguments["response"]
        body = response.content if response.is_closed else "a stream"
        current.answered.append((response.status_code, response.headers.get("content-type"), body))
        return process(self, **arguments)

    client.request = noted_request
    client._process_response = noted_process


# Fixtures of the SDKs' conftest.py.

clients: dict[tuple, object] = {}


@pytest.fixture(autouse=True)
def way(request) -> str:
    return request.param


@pytest.fixture
def client(request, way):
    kind = sdk.OpenAI if SDK == "openai" else sdk.Anthropic
    return make_client(kind, way, strict=getattr(request, "param", True))


@pytest.fixture
async def async_client(request, way):
    wanted = getattr(request, "param", True)
    wanted = wanted if isinstance(wanted, dict) else {"strict": wanted}
    kind = sdk.AsyncOpenAI if SDK == "openai" else sdk.AsyncAnthropic
    transport = sdk.DefaultAioHttpClient if wanted.get("http_client") == "aiohttp" else None
    return make_client(kind, way, wanted.get("strict", True), transport)


def make_client(kind: type, way: str, strict: bool, transport=None):
    key = (kind, way, strict, transport)
    if key not in clients:
        keys = {"api_key": "any-key"} | ({"admin_api_key": "any-admin-key"} if SDK == "openai" else {})
        clients[key] = kind(
            base_url=urls[way] + ("/v1" if SDK == "openai" else ""),
            max_retries=0,
            http_client=transport() if transport else None,
            _strict_response_validation=strict,
            **keys,
        )
    return clients[key]


mocked_by_test: list[Answer] = []


class Router:
    """In place of respx, which would answer inside the client: the mock gives the answer that the test has set."""

    def __getattr__(self, method: str):
        return lambda path, **_: self

    def mock(self, return_value) -> None:
        type_ = return_value.headers.get("content-type", "application/octet-stream")
        provider.next_answer = Answer(type_, return_value.content, return_value.status_code)
        mocked_by_test.append(provider.next_answer)


@pytest.fixture
def respx_mock():
    yield Router()
    mocked_by_test.clear()


respx2_mock = respx_mock


# Which tests run, and what they must do.


def is_served(path) -> bool:
    return path.name in SERVED_FILES


def pytest_generate_tests(metafunc) -> None:
    ways = ["direct", "gateway"] if is_served(metafunc.definition.path) else ["gateway"]
    metafunc.parametrize("way", ways, indirect=True)


def pytest_pycollect_makeitem(collector, name, obj):
    if is_served(collector.path):
        return None
    one_of_each = name.startswith("test_method_") and "_with_all_params" not in name and "_overload_2" not in name
    if callable(obj) and (name.startswith("TestAsync") or (name.startswith("test_") and not one_of_each)):
        return []
    return None


def pytest_collection_modifyitems(items, config) -> None:
    kept = [item for item in items if is_served(item.path) or item.callspec.params.get("client") is True]
    items[:] = kept


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem):
    global current
    current = Outcome()
    provider.received.clear()
    try:
        result = yield
    except Exception as failure:
        result, current.failure = True, failure
    current.received = list(provider.received)
    check(pyfuncitem)
    return result


def check(item) -> None:
    way = item.callspec.params["way"]
    name = item.nodeid.replace("-" + way, "").replace(way + "-", "")
    rows = [unserved.row_of(request) for request in current.requested]
    if way == "direct":
        direct_outcomes[name] = current
        if current.failure and not any(rows):
            raise current.failure
        return
    if any(rows):
        unserved.check(current.requested, rows, current.failure)
        return
    if not is_served(item.path):
        assert not current.requested, f"{current.requested} is served: add {item.path.name} to SERVED_FILES"
        return
    if current.failure:
        if not any(f" - {message}" in str(current.failure) for message in REFUSED):
            raise current.failure
        return
    direct = direct_outcomes[name]
    assert current.requested == direct.requested
    if not all(re.fullmatch(OWN_ANSWERS, request) for request in current.requested):
        sent = [request._replace(body=as_forwarded(request.body)) for request in direct.received]
        assert current.received == sent, f"sent {sent}, but the provider received {current.received}"
        assert current.answered == direct.answered, f"{direct.answered} reached the client as {current.answered}"


def pytest_sessionfinish(session) -> None:
    everything = not session.config.option.keyword and not session.config.option.collectonly
    missing = unserved.not_requested()
    if everything and missing and session.testscollected > 100:
        session.config.get_terminal_writer().line(f"\nno test requests {', '.join(missing)}, which http.md lists", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED

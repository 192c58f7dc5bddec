"""The chat models of LangChain's packages, each pointed at the gateway by its own base URL."""

import os

GATEWAY = os.environ.get("UNDERSTUDY_URL", "")
if not GATEWAY:
    raise SystemExit("UNDERSTUDY_URL names no gateway; run these tests with compat/run")

# LangChain's tracing would call home.
os.environ["LANGSMITH_TRACING"] = "false"
os.environ["LANGCHAIN_TRACING_V2"] = "false"

from upstreams import heard  # noqa: E402, F401

"""Understudy as a user has it: the launcher and its JVM flags, a chain of two, access log, trail and metrics on."""

import os
import subprocess
import sys

from rig.machine import HOUSE
from rig.process import Process, free_port

# What callers ask for, and what the upstream is asked for instead: every call has its body spliced.
MODEL = "understudy-bench"
UPSTREAM_MODEL = "upstream-model-2026-01-01"

# The access log goes to /dev/null with the rest of the standard output: it is formatted and written, not stored.
_CONFIGURATION = """\
providers:
  upstream: {{ dialect: openai, base-url: "http://127.0.0.1:{port}/v1", auth: none, max-connections: 8000 }}
models:
  {model}:
    targets: [upstream/{upstream_model}, upstream/understudy-of-the-first]
    deadline: {deadline}
"""


def _launcher(house):
    return os.path.join(house, "understudy")


def build(house=HOUSE):
    """Builds the distribution if the sources are newer, as the launcher does, and gives its version."""
    built = subprocess.run([_launcher(house), "--version"], stdout=subprocess.PIPE, text=True, check=False)
    if built.returncode != 0:
        sys.exit("the gateway does not build; the launcher said why")
    return built.stdout.strip()


def start(folder, upstream_port, deadline="45s", cpus=None):
    """Starts the gateway in front of an upstream and waits until it is ready; gives the process and its port."""
    process, port = begin(folder, upstream_port, deadline, cpus)
    return process.wait_until_answers(port, "/readyz"), port


def begin(folder, upstream_port, deadline="45s", cpus=None):
    """The same without waiting."""
    return _begin_with(folder, configuration(upstream_port, deadline), cpus)


def configuration(upstream_port, deadline="45s"):
    """What every measurement configures, as YAML."""
    return _CONFIGURATION.format(port=upstream_port, model=MODEL, upstream_model=UPSTREAM_MODEL, deadline=deadline)


def start_with(folder, text, cpus=None, house=HOUSE, jvm_options=""):
    """Starts the gateway of a checkout with a configuration and waits until it is ready; gives the process and its port."""
    process, port = _begin_with(folder, text, cpus, house, jvm_options)
    return process.wait_until_answers(port, "/readyz"), port


def _begin_with(folder, text, cpus, house=HOUSE, jvm_options=""):
    path = os.path.join(folder, "understudy.yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    options = f"{os.environ.get('UNDERSTUDY_JAVA_OPTS', '')} {jvm_options}".strip()
    port = free_port()
    process = Process(
        "Understudy",
        [_launcher(house), "serve", "--config", path, "--port", str(port), "--data", os.path.join(folder, "data")],
        cpus=cpus,
        error_log=os.path.join(folder, "understudy.err"),
        env={**os.environ, "UNDERSTUDY_JAVA_OPTS": options},
    )
    return process, port

"""Reads what the gateway says about what happened."""

import re

_ENTRY = re.compile(r'"((?:[^"\\]|\\.)*)"((?:;[a-z-]+=[^;,\s]+)*)')


def trail(headers) -> list[tuple[str, str]]:
    """Each target, or name, in the order in which the gateway came to it, with what became of it."""
    return [
        (target, re.search(r";outcome=([a-z_]+)", parameters).group(1))
        for target, parameters in _ENTRY.findall(headers["understudy-trail"])
    ]


def targets_of(text: str) -> list[str]:
    """The targets of a trail, wherever it stood."""
    return [target for target, _ in _ENTRY.findall(text)]


def vocabulary(headers) -> str:
    """The system in whose words the fallbacks were asked for."""
    asked = re.search(r";asked-in=([a-z]+)", headers["understudy-trail"])
    return asked.group(1) if asked else ""

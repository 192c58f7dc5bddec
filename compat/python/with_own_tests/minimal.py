"""The smallest valid value of a type of the SDKs, as JSON: required members only, the first of several choices."""

import types
import typing
from datetime import date, datetime

# What the types leave open although every answer has it.
ALWAYS = {
    "ChatCompletionMessage": {"content": "string"},
    "ImagesResponse": {"data": [{"b64_json": "c3RyaW5n"}]},
}

SCALARS = {str: "string", int: 1, float: 1.5, bool: True, datetime: "2026-01-02T03:04:05Z", date: "2026-01-02"}

# Some types contain themselves.
DEEPEST = 12


def minimal(kind: object, depth: int = 0):
    kind = getattr(kind, "__value__", kind)  # of a type alias
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        return minimal(arguments[0], depth)
    if origin is typing.Literal:
        return arguments[0]
    if origin in (typing.Union, types.UnionType):
        return minimal(next(choice for choice in arguments if choice is not type(None)), depth)
    if origin is dict:
        return {"string": minimal(arguments[1], depth + 1)}
    if isinstance(origin, type):
        # Lists and other sequences.
        return [minimal(arguments[0], depth + 1)] if depth < DEEPEST else []
    if kind in SCALARS:
        return SCALARS[kind]
    if hasattr(kind, "model_fields"):
        value = {
            field.alias or name: minimal(field.annotation, depth + 1)
            for name, field in kind.model_fields.items()
            if field.is_required()
        }
        return value | ALWAYS.get(kind.__name__, {})
    # Any object.
    return {}

"""The paths that the gateway does not serve, as docs/reference/http.md lists them."""

import re
from dataclasses import dataclass
from pathlib import Path

VENDORS = {"openai": "OpenAI", "anthropic": "Anthropic"}


@dataclass(frozen=True)
class Row:
    """A path of the list: `GET /v1/files/ID`, or without a method, and with … for all that begin so."""

    name: str
    text: str

    def matches(self, request: str) -> bool:
        method, _, path = self.text.rpartition(" ")
        expression = re.sub(r"\b[A-Z]+\b", "[^/]+", re.escape(path)).replace("…", "(/.*)?")
        return bool(re.fullmatch(f"{method or '[A-Z]+'} {expression}", request))


class Unserved:
    """Reads the table of the section "Paths that are not served": what they are, the vendor, the paths."""

    def __init__(self, page: Path, sdk: str) -> None:
        section = page.read_text().partition("\n## Paths that are not served\n")[2].partition("\n## ")[0]
        self._rows = []
        for line in section.splitlines():
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if len(cells) == 3 and VENDORS[sdk] in cells[1]:
                self._rows += [Row(cells[0], path) for path in re.findall("`([^`]+)`", cells[2])]
        self._requested: set[Row] = set()

    def row_of(self, request: str) -> Row | None:
        """The row for `GET /files`, with or without /v1."""
        method, _, path = request.partition(" ")
        path = path if path.startswith("/v1/") else "/v1" + path
        return next((row for row in self._rows if row.matches(f"{method} {path}")), None)

    def check(self, requests: list[str], rows: list[Row | None], failure: BaseException | None) -> None:
        """Fails unless the first request failed with an error that names what is not served."""
        status = getattr(failure, "status_code", None)
        assert status in (404, 405), f"{requests} is not served, but the outcome is {failure!r}"
        assert f"does not serve {rows[0].name}" in str(failure), f"{requests}: {failure}"
        self._requested.update(row for row in rows if row)

    def not_requested(self) -> list[str]:
        return [row.text for row in self._rows if row not in self._requested]

"""Figures for people: medians with their range, in aligned columns."""

import math
import sys
from statistics import median


def spread(values, digits=0):
    """The median, and in brackets the least and the most: `31,000 (29,800–31,500)`."""
    middle, least, most = (f"{value:,.{digits}f}" for value in (median(values), min(values), max(values)))
    return middle if len(values) == 1 else f"{middle} ({least}–{most})"


def table(rows):
    """Lines of a Markdown table that also reads well in a terminal; the first row is the head."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    rule = ["-" * widths[0]] + ["-" * (width - 1) + ":" for width in widths[1:]]
    head, *body = [[first.ljust(widths[0]), *map(str.rjust, rest, widths[1:])] for first, *rest in rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [head, rule, *body])


def percentile(values, share):
    """The value that `share` (0 to 1) of the values do not exceed, by nearest rank."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def show_progress(text):
    """Replaces the line that a terminal shows of what is being measured; nothing where the output goes to a file."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{text:<60}\r")
        sys.stderr.flush()

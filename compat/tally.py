"""Counts test results in JUnit's XML, which pytest, Node's test runner and Maven all write.

    python3 tally.py [--skipped LIST] REPORT...

Prints "PASSED FAILED" and, on standard error, the name of each failed test with the first lines of what it says. A skipped
test counts as failed unless LIST names it. A line of LIST that names no skipped test counts as failed too: the test runs
again, or it is gone. A test that failed and passed when it was repeated counts as passed, and is named as unstable.

A line of LIST is `Class.method | reason`, with the class's full name; empty lines and lines that begin with # are ignored.
"""

import re
import sys
import xml.etree.ElementTree as xml


def read_list(path: str) -> set[str]:
    """The tests that may be skipped; a line without a reason is an error."""
    names = set()
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        line = line.strip()
        if line and not line.startswith("#"):
            name, _, reason = (part.strip() for part in line.partition("|"))
            if not reason:
                sys.exit(f"{path}:{number}: a reason is missing: {line}")
            names.add(name)
    return names


def name_of(case: xml.Element) -> str:
    """Class and method, without the parameters that Maven appends: `method(String)[3]`."""
    method = re.sub(r"[\[({].*", "", case.get("name", ""), flags=re.DOTALL).strip()
    return f"{case.get('classname', '')}.{method}"


def what_it_says(result: xml.Element) -> str:
    """The first lines of a failure, indented."""
    said = (result.text, result.findtext("stackTrace"), result.get("message"))
    text = next((each.strip() for each in said if each and each.strip()), "")
    return "".join(f"\n      {line[:300]}" for line in text.splitlines()[:12])


def count(paths: list[str], may_be_skipped: set[str]) -> tuple[int, int]:
    passed = failed = 0
    skipped = set()
    for path in paths:
        for case in xml.parse(path).iter("testcase"):
            owner = case.get("classname", "").rpartition(".")[2]
            bad = [child for child in case if child.tag in ("failure", "error", "skipped")]
            if not bad:
                passed += 1
                for unstable in (child for child in case if child.tag in ("flakyFailure", "flakyError")):
                    print(f"  unstable: {owner} {case.get('name')}{what_it_says(unstable)}", file=sys.stderr)
            elif bad[0].tag == "skipped" and name_of(case) in may_be_skipped:
                skipped.add(name_of(case))
            else:
                failed += 1
                print(f"  {bad[0].tag}: {owner} {case.get('name')}{what_it_says(bad[0])}", file=sys.stderr)
    for name in sorted(may_be_skipped - skipped):
        failed += 1
        print(f"  listed as skipped, but was not: {name}", file=sys.stderr)
    return passed, failed


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if arguments[:1] == ["--skipped"]:
        print(*count(arguments[2:], read_list(arguments[1])))
    else:
        print(*count(arguments, set()))

"""Counts test results in JUnit's XML, which pytest, Node's test runner and Maven all write.

    python3 tally.py REPORT...      prints "PASSED FAILED" and, on standard error, the name of each failed test

A skipped test is one that failed: here, nothing may be passed over in silence.
"""

import sys
import xml.etree.ElementTree as xml


def count(paths: list[str]) -> tuple[int, int]:
    passed = failed = 0
    for path in paths:
        for case in xml.parse(path).iter("testcase"):
            bad = [child.tag for child in case if child.tag in ("failure", "error", "skipped")]
            if bad:
                failed += 1
                owner = case.get("classname", "").rpartition(".")[2]
                print(f"  {bad[0]}: {owner} {case.get('name')}".rstrip(), file=sys.stderr)
            else:
                passed += 1
    return passed, failed


if __name__ == "__main__":
    print(*count(sys.argv[1:]))

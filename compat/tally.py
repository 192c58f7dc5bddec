"""Counts test results in JUnit's XML, which pytest, Node's test runner and Maven all write.

    python3 tally.py [--skipped-is-fine] REPORT...

Prints "PASSED FAILED" and, on standard error, the name of each failed test. A skipped test counts as failed, so that
nothing is passed over in silence; with the option it is left out.
"""

import sys
import xml.etree.ElementTree as xml


def count(paths: list[str], skipped_is_fine: bool) -> tuple[int, int]:
    passed = failed = 0
    for path in paths:
        for case in xml.parse(path).iter("testcase"):
            bad = [child.tag for child in case if child.tag in ("failure", "error", "skipped")]
            if not bad:
                passed += 1
            elif bad != ["skipped"] or not skipped_is_fine:
                failed += 1
                owner = case.get("classname", "").rpartition(".")[2]
                print(f"  {bad[0]}: {owner} {case.get('name')}".rstrip(), file=sys.stderr)
    return passed, failed


if __name__ == "__main__":
    arguments = sys.argv[1:]
    fine = arguments[:1] == ["--skipped-is-fine"]
    print(*count(arguments[1:] if fine else arguments, fine))

#!/usr/bin/env python3
"""Sums what the suites left in a folder: JUnit files of ctest and JSON files of tests/run.py.

    tests/sum.py FOLDER STATUS SECONDS

Prints a table and, alone on the last line, "N passed, N failed" (and ", N skipped" if any). Fails when a test
failed, when nothing ran, or when STATUS, the one that the calling script ends with, is not 0.
"""

import json
import pathlib
import sys
import xml.etree.ElementTree


def counts_of(file):
    if file.suffix == ".json":
        found = json.loads(file.read_text())
        return [found.get(name, 0) for name in ("passed", "failed", "skipped")]
    cases = list(xml.etree.ElementTree.parse(file).iter("testcase"))
    failed = sum(1 for case in cases if case.get("status") == "fail" or case.find("failure") is not None)
    skipped = sum(1 for case in cases if case.get("status") in ("notrun", "disabled") or case.find("skipped") is not None)
    return [len(cases) - failed - skipped, failed, skipped]


def main():
    folder, status, seconds = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    total = [0, 0, 0]
    print()
    for file in sorted(folder.iterdir()):
        counts = counts_of(file)
        total = [a + b for a, b in zip(total, counts)]
        print(f"{file.stem:<12} {counts[0]:>6} passed {counts[1]:>4} failed {counts[2]:>4} skipped")
    if status != 0 and total[1] == 0:
        total[1] = 1  # a step broke off before any test could fail
    print(f"after {seconds // 60} min {seconds % 60} s", flush=True)
    print(f"{total[0]} passed, {total[1]} failed" + (f", {total[2]} skipped" if total[2] else ""), flush=True)
    return 1 if total[1] or total[0] == 0 else 0


if __name__ == "__main__":
    sys.exit(main())

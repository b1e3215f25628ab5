#!/usr/bin/env python3
"""Fails when a file is too long to be read in one sitting: 400 lines, 500 for tests."""

import sys

import sources

LIMIT = 400
TEST_LIMIT = 500


def faults(root):
    found = []
    for file in sources.all_sources(root):
        path = file.relative_to(root).as_posix()
        limit = TEST_LIMIT if path.startswith("tests/") else LIMIT
        lines = file.read_text(errors="replace").count("\n")
        if lines > limit:
            found.append(f"{path}: {lines} lines; split it by subject (at most {limit})")
    return found


if __name__ == "__main__":
    sys.exit(sources.report(faults(sources.root_from(sys.argv))))

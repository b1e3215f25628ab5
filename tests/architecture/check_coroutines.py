#!/usr/bin/env python3
"""Fails on co_await shapes that g++ 12 is known to miscompile (temporaries destroyed twice).

A co_await must be one plain call on named things. So its full expression may hold no braces (a braced
temporary, a lambda), no conditional expression, and must not itself stand inside a braced initialiser.
"""

import re
import sys

import sources

COMMENT_OR_TEXT = re.compile(r'"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*.*?\*/', re.S)
OPENS_BLOCK = re.compile(r"(?:[);{}>]|\b(?:else|do|try|const|noexcept|mutable))\s*$|^\s*$")


def without_comments(text):
    return COMMENT_OR_TEXT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def statement_start(text, position):
    """Where the statement around position begins: behind a ';', a '}' or an unclosed '{'."""
    depth = 0
    for index in range(position - 1, -1, -1):
        character = text[index]
        if character in ")]":
            depth += 1
        elif character in "([":
            depth -= 1
        elif character in ";}" and depth <= 0:
            return index
        elif character == "{" and depth <= 0:
            return index
    return -1


def fault_at(text, position):
    """Why the co_await at position is unsafe, or None."""
    end = text.find(";", position)
    start = statement_start(text, position)
    before, after = text[start + 1 : position], text[position : end if end >= 0 else len(text)]
    if "{" in after.split(") {")[0]:
        return "name braced temporaries and lambdas on a line before the co_await"
    if start >= 0 and text[start] == "{" and not OPENS_BLOCK.search(text[:start]):
        return "await into a named local first, then build the braced value"
    if "?" in before or "?" in after:
        return "use if and else around the co_await instead of ?:"
    return None


def faults(root):
    found = []
    for file in sources.cpp_sources(root, sources.MODULE_FOLDERS + ("tests",)):
        text = without_comments(file.read_text(errors="replace"))
        for match in re.finditer(r"\bco_await\b", text):
            why = fault_at(text, match.start())
            if why:
                number = text.count("\n", 0, match.start()) + 1
                found.append(f"{file.relative_to(root).as_posix()}:{number}: {why}")
    return found


if __name__ == "__main__":
    sys.exit(sources.report(faults(sources.root_from(sys.argv))))

#!/usr/bin/env python3
"""Fails on words that promise work instead of doing it, and on calls that go around our own seams."""

import re
import sys

import sources

ANYWHERE = {
    # Built from halves, so that this file does not find itself.
    "TO" + "DO": "do it, or answer with a clear error and write it into docs/compatibility.md",
    "FIX" + "ME": "mend it now",
    "XX" + "X": "say what you mean",
    "HA" + "CK": "say why it has to be so",
}

# Pattern in C++ code outside tests: (files that may, what to use instead).
CODE = {
    r"\busing namespace\b": (r"", "name the things you use"),
    r"\bsystem_clock::now\b": (r"shared/base/clock\.cpp", "base::Clock"),
    r"\b(std::rand|srand|random_device|mt19937)\b": (r"shared/base/random\.cpp", "base::Random"),
    r"\b(sleep_for|usleep|nanosleep)\s*\(": (r"", "a condition, a deadline or a timer"),
    r"\bstd::c(out|err)\b": (r"client/cli/.*|emulator/app/.*", "the log of shared/base, or a return value"),
    r"\b(std::)?system\s*\(": (r"", "the process runner of emulator/node"),
}


def word_faults(path, lines):
    for number, line in enumerate(lines, 1):
        for word, instead in ANYWHERE.items():
            if re.search(rf"\b{word}\b", line):
                yield f"{path}:{number}: {word}: {instead}"


def code_faults(path, lines):
    for number, line in enumerate(lines, 1):
        code = re.sub(r'"(\\.|[^"\\])*"|//.*', "", line)
        for pattern, (allowed, instead) in CODE.items():
            if re.search(pattern, code) and not re.fullmatch(allowed, path):
                yield f"{path}:{number}: {code.strip()}: use {instead}"


def faults(root):
    found = []
    for file in sources.all_sources(root):
        path = file.relative_to(root).as_posix()
        lines = file.read_text(errors="replace").splitlines()
        found.extend(word_faults(path, lines))
        if path.startswith(sources.MODULE_FOLDERS) and file.suffix in (".cpp", ".hpp"):
            found.extend(code_faults(path, lines))
    return found


if __name__ == "__main__":
    sys.exit(sources.report(faults(sources.root_from(sys.argv))))

#!/usr/bin/env python3
"""Runs the suites that drive the built programs from outside.

    tests/run.py integration|conformance [--preset dev] [--filter WORDS] [--results FILE] [--list]

Every file tests/SUITE/*_test.py is a unittest module; --filter keeps the tests whose full name contains the words.
The environment names the programs to test: BLUEBATCH_BIN overrides build/PRESET/bin. The last line is a sum,
and --results writes it as JSON for ./scripts/test.
"""

import argparse
import importlib.util
import json
import os
import pathlib
import sys
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tests" / "support"))


class Result(unittest.TestResult):
    """Prints a line per test, and what went wrong right below it."""

    def __init__(self):
        super().__init__()
        self.passed = 0
        self.started = 0.0

    def startTest(self, test):
        super().startTest(test)
        self.started = time.monotonic()

    def line(self, word, test, note=""):
        seconds = time.monotonic() - self.started if self.started else 0.0
        print(f"{word:<8}{name_of(test)} ({seconds:.2f} s){note}", flush=True)

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1
        self.line("ok", test)

    def fail(self, test, error):
        self.line("FAILED", test)
        print(self._exc_info_to_string(error, test), flush=True)

    def addError(self, test, err):
        super().addError(test, err)
        self.fail(test, err)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.fail(test, err)

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.fail(subtest, err)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.line("skipped", test, f": {reason}")

    def counts(self):
        return {"passed": self.passed, "failed": len(self.failures) + len(self.errors), "skipped": len(self.skipped)}


class NotRun(unittest.TestCase):
    """Stands for a file whose needs are not met, so that the sum shows it."""

    def __init__(self, file, reason):
        super().__init__("run_file")
        self.file = file
        self.reason = str(reason)

    def id(self):
        return self.file

    def run_file(self):
        self.skipTest(self.reason)


def name_of(test):
    return test.id() if hasattr(test, "id") else str(test)


def load(suite_name):
    folder = ROOT / "tests" / suite_name
    sys.path.insert(0, str(folder))
    loaded = unittest.TestSuite()
    for file in sorted(folder.glob("*_test.py")):
        specification = importlib.util.spec_from_file_location(file.stem, file)
        module = importlib.util.module_from_spec(specification)
        sys.modules[file.stem] = module
        try:
            specification.loader.exec_module(module)
            loaded.addTests(unittest.defaultTestLoader.loadTestsFromModule(module))
        except unittest.SkipTest as reason:
            loaded.addTest(NotRun(file.stem, reason))
    return loaded


def flat(suite):
    for entry in suite:
        if isinstance(entry, unittest.TestSuite):
            yield from flat(entry)
        else:
            yield entry


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", choices=("integration", "conformance"))
    parser.add_argument("--preset", default="dev")
    parser.add_argument("--filter", default="")
    parser.add_argument("--results")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()

    os.environ.setdefault("BLUEBATCH_BIN", str(ROOT / "build" / options.preset / "bin"))
    wanted = unittest.TestSuite(test for test in flat(load(options.suite)) if options.filter in test.id())
    if options.list:
        print(*(test.id() for test in flat(wanted)), sep="\n")
        return 0
    result = Result()
    wanted.run(result)
    counts = result.counts()
    if options.results:
        pathlib.Path(options.results).write_text(json.dumps(counts))
    print(f"{options.suite}: {counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Measures build/release. ./scripts/bench calls it.

    tests/benchmark/run.py main|blob|batch [--json FILE] [--repeat N] [--folder DIR]
"""

import argparse
import importlib
import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.dont_write_bytecode = True
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "tests" / "benchmark")]

from bench import Report


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", choices=("main", "blob", "batch"))
    parser.add_argument("--json")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--folder", default=str(ROOT / "build" / "bench"))
    options = parser.parse_args()

    os.environ.setdefault("BLUEBATCH_BIN", str(ROOT / "build" / "release" / "bin"))
    pathlib.Path(options.folder).mkdir(parents=True, exist_ok=True)
    report = Report()
    importlib.import_module(f"{options.suite}_bench").main(report, options.folder, options.repeat)
    return report.finish(options.json)


if __name__ == "__main__":
    sys.exit(main())

"""The official JavaScript SDKs: runs javascript/*.test.mjs with node's own test runner, an emulator for each file."""

import pathlib
import re
import shutil
import subprocess
import unittest

from emulator import BATCH_ACCOUNT, BATCH_KEY, BLOB_ACCOUNT, BLOB_KEY, Emulator, clean_environment
from media import DEMO, demo_files

FOLDER = pathlib.Path(__file__).resolve().parent / "javascript"

if shutil.which("node") is None:
    raise unittest.SkipTest("node is not installed (apt-get install nodejs npm)")
if not (FOLDER / "node_modules").is_dir():
    raise unittest.SkipTest("the JavaScript SDKs are not here (npm ci in tests/conformance/javascript)")


class JavaScript(unittest.TestCase):
    """Its methods are made below, one per test in the files."""


def output_of(file):
    """Runs one file once; the names of its tests with whether they passed, and all that node said."""
    demo_files()
    with Emulator() as emulator:
        environment = clean_environment(
            TEST_BLOB_URL=emulator.blob, TEST_BLOB_ACCOUNT=BLOB_ACCOUNT, TEST_BLOB_KEY=BLOB_KEY,
            TEST_BATCH_URL=emulator.batch, TEST_BATCH_ACCOUNT=BATCH_ACCOUNT, TEST_BATCH_KEY=BATCH_KEY,
            TEST_FILMS=str(DEMO), NODE_EXTRA_CA_CERTS=emulator.endpoints["ca"],
        )
        run = subprocess.run(
            ["node", "--test-reporter=tap", str(file)], env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300, check=False,
        )
    return run.stdout.decode(errors="replace")


class Outputs:
    kept = {}

    @classmethod
    def of(cls, file):
        if file not in cls.kept:
            cls.kept[file] = output_of(file)
        return cls.kept[file]


def method(file, name):
    def run(self):
        output = Outputs.of(file)
        found = re.search(rf"^\s*(not ok|ok) \d+ - {re.escape(name)}\s*$", output, re.MULTILINE)
        if found is None or found[1] != "ok":
            self.fail(f"{file.name}: {name}\n{output}")

    return run


for test_file in sorted(FOLDER.glob("*.test.mjs")):
    for test_name in re.findall(r'^test\("([^"]+)"', test_file.read_text(), re.MULTILINE):
        words = re.sub(r"\W+", "_", test_name).strip("_").lower()
        setattr(JavaScript, f"test_{test_file.name.split('.')[0]}_{words}", method(test_file, test_name))

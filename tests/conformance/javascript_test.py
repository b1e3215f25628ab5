"""The official JavaScript SDKs: runs javascript/*.test.mjs with node's own test runner, an emulator for each file."""

import pathlib
import shutil
import unittest

from emulator import BATCH_ACCOUNT, BATCH_KEY, BLOB_ACCOUNT, BLOB_KEY, Emulator, clean_environment
from media import DEMO, demo_files
from node_tests import add_methods, run_file

FOLDER = pathlib.Path(__file__).resolve().parent / "javascript"

if shutil.which("node") is None:
    raise unittest.SkipTest("node is not installed (apt-get install nodejs npm)")
if not (FOLDER / "node_modules").is_dir():
    raise unittest.SkipTest("the JavaScript SDKs are not here (npm ci in tests/conformance/javascript)")


class JavaScript(unittest.TestCase):
    """Its methods are made below, one per test in the files."""

    outputs = {}

    def output_of(self, file):
        if file not in self.outputs:
            self.outputs[file] = run_with_emulator(file)
        return self.outputs[file]


def run_with_emulator(file):
    demo_files()
    with Emulator() as emulator:
        return run_file(file, clean_environment(
            TEST_BLOB_URL=emulator.blob, TEST_BLOB_ACCOUNT=BLOB_ACCOUNT, TEST_BLOB_KEY=BLOB_KEY,
            TEST_BATCH_URL=emulator.batch, TEST_BATCH_ACCOUNT=BATCH_ACCOUNT, TEST_BATCH_KEY=BATCH_KEY,
            TEST_FILMS=str(DEMO), NODE_EXTRA_CA_CERTS=emulator.endpoints["ca"],
        ))


add_methods(JavaScript, FOLDER, "*.test.mjs")

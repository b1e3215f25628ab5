"""@azure/identity: runs javascript/*.azure.mjs under the environment of `bluebatch run`."""

import pathlib
import shutil
import unittest

from azure_run import AzureCase
from node_tests import add_methods, run_file

FOLDER = pathlib.Path(__file__).resolve().parent / "javascript"

if shutil.which("node") is None:
    raise unittest.SkipTest("node is not installed (apt-get install nodejs npm)")
if not (FOLDER / "node_modules" / "@azure" / "identity").is_dir():
    raise unittest.SkipTest("the JavaScript SDKs are not here (npm ci in tests/conformance/javascript)")


class JavaScriptAzure(AzureCase):
    """Its methods are made below, one per test in the files."""

    outputs = {}

    def output_of(self, file):
        if file not in self.outputs:
            self.outputs[file] = run_file(file, {**self.environment, "TEST_SCRATCH": self.scratch})
        return self.outputs[file]


add_methods(JavaScriptAzure, FOLDER, "*.azure.mjs")

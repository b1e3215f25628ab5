"""@azure/identity: runs javascript/*.azure.mjs under the environment of `bluebatch run`."""

import pathlib
import re
import shutil
import subprocess
import unittest

from azure_run import AzureCase

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
            run = subprocess.run(
                ["node", "--test-reporter=tap", str(file)], env={**self.environment, "TEST_SCRATCH": self.scratch},
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300, check=False)
            self.outputs[file] = run.stdout.decode(errors="replace")
        return self.outputs[file]


def method(file, name):
    def run(self):
        output = self.output_of(file)
        found = re.search(rf"^\s*(not ok|ok) \d+ - {re.escape(name)}\s*$", output, re.MULTILINE)
        if found is None or found[1] != "ok":
            self.fail(f"{file.name}: {name}\n{output}")

    return run


for test_file in sorted(FOLDER.glob("*.azure.mjs")):
    for test_name in re.findall(r'^test\("([^"]+)"', test_file.read_text(), re.MULTILINE):
        words = re.sub(r"\W+", "_", test_name).strip("_").lower()
        setattr(JavaScriptAzure, f"test_{test_file.name.split('.')[0]}_{words}", method(test_file, test_name))

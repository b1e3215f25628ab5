"""Runs the az command line against an emulator, with a configuration of its own."""

import json
import pathlib
import subprocess
import tempfile
import unittest

from emulator import BATCH_ACCOUNT, BATCH_KEY, Emulator, clean_environment, wait_until


class AzureCliCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.emulator = cls.enterClassContext(Emulator())
        cls.home = tempfile.TemporaryDirectory(prefix="az-")
        cls.addClassCleanup(cls.home.cleanup)
        cls.environment = clean_environment(
            AZURE_CONFIG_DIR=cls.home.name, AZURE_CORE_COLLECT_TELEMETRY="no", AZURE_CORE_NO_COLOR="yes",
            AZURE_STORAGE_CONNECTION_STRING=cls.emulator.connection_string(),
            AZURE_BATCH_ACCOUNT=BATCH_ACCOUNT, AZURE_BATCH_ACCESS_KEY=BATCH_KEY, AZURE_BATCH_ENDPOINT=cls.emulator.batch,
        )

    def run_az(self, *arguments):
        return subprocess.run(
            ["az", *map(str, arguments)], env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=120,
            check=False)

    def az(self, *arguments):
        run = self.run_az(*arguments, "--output", "json")
        if run.returncode != 0:
            self.fail(f"az {' '.join(map(str, arguments))}: {run.stderr.decode(errors='replace')[-2000:]}")
        return json.loads(run.stdout) if run.stdout.strip() else None


class AzureBatchCase(AzureCliCase):
    """Pools, jobs and tasks by files of JSON."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if b"--vm-size" not in cls.run_az(cls, "batch", "pool", "create", "--help").stdout:
            raise unittest.SkipTest("the create commands of this az fail before they send anything")

    def batch(self, *arguments, body=None):
        if body is None:
            return self.az("batch", *arguments)
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "body.json")
            file.write_text(json.dumps(body))
            return self.az("batch", *arguments, "--json-file", file)

    def wait_for(self, *arguments, state):
        return wait_until(lambda: (found := self.batch(*arguments))["state"] == state and found, 90, f"{arguments} {state}")

    def output(self, job, task):
        with tempfile.TemporaryDirectory() as folder:
            self.batch("task", "file", "download", "--job-id", job, "--task-id", task, "--file-path", "stdout.txt",
                       "--destination", f"{folder}/out")
            return pathlib.Path(folder, "out").read_text()

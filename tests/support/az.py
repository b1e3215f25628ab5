"""Runs the az command line against an emulator, with a configuration of its own."""

import json
import subprocess
import tempfile
import unittest

from emulator import BATCH_ACCOUNT, BATCH_KEY, Emulator, clean_environment


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

"""The az command line: pool, job, task, files and storage, as people type it."""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

from emulator import BATCH_ACCOUNT, BATCH_KEY, Emulator, clean_environment, wait_until
from wire import Batch

if shutil.which("az") is None:
    raise unittest.SkipTest("az is not installed (apt-get install azure-cli)")


class AzureCli(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator()
        cls.home = tempfile.TemporaryDirectory()
        cls.environment = clean_environment(
            AZURE_CONFIG_DIR=cls.home.name, AZURE_CORE_COLLECT_TELEMETRY="no", AZURE_CORE_NO_COLOR="yes",
            AZURE_STORAGE_CONNECTION_STRING=cls.emulator.connection_string(),
            AZURE_BATCH_ACCOUNT=BATCH_ACCOUNT, AZURE_BATCH_ACCESS_KEY=BATCH_KEY, AZURE_BATCH_ENDPOINT=cls.emulator.batch,
        )

    @classmethod
    def tearDownClass(cls):
        cls.emulator.stop()
        cls.home.cleanup()

    def az(self, *arguments):
        run = subprocess.run(
            ["az", *arguments, "--output", "json"], env=self.environment, stdin=subprocess.DEVNULL,
            capture_output=True, timeout=120, check=False)
        if run.returncode != 0:
            self.fail(f"az {' '.join(arguments)}: {run.stderr.decode()[-2000:]}")
        return json.loads(run.stdout) if run.stdout.strip() else None

    def can_create(self):
        """Debian 13's az 2.74 goes with an azure-batch of other models: its `create` commands have lost their options,
        and with --json-file they fail before they send anything. All its other commands work."""
        run = subprocess.run(["az", "batch", "pool", "create", "--help"], env=self.environment, stdin=subprocess.DEVNULL,
                             capture_output=True, timeout=120, check=False)
        return b"--vm-size" in run.stdout

    def create_with_az(self):
        self.az("batch", "pool", "create", "--id", "az-pool", "--vm-size", "Standard_A1_v2", "--target-dedicated-nodes", "1",
                "--image", "canonical:0001-com-ubuntu-server-focal:20_04-lts", "--node-agent-sku-id", "batch.node.ubuntu 20.04")
        self.az("batch", "job", "create", "--id", "az-job", "--pool-id", "az-pool")
        self.az("batch", "task", "create", "--job-id", "az-job", "--task-id", "az-task",
                "--command-line", "/bin/bash -c 'echo from az'")

    def create_without_az(self):
        batch = Batch(self.emulator.batch)
        batch.add_pool("az-pool", dedicated=1)
        batch.add_job("az-job", "az-pool")
        batch.add_task("az-job", "az-task", "/bin/bash -c 'echo from az'")
        batch.close()

    def test_batch(self):
        if self.can_create():
            self.create_with_az()
        else:
            print("this az cannot create pools, jobs and tasks: they are created without it", file=sys.stderr)
            self.create_without_az()
        pool = self.az("batch", "pool", "show", "--pool-id", "az-pool")
        self.assertEqual((pool["id"], pool["vmSize"], pool["targetDedicatedNodes"]), ("az-pool", "standard_a1_v2", 1))
        task = wait_until(
            lambda: (found := self.az("batch", "task", "show", "--job-id", "az-job", "--task-id", "az-task"))["state"]
            == "completed" and found, 60, "the task is completed")
        self.assertEqual(task["executionInfo"]["exitCode"], 0)
        files = self.az("batch", "task", "file", "list", "--job-id", "az-job", "--task-id", "az-task")
        self.assertIn("stdout.txt", [file["name"] for file in files])
        with tempfile.TemporaryDirectory() as folder:
            self.az("batch", "task", "file", "download", "--job-id", "az-job", "--task-id", "az-task",
                    "--file-path", "stdout.txt", "--destination", f"{folder}/out.txt")
            self.assertEqual(pathlib.Path(folder, "out.txt").read_text(), "from az\n")
        self.az("batch", "job", "delete", "--job-id", "az-job", "--yes")
        self.az("batch", "pool", "delete", "--pool-id", "az-pool", "--yes")

    def test_storage(self):
        self.az("storage", "container", "create", "--name", "az-container")
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "in.txt").write_text("hello from az")
            self.az("storage", "blob", "upload", "--container-name", "az-container", "--name", "a/b.txt",
                    "--file", f"{folder}/in.txt", "--no-progress")
            names = [blob["name"] for blob in self.az("storage", "blob", "list", "--container-name", "az-container")]
            self.assertEqual(names, ["a/b.txt"])
            self.az("storage", "blob", "download", "--container-name", "az-container", "--name", "a/b.txt",
                    "--file", f"{folder}/out.txt", "--no-progress")
            self.assertEqual(pathlib.Path(folder, "out.txt").read_text(), "hello from az")
        self.az("storage", "blob", "delete", "--container-name", "az-container", "--name", "a/b.txt")
        self.az("storage", "container", "delete", "--name", "az-container")

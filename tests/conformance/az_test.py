"""The az command line: pool, job, task and files, as people type it."""

import pathlib
import shutil
import sys
import tempfile
import unittest

from az import AzureCliCase
from emulator import wait_until
from wire import Batch

if shutil.which("az") is None:
    raise unittest.SkipTest("az is not installed (apt-get install azure-cli)")


class AzureCli(AzureCliCase):
    def can_create(self):
        """Debian 13's az 2.74 goes with an azure-batch of other models: its `create` commands have lost their options,
        and with --json-file they fail before they send anything. All its other commands work."""
        run = self.run_az("batch", "pool", "create", "--help")
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

"""The main job with each target: the emulator's own addresses, and Azure's host names through `bluebatch run`.

BLUEBATCH_TEST_AZURE=1 with the variables of --target azure (AZURE_BATCH_ENDPOINT and so on) runs the same against a real
subscription, where nodes cost money for as long as the tests take. BLUEBATCH_TEST_VM_SIZE names their size.
"""

import json
import os
import pathlib
import time
import unittest

from azure_run import AzureRun
from client_commands import run_client
from client_runs import Folders, emulator_environment, keys_in, summary, transcode
from emulator import Emulator

REAL = "BLUEBATCH_TEST_AZURE"


class MainJob:
    """What holds on every target. `arguments` name it, `environment` leads to it, `seconds` is how long a run may take."""

    arguments = ()
    environment = {}
    seconds = 120

    def setUp(self):
        self.name = f"bluebatch{time.time_ns()}"

    def folders(self, names=None):
        made = Folders(names)
        self.addCleanup(made.cleanup)
        return made

    def transcode(self, folders, *more):
        self.addCleanup(self.forget, f"{self.name}-output")
        return transcode(folders, *self.arguments, "--job-id", self.name, "--pool-id", self.name, "--container-prefix", f"{self.name}-",
                         "--nodes", "2", *more, environment=self.environment, seconds=self.seconds)

    def client(self, *words):
        run = run_client(*words, *self.arguments, environment=self.environment, seconds=self.seconds)
        self.assertEqual(run.returncode, 0, run.stderr)
        return run

    def forget(self, container):
        run_client("container", "delete", container, "--yes", *self.arguments, environment=self.environment)

    def test_every_film_becomes_sound_and_nothing_is_left(self):
        folders = self.folders()
        names = [pathlib.Path(file.name).stem + ".mp3" for file in folders.input.iterdir()]
        run = self.transcode(folders, "--yes")
        self.assertEqual(run.returncode, 0, run.stderr)
        folders.assert_results(self, names)
        self.assertIn("Success! All tasks completed successfully within the specified timeout period.", run.stdout)
        alive = [item["id"] for kind in ("pool", "job") for item in json.loads(self.client(kind, "list", "--json").stdout)
                 if item["state"] != "deleting"]
        self.assertNotIn(self.name, alive)
        containers = [item["name"] for item in json.loads(self.client("container", "list", "--json").stdout)]
        self.assertNotIn(f"{self.name}-input", containers)
        self.assertEqual(keys_in(run.stdout + run.stderr), [])

    def test_a_task_that_fails_is_named(self):
        folders = self.folders(["good.mp4"])
        (folders.input / "broken.mp4").write_bytes(b"this is no film" * 100)
        run = self.transcode(folders, "--yes", "--json")
        self.assertEqual(run.returncode, 1, run.stderr)
        told = summary(run)
        self.assertEqual((told["succeeded"], told["failed"]), (1, 1))
        broken = next(task for task in told["tasks"] if task["input"].endswith("broken.mp4"))
        self.assertIn("Invalid data", broken["stderr"])
        folders.assert_results(self, ["good.mp3"])

    def test_the_doctor_finds_nothing_wrong(self):
        told = json.loads(self.client("doctor", "--write", "--json").stdout)
        self.assertEqual([check for check in told["checks"] if check["verdict"] == "fail"], [])
        checks = {(check["service"], check["check"]) for check in told["checks"]}
        self.assertLessEqual({(service, check) for service in ("Batch", "Storage")
                              for check in ("DNS", "clock", "credential", "permission")}, checks)
        self.assertLessEqual({("Batch", "quota"), ("Storage", "writing")}, checks)


class OnTheEmulator(MainJob, unittest.TestCase):
    arguments = ("--target", "emulator")

    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator()
        cls.addClassCleanup(cls.emulator.kill)
        cls.environment = emulator_environment(cls.emulator)


class OnAzuresHostNames(MainJob, unittest.TestCase):
    arguments = ("--target", "azure")

    @classmethod
    def setUpClass(cls):
        cls.azure = AzureRun("--offline")
        cls.addClassCleanup(cls.azure.close)
        cls.environment = cls.azure.environment


@unittest.skipUnless(os.environ.get(REAL), f"{REAL} is not set: no subscription to run on")
class OnAzure(MainJob, unittest.TestCase):
    seconds = 3600

    @classmethod
    def setUpClass(cls):
        cls.environment = dict(os.environ)
        size = os.environ.get("BLUEBATCH_TEST_VM_SIZE")
        cls.arguments = ("--target", "azure")
        cls.more = ("--vm-size", size) if size else ()

    def transcode(self, folders, *more):
        return super().transcode(folders, "--timeout", "45m", *self.more, *more)


if __name__ == "__main__":
    unittest.main()

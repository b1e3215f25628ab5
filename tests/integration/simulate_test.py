"""With --simulate tasks only pass time, and the clock leaps over it."""

import datetime
import http.client
import json
import pathlib
import tempfile
import unittest

from emulator import Emulator, wait_until
from wire import Batch


def seconds_between(first, last):
    return (datetime.datetime.fromisoformat(last[:26].rstrip("Z")) -
            datetime.datetime.fromisoformat(first[:26].rstrip("Z"))).total_seconds()


class Simulate(unittest.TestCase):
    def start(self, *arguments, **more):
        self.emulator = Emulator("--simulate", *arguments, **more)
        self.addCleanup(self.emulator.end)
        self.batch = Batch(self.emulator.batch)

    def counts(self):
        return self.batch.get("/jobs/j/taskcounts").expect(200).json["taskCounts"]

    def add_tasks(self, first, count):
        for begin in range(first, first + count, 100):
            tasks = [{"id": f"t{i:05}", "commandLine": "unknown --program"} for i in range(begin, begin + 100)]
            self.batch.post("/jobs/j/addtaskcollection", {"value": tasks}).expect(200)

    def test_a_task_of_a_day_is_over_at_once_and_says_why(self):
        self.start("24h")
        self.batch.add_pool("p", dedicated=1)
        self.batch.add_job("j", "p")
        self.batch.add_task("j", "t", "/bin/sleep 1d")
        info = self.batch.wait_for_task("j", "t")["executionInfo"]
        self.assertEqual((info["exitCode"], info["result"]), (0, "success"))
        self.assertEqual(seconds_between(info["startTime"], info["endTime"]), 86400)
        file = self.batch.get("/jobs/j/tasks/t/files/stdout.txt").expect(409).json
        self.assertEqual(file["code"], "TaskFilesUnavailable")
        self.assertIn("simulated", file["values"][0]["value"])
        connection = http.client.HTTPConnection(self.batch.address.hostname, self.batch.address.port, timeout=30)
        connection.request("GET", "/_bluebatch/health")
        health = json.loads(connection.getresponse().read())
        self.assertEqual((health["status"], health["simulatedTaskTime"]), ("ready", "1d"))
        connection.close()
        self.assertIn("tasks are simulated", self.emulator.output())

    def test_tasks_and_jobs_say_their_own_times_and_exit_codes(self):
        self.start("10s")
        self.batch.add_pool("p", dedicated=1)
        self.batch.add_job("j", "p", commonEnvironmentSettings=[{"name": "BLUEBATCH_SIMULATED_TIME", "value": "2h"}])
        self.batch.add_task("j", "fails", "x", environmentSettings=[{"name": "BLUEBATCH_SIMULATED_EXIT_CODE", "value": "3"}])
        self.batch.add_task("j", "wrong", "x", environmentSettings=[{"name": "BLUEBATCH_SIMULATED_TIME", "value": "soon"}])
        info = self.batch.wait_for_task("j", "fails")["executionInfo"]
        self.assertEqual((info["exitCode"], info["failureInfo"]["code"]), (3, "FailureExitCode"))
        self.assertEqual(seconds_between(info["startTime"], info["endTime"]), 7200)
        failure = self.batch.wait_for_task("j", "wrong")["executionInfo"]["failureInfo"]
        self.assertEqual(failure["code"], "CommandLaunchFailed")
        self.assertIn("BLUEBATCH_SIMULATED_TIME", failure["message"])

    def test_thousands_of_tasks_go_over_hundreds_of_nodes_and_over_a_restart(self):
        folder = tempfile.TemporaryDirectory(prefix="simulate-")
        self.addCleanup(folder.cleanup)
        location = pathlib.Path(folder.name) / "state"
        self.start("30s", "--simulate-failures", "10", "--simulate-seed", "1", location=location)
        self.batch.add_pool("p", dedicated=500)
        self.batch.add_job("j", "p")
        self.add_tasks(0, 2000)
        wait_until(lambda: self.counts()["completed"] > 0, 60, "the first task")
        self.emulator.kill()
        self.start("30s", "--simulate-failures", "10", "--simulate-seed", "1", location=location)
        self.add_tasks(2000, 1000)
        wait_until(lambda: self.counts()["completed"] == 3000, 120, "all tasks")
        counts = self.counts()
        self.assertEqual(counts["succeeded"] + counts["failed"], 3000)
        self.assertTrue(200 < counts["failed"] < 400, counts)


if __name__ == "__main__":
    unittest.main()

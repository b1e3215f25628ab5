"""Everything that has its time goes by one clock, which a test can move."""

import http.client
import json
import unittest

from emulator import Emulator, gated, wait_until
from wire import Batch


class Clock(unittest.TestCase):
    def setUp(self):
        self.emulator = Emulator()
        self.addCleanup(self.emulator.end)
        self.batch = Batch(self.emulator.batch)

    def clock(self, **members):
        """Sets the clock, or only asks for it."""
        address = self.batch.address
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
        connection.request("PUT" if members else "GET", "/_bluebatch/clock", json.dumps(members) if members else None)
        response = connection.getresponse()
        answer = json.loads(response.read())
        connection.close()
        self.assertEqual(response.status, 200, answer)
        return answer

    def test_times_follow_it(self):
        self.clock(frozen=True, now="2030-05-06T07:08:09Z")
        self.batch.add_job("j", "p")
        self.assertEqual(self.batch.get("/jobs/j").json["creationTime"], "2030-05-06T07:08:09Z")
        self.clock(reset=True)
        self.assertNotIn("2030", self.clock()["now"])

    # TASK-27
    def test_files_go_when_their_retention_is_over(self):
        self.batch.add_pool("p", dedicated=1)
        self.batch.add_job("j", "p")
        self.batch.add_task("j", "t", "/bin/echo hello")
        self.batch.wait_for_task("j", "t")
        self.assertEqual(self.batch.file("j", "t", "stdout.txt"), b"hello\n")
        self.clock(advance="P7DT2M")
        path = "/jobs/j/tasks/t/files/stdout.txt"
        wait_until(lambda: self.batch.get(path).status == 409, 20, "the end of the files")
        self.assertEqual(self.batch.get(path).json["code"], "TaskFilesCleanedup")

    # TASK-26, JOB-10
    def test_limits_of_time_come_when_it_moves(self):
        self.batch.add_pool("p", dedicated=2)
        gate = self.emulator.folder / "gate"
        self.batch.add_job("j", "p", constraints={"maxWallClockTime": "PT12H"})
        self.batch.add_task("j", "short", f"/bin/sh -c '{gated(gate)}'", constraints={"maxWallClockTime": "PT1H"})
        self.batch.add_task("j", "long", f"/bin/sh -c '{gated(gate)}'")
        for task in ("short", "long"):
            self.batch.wait_for_task("j", task, "running")
        self.clock(advance="PT59M")
        self.assertEqual(self.batch.task("j", "short")["state"], "running")
        self.clock(advance="PT2M")
        ended = self.batch.wait_for_task("j", "short")
        self.assertEqual(ended["executionInfo"]["failureInfo"]["code"], "MaxWallClockTimeExceeded")
        self.clock(advance="PT11H")
        job = wait_until(
            lambda: (job := self.batch.get("/jobs/j").json)["state"] == "completed" and job, 20, "the end of the job"
        )
        self.assertEqual(job["executionInfo"]["terminateReason"], "MaxWallClockTimeExpiry")


if __name__ == "__main__":
    unittest.main()

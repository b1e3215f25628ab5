"""Rules of what happens while a job or a job schedule ends."""

import unittest

from emulator import Emulator, gated, wait_until
from wire import Batch


class JobEnds(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator()
        cls.addClassCleanup(cls.emulator.end)
        cls.batch = Batch(cls.emulator.batch)

    def file(self, name):
        return self.emulator.folder / name

    def state_of(self, job):
        return self.batch.get(f"/jobs/{job}").expect(200).json["state"]

    def wait_for_job(self, job, state):
        wait_until(lambda: self.state_of(job) == state, 20, f"{job} {state}")

    def add_released_job(self, job, pool, release):
        """A job with one task that is over, and whose node is to be released."""
        self.batch.add_job(job, pool, jobPreparationTask={"commandLine": "/bin/true"},
                           jobReleaseTask={"commandLine": f"/bin/sh -c '{release}'"})
        self.batch.add_task(job, "t", "/bin/true")
        self.batch.wait_for_task(job, "t")

    def only_node(self, pool):
        (node,) = self.batch.get(f"/pools/{pool}/nodes").expect(200).json["value"]
        return node

    # JOB-34
    def test_what_runs_ends_with_its_job_and_what_waits_stays_active(self):
        release = self.file("gate-stops")
        self.batch.add_pool("stops", dedicated=1)
        self.batch.add_job("stops", "stops", jobPreparationTask={"commandLine": "/bin/true"},
                           jobReleaseTask={"commandLine": f"/bin/sh -c '{gated(release)}'"})
        self.batch.add_task("stops", "runs", f"/bin/sh -c '{gated(self.file('never'))}'")
        self.batch.wait_for_task("stops", "runs", "running")
        self.batch.add_task("stops", "waits", "/bin/true")
        self.batch.post("/jobs/stops/terminate", {"terminateReason": "enough"}).expect(202)
        job = self.batch.get("/jobs/stops").expect(200).json
        self.assertEqual((job["state"], job["executionInfo"]["terminateReason"]), ("terminating", "enough"))
        self.assertNotIn("endTime", job["executionInfo"])
        ended = self.batch.wait_for_task("stops", "runs")["executionInfo"]
        self.assertEqual((ended["result"], ended["failureInfo"]["code"]), ("failure", "TaskEnded"))
        self.assertEqual(self.state_of("stops"), "terminating")
        release.touch()
        self.wait_for_job("stops", "completed")
        self.assertGreaterEqual(self.batch.get("/jobs/stops").json["executionInfo"]["endTime"], ended["endTime"])
        waits = self.batch.task("stops", "waits")
        self.assertEqual(waits["state"], "active")
        self.assertNotIn("startTime", waits.get("executionInfo", {}))
        counts = self.batch.get("/jobs/stops/taskcounts").expect(200).json["taskCounts"]
        self.assertEqual((counts["active"], counts["running"], counts["failed"]), (1, 0, 1))

    # REL-5
    def test_a_release_takes_no_slot_and_is_repeated_after_a_reboot(self):
        marks, gate = self.file("marks"), self.file("gate")
        self.batch.add_pool("one", dedicated=1)
        self.add_released_job("leaves", "one", f"echo x >> {marks}; {gated(gate)}")
        self.batch.post("/jobs/leaves/terminate").expect(202)
        wait_until(marks.exists, 20, "the release")
        self.assertEqual(self.only_node("one")["runningTaskSlotsCount"], 0)
        self.batch.add_job("stays", "one")
        self.batch.add_task("stays", "t", "/bin/true")
        self.batch.wait_for_task("stays", "t")
        self.assertEqual(self.state_of("leaves"), "terminating")
        self.batch.post(f"/pools/one/nodes/{self.only_node('one')['id']}/reboot").expect(202)
        wait_until(lambda: marks.read_text().split() == ["x", "x"], 20, "another release")
        gate.touch()
        self.wait_for_job("leaves", "completed")

    # REL-6; a node that boots is the only one here that cannot release a job yet
    def test_a_job_waits_for_a_node_that_cannot_release_it_yet(self):
        block, marks = self.file("block"), self.file("released")
        start_task = {"commandLine": f"/bin/sh -c 'while [ -e {block} ]; do sleep 0.02; done'", "waitForSuccess": True}
        self.batch.add_pool("boots", dedicated=1, startTask=start_task)
        self.add_released_job("waits", "boots", f"echo x > {marks}")
        block.touch()
        self.batch.post(f"/pools/boots/nodes/{self.only_node('boots')['id']}/reboot").expect(202)
        wait_until(lambda: self.only_node("boots")["state"] == "waitingforstarttask", 20, "the boot")
        self.batch.post("/jobs/waits/terminate").expect(202)
        self.batch.add_job("other", "boots")
        self.batch.post("/jobs/other/terminate").expect(202)
        self.wait_for_job("other", "completed")  # decided after what concerns the first
        self.assertEqual(self.state_of("waits"), "terminating")
        self.assertFalse(marks.exists())
        block.unlink()
        self.wait_for_job("waits", "completed")
        self.assertTrue(marks.exists())

    # SCH-1
    def test_a_schedule_goes_through_its_states(self):
        self.batch.add_pool("p", dedicated=1)
        for schedule, gate in (("ends", self.file("gate-ends")), ("goes", self.file("gate-goes"))):
            release = {"commandLine": f"/bin/sh -c '{gated(gate)}'"}
            self.batch.post("/jobschedules", {
                "id": schedule, "schedule": {}, "jobSpecification": {
                    "poolInfo": {"poolId": "p"}, "jobPreparationTask": {"commandLine": "/bin/true"}, "jobReleaseTask": release},
            }).expect(201)
            job = f"{schedule}%3Ajob-1"
            wait_until(lambda: self.batch.get(f"/jobs/{job}").status == 200, 20, f"the job of {schedule}")
            self.batch.add_task(job, "t", "/bin/true")
            self.batch.wait_for_task(job, "t")
        def state(schedule):
            return self.batch.get(f"/jobschedules/{schedule}").expect(200).json["state"]

        self.assertEqual(state("ends"), "active")
        self.batch.post("/jobschedules/ends/disable").expect(204)
        self.assertEqual(state("ends"), "disabled")
        self.batch.post("/jobschedules/ends/enable").expect(204)
        self.assertEqual(state("ends"), "active")
        self.batch.post("/jobschedules/ends/terminate").expect(202)
        self.assertEqual(state("ends"), "terminating")
        self.batch.call("DELETE", "/jobschedules/goes").expect(202)
        self.assertEqual(state("goes"), "deleting")
        self.file("gate-ends").touch()
        wait_until(lambda: state("ends") == "completed", 20, "the end of the schedule")
        self.file("gate-goes").touch()
        wait_until(lambda: self.batch.get("/jobschedules/goes").status == 404, 20, "the end of the other")


if __name__ == "__main__":
    unittest.main()

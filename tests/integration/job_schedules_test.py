"""Job schedules: jobs that come by the clock."""

import http.client
import json
import unittest

from emulator import Emulator, wait_until
from wire import Batch, pool_body


class JobSchedules(unittest.TestCase):
    def setUp(self):
        self.emulator = Emulator()
        self.addCleanup(self.emulator.end)
        self.batch = Batch(self.emulator.batch)

    def add(self, schedule, times, **specification):
        specification.setdefault("poolInfo", {"poolId": "pool"})
        body = {"id": schedule, "schedule": times, "jobSpecification": specification}
        return self.batch.post("/jobschedules", body).expect(201)

    def schedule(self, schedule):
        return self.batch.get(f"/jobschedules/{schedule}").expect(200).json

    def wait_for_job(self, job, state="active"):
        def found():
            answer = self.batch.get(f"/jobs/{job}")
            return answer.status == 200 and answer.json["state"] == state and answer.json
        return wait_until(found, 20, f"{job} {state}")

    def wait_for_state(self, schedule, state):
        wait_until(lambda: self.schedule(schedule)["state"] == state, 20, f"{schedule} {state}")

    def advance(self, duration):
        address = self.batch.address
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
        connection.request("PUT", "/_bluebatch/clock", json.dumps({"advance": duration}))
        self.assertEqual(connection.getresponse().status, 200)
        connection.close()

    # SCH-2, SCH-5, SCH-6, SCH-8; the day takes no longer than its requests
    def test_a_job_a_day_whose_manager_does_the_work(self):
        self.batch.add_pool("pool", 1)
        self.add("daily", {"recurrenceInterval": "P1D"}, jobManagerTask={
            "id": "manager", "commandLine": "/bin/sh -c 'echo $AZ_BATCH_JOB_ID; pwd'", "killJobOnCompletion": True})
        for number in range(1, 4):
            job = self.wait_for_job(f"daily%3Ajob-{number}", "completed")
            self.assertEqual(job["executionInfo"]["terminateReason"], "JMComplete")
            recent = self.schedule("daily")["executionInfo"]["recentJob"]
            self.assertEqual(recent["id"], f"daily:job-{number}")
            self.advance("P1D")
        self.wait_for_job("daily%3Ajob-4", "completed")
        output = self.batch.get("/jobs/daily%3Ajob-1/tasks/manager/files/stdout.txt").expect(200).body.decode().split()
        self.assertEqual(output[0], "daily:job-1")
        self.assertTrue(output[1].endswith("/workitems/daily/job-1/manager/wd"), output)
        ids = [job["id"] for job in self.batch.get("/jobschedules/daily/jobs").expect(200).json["value"]]
        self.assertEqual(ids, [f"daily:job-{number}" for number in range(1, 5)])
        stats = self.batch.get("/jobschedules/daily", **{"$expand": "stats"}).expect(200).json["stats"]
        self.assertEqual(stats["numSucceededTasks"], "4")

    # AUTO-3
    def test_jobs_share_the_pool_of_their_schedule(self):
        specification = pool_body("unused", 1)
        del specification["id"]
        self.add("s", {"recurrenceInterval": "PT1H"}, poolInfo={"autoPoolSpecification": {
            "poolLifetimeOption": "jobschedule", "autoPoolIdPrefix": "mine", "pool": specification}})
        first = self.wait_for_job("s%3Ajob-1")
        self.batch.post("/jobs/s%3Ajob-1/terminate").expect(202)
        self.wait_for_job("s%3Ajob-1", "completed")
        self.advance("PT1H")
        second = self.wait_for_job("s%3Ajob-2")
        pool = first["executionInfo"]["poolId"]
        self.assertEqual(second["executionInfo"]["poolId"], pool)
        self.assertEqual(self.batch.get(f"/pools/{pool}").expect(200).json["state"], "active")
        self.batch.post("/jobschedules/s/terminate").expect(202)
        self.wait_for_state("s", "completed")
        self.assertEqual(self.wait_for_job("s%3Ajob-2", "completed")["executionInfo"]["terminateReason"], "TerminateWorkitem")
        wait_until(lambda: self.batch.get(f"/pools/{pool}").status == 404, 20, "the end of the pool")

    # SCH-9, SCH-10, SCH-13
    def test_disabled_ones_make_no_jobs_and_deleted_ones_take_theirs(self):
        self.batch.add_pool("pool", 1)
        self.add("s", {"recurrenceInterval": "PT1H"}, onAllTasksComplete="noaction")
        self.wait_for_job("s%3Ajob-1")
        self.batch.add_task("s%3Ajob-1", "t", "/bin/true")
        self.batch.wait_for_task("s%3Ajob-1", "t")
        self.batch.post("/jobschedules/s/disable").expect(204)
        self.batch.post("/jobs/s%3Ajob-1/terminate").expect(202)
        self.wait_for_job("s%3Ajob-1", "completed")
        self.advance("PT3H")
        self.add("probe", {})  # made after whatever the clock brings
        self.wait_for_job("probe%3Ajob-1")
        self.assertEqual(self.batch.get("/jobs/s%3Ajob-2").status, 404)
        self.batch.post("/jobschedules/s/enable").expect(204)
        self.wait_for_job("s%3Ajob-2")
        self.batch.call("DELETE", "/jobschedules/s").expect(202)
        wait_until(lambda: self.batch.get("/jobschedules/s").status == 404, 20, "the end of the schedule")
        for number in (1, 2):
            self.assertEqual(self.batch.get(f"/jobs/s%3Ajob-{number}").status, 404)

    # SCH-7
    def test_one_without_recurrence_completes_with_its_job(self):
        self.batch.add_pool("pool", 1)
        self.add("once", {}, displayName="Just one")
        job = self.wait_for_job("once%3Ajob-1")
        self.assertEqual(job["displayName"], "Just one")
        self.assertEqual(self.schedule("once")["state"], "active")
        self.batch.post("/jobs/once%3Ajob-1/terminate").expect(202)
        self.wait_for_state("once", "completed")
        self.assertIn("endTime", self.schedule("once")["executionInfo"])


if __name__ == "__main__":
    unittest.main()

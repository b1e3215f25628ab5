"""Rules of jobs: their states, their properties, what ends them and what they then refuse."""

import unittest

from emulator import Emulator, gated, wait_until
from wire import Batch


class JobRules(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator()
        cls.addClassCleanup(cls.emulator.end)
        cls.batch = Batch(cls.emulator.batch)
        cls.batch.add_pool("p", dedicated=2)

    def job(self, job):
        return self.batch.get(f"/jobs/{job}").expect(200).json

    def job_is(self, job, state):
        return wait_until(lambda: (found := self.job(job))["state"] == state and found, 20, f"{job} {state}")

    def wait_until_gone(self, job):
        wait_until(lambda: self.batch.get(f"/jobs/{job}").status == 404, 20, f"the end of {job}")

    def refused(self, job, **members):
        body = {"id": job, "poolInfo": {"poolId": "p"}, **members}
        return self.batch.post("/jobs", body).expect(400).json

    def name_of_property(self, error):
        return {value["key"]: value["value"] for value in error["values"]}["PropertyName"]

    def codes_of_changes(self, job):
        """What a job answers to everything that would change it or its tasks."""
        answers = [
            self.batch.post(f"/jobs/{job}/tasks", {"id": "new", "commandLine": "/bin/true"}),
            self.batch.post(f"/jobs/{job}/disable", {"disableTasks": "requeue"}),
            self.batch.post(f"/jobs/{job}/enable"),
            self.batch.post(f"/jobs/{job}/terminate"),
            self.batch.call("PATCH", f"/jobs/{job}", {"priority": 1}),
            self.batch.call("PUT", f"/jobs/{job}", {"poolInfo": {"poolId": "p"}}),
        ]
        return {answer.expect(409).json["code"] for answer in answers}

    # JOB-1, JOB-6, JOB-18
    def test_a_job_goes_through_its_states(self):
        gate, release = (self.emulator.folder / f"states-{name}" for name in ("task", "release"))
        self.batch.add_job("states", "p", jobPreparationTask={"commandLine": "/bin/true"},
                           jobReleaseTask={"commandLine": f"/bin/sh -c '{gated(release)}'"})
        self.assertEqual(self.job("states")["state"], "active")
        self.batch.add_task("states", "t", f"/bin/sh -c '{gated(gate)}'")
        self.batch.wait_for_task("states", "t", "running")
        self.batch.post("/jobs/states/disable", {"disableTasks": "wait"}).expect(202)
        self.assertEqual(self.job("states")["state"], "disabling")
        gate.touch()
        self.job_is("states", "disabled")
        self.batch.post("/jobs/states/enable").expect(202)
        self.job_is("states", "active")
        self.batch.post("/jobs/states/terminate").expect(202)
        self.assertEqual(self.job("states")["state"], "terminating")
        self.assertEqual(self.codes_of_changes("states"), {"JobBeingTerminated"})
        release.touch()
        self.job_is("states", "completed")
        self.assertEqual(self.codes_of_changes("states"), {"JobCompleted"})
        self.batch.call("DELETE", "/jobs/states").expect(202)
        self.wait_until_gone("states")

    # JOB-1, JOB-18, JOB-38
    def test_a_job_that_is_being_deleted_is_shown_and_takes_no_changes(self):
        release = self.emulator.folder / "deleting-release"
        self.batch.add_job("deleting", "p", jobPreparationTask={"commandLine": "/bin/true"},
                           jobReleaseTask={"commandLine": f"/bin/sh -c '{gated(release)}'"})
        self.batch.add_task("deleting", "t", "/bin/true")
        self.batch.wait_for_task("deleting", "t")
        self.batch.call("DELETE", "/jobs/deleting").expect(202)
        self.assertEqual(self.job("deleting")["state"], "deleting")
        self.assertEqual(self.codes_of_changes("deleting"), {"JobBeingDeleted"})
        release.touch()
        self.wait_until_gone("deleting")

    # JOB-1; nobody sees a job that is being enabled
    def test_lists_know_the_states_and_no_others(self):
        for state in ("active", "disabling", "disabled", "enabling", "terminating", "completed", "deleting"):
            self.batch.get("/jobs", **{"$filter": f"state eq '{state}'"}).expect(200)
        self.batch.get("/jobs", **{"$filter": "state eq 'blocked'"}).expect(400)

    # JOB-5
    def test_nothing_completes_a_job_by_itself_and_it_counts_to_the_quota(self):
        with Emulator("--batch-job-quota", "1") as emulator:
            batch = Batch(emulator.batch)
            batch.add_pool("p", dedicated=1)
            batch.add_job("stays", "p")
            batch.add_task("stays", "t", "/bin/true")
            batch.wait_for_task("stays", "t")
            self.assertEqual(batch.get("/jobs/stays").json["state"], "active")
            other = {"id": "other", "poolInfo": {"poolId": "p"}}
            self.assertEqual(batch.post("/jobs", other).expect(409).json["code"], "ActiveJobAndScheduleQuotaReached")
            batch.post("/jobs/stays/terminate").expect(202)
            wait_until(lambda: batch.post("/jobs", other).status == 201, 20, "room for another job")

    # JOB-7
    def test_priorities_go_from_minus_1000_to_1000(self):
        for priority in (-1000, 1000):
            self.batch.add_job(f"priority{priority}", "p", priority=priority)
            self.assertEqual(self.job(f"priority{priority}")["priority"], priority)
        for priority in (-1001, 1001):
            self.assertEqual(self.refused("far", priority=priority)["code"], "InvalidPropertyValue")
            self.batch.call("PATCH", "/jobs/priority1000", {"priority": priority}).expect(400)
        self.batch.add_job("priority", "p")
        self.assertEqual(self.job("priority")["priority"], 0)

    # JOB-8
    def test_parallel_tasks_are_without_limit_or_at_least_one(self):
        for limit in (0, -2):
            self.assertEqual(self.name_of_property(self.refused("parallel", maxParallelTasks=limit)), "maxParallelTasks")
        self.batch.add_job("parallel", "p", maxParallelTasks=1)
        self.batch.call("PATCH", "/jobs/parallel", {"maxParallelTasks": 0}).expect(400)
        self.batch.call("PATCH", "/jobs/parallel", {"maxParallelTasks": -1}).expect(200)
        self.assertEqual(self.job("parallel")["maxParallelTasks"], -1)

    # JOB-9
    def test_tasks_are_not_preempted_unless_their_job_says_so(self):
        self.batch.add_job("stays", "p")
        self.assertIs(self.job("stays")["allowTaskPreemption"], False)
        self.batch.add_job("yields", "p", allowTaskPreemption=True)
        self.assertIs(self.job("yields")["allowTaskPreemption"], True)
        self.batch.call("PATCH", "/jobs/yields", {"allowTaskPreemption": False}).expect(200)
        self.assertIs(self.job("yields")["allowTaskPreemption"], False)

    # JOB-11
    def test_tasks_are_tried_again_as_often_as_their_job_says(self):
        tries = self.emulator.folder / "tries"
        self.assertEqual(self.refused("less", constraints={"maxTaskRetryCount": -2})["code"], "InvalidPropertyValue")
        self.batch.add_job("once", "p", constraints={"maxTaskRetryCount": 1})
        self.batch.add_task("once", "t", "/bin/false")
        self.assertEqual(self.batch.wait_for_task("once", "t")["executionInfo"]["retryCount"], 1)
        self.batch.add_job("always", "p", constraints={"maxTaskRetryCount": -1})
        self.batch.add_task("always", "t", f"/bin/sh -c 'echo x >> {tries}; test $(wc -l < {tries}) -ge 5'")
        execution = self.batch.wait_for_task("always", "t")["executionInfo"]
        self.assertEqual((execution["retryCount"], execution["exitCode"]), (4, 0))

    # JOB-13
    def test_whether_tasks_depend_on_others_is_said_once(self):
        self.batch.add_job("depends", "p", usesTaskDependencies=True)
        for method, more in (("PATCH", {}), ("PUT", {"poolInfo": {"poolId": "p"}})):
            answer = self.batch.call(method, "/jobs/depends", {"usesTaskDependencies": False, **more})
            self.assertEqual(answer.expect(400).json["code"], "InvalidRequestBody")
        self.assertIs(self.job("depends")["usesTaskDependencies"], True)

    # JOB-14, JOB-15
    def test_networks_and_metadata_are_kept_as_they_are(self):
        network = {"subnetId": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/n"}
        metadata = [{"name": "b", "value": "<1>"}, {"name": "a", "value": ""}, {"name": "b", "value": "\u00e4 \"2\""}]
        self.batch.add_job("kept", "p", networkConfiguration={**network, "skipWithdrawFromVNet": False}, metadata=metadata)
        job = self.job("kept")
        self.assertEqual(job["networkConfiguration"]["subnetId"], network["subnetId"])
        self.assertEqual(job["metadata"], metadata)
        self.batch.add_task("kept", "t", "/bin/true")
        self.batch.wait_for_task("kept", "t")

    # JOB-22, JOB-24
    def test_a_manager_counts_as_a_task_and_a_preparation_does_not(self):
        gate = self.emulator.folder / "gate-counts"
        self.batch.add_job(
            "counts", "p", onAllTasksComplete="terminatejob",
            jobPreparationTask={"commandLine": "/bin/true"}, jobReleaseTask={"commandLine": "/bin/true"},
            jobManagerTask={"id": "m", "commandLine": f"/bin/sh -c '{gated(gate)}'", "killJobOnCompletion": False, "runExclusive": False})
        self.batch.wait_for_task("counts", "m", "running")
        self.batch.add_task("counts", "t", "/bin/true")
        self.batch.wait_for_task("counts", "t")
        counts = self.batch.get("/jobs/counts/taskcounts").json["taskCounts"]
        self.assertEqual((counts["running"], counts["completed"], counts["active"]), (1, 1, 0))
        self.assertEqual(self.job("counts")["state"], "active")
        gate.touch()
        self.assertEqual(self.job_is("counts", "completed")["executionInfo"]["terminateReason"], "AllTasksComplete")

    # JOB-37
    def test_ending_a_job_may_be_forced(self):
        for job in ("forced", "forced-out"):
            self.batch.add_job(job, "p")
            self.batch.add_task(job, "t", "/bin/sleep 600")
            self.batch.wait_for_task(job, "t", "running")
        self.batch.post("/jobs/forced/terminate", query={"force": "true"}).expect(202)
        self.job_is("forced", "completed")
        self.assertEqual(self.batch.task("forced", "t")["executionInfo"]["failureInfo"]["code"], "TaskEnded")
        self.batch.call("DELETE", "/jobs/forced-out", query={"force": "true"}).expect(202)
        self.wait_until_gone("forced-out")


if __name__ == "__main__":
    unittest.main()

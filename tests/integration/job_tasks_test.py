"""Job preparation and release tasks, and job managers."""

import unittest

from emulator import Emulator, gated, wait_until
from wire import Batch


class JobTasks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator()
        cls.addClassCleanup(cls.emulator.end)
        cls.batch = Batch(cls.emulator.batch)
        cls.batch.add_pool("p", dedicated=2)

    def add_job(self, job, pool="p", **members):
        self.batch.add_job(job, pool, **members)

    def job_is(self, job, state):
        return wait_until(lambda: (found := self.batch.get(f"/jobs/{job}").json)["state"] == state and found, 20, f"{job} {state}")

    def statuses(self, job, **query):
        return self.batch.get(f"/jobs/{job}/jobpreparationandreleasetaskstatus", **query).expect(200).json["value"]

    def refused(self, status, code, path, body):
        self.assertEqual(self.batch.post(path, body).expect(status).json["code"], code)

    # PREP-1, PREP-7, PREP-8, PREP-9, REL-2, REL-3
    def test_a_node_is_prepared_before_its_first_task_and_released_after_the_last(self):
        notes = self.emulator.folder / "notes"
        self.batch.add_pool("one", dedicated=1, taskSlotsPerNode=2)
        self.add_job(
            "prepared", "one",
            jobPreparationTask={"commandLine": f"/bin/sh -c 'echo prepared >> {notes}; echo data > data.txt'"},
            jobReleaseTask={"commandLine": f"/bin/sh -c 'cat $AZ_BATCH_JOB_PREP_WORKING_DIR/data.txt >> {notes}'"},
            commonEnvironmentSettings=[{"name": "GREETING", "value": "hello"}],
        )
        self.assertEqual(self.statuses("prepared"), [])
        for task in ("a", "b"):
            self.batch.add_task("prepared", task, f"/bin/sh -c 'cat $AZ_BATCH_JOB_PREP_WORKING_DIR/data.txt && echo $GREETING >> {notes}'")
        for task in ("a", "b"):
            self.assertEqual(self.batch.wait_for_task("prepared", task)["executionInfo"]["exitCode"], 0)
        self.assertEqual(notes.read_text().split(), ["prepared", "hello", "hello"])
        (status,) = self.statuses("prepared")
        info = status["jobPreparationTaskExecutionInfo"]
        self.assertEqual((info["state"], info["exitCode"], info["result"]), ("completed", 0, "success"))
        self.assertEqual(info["taskRootDirectory"], "workitems/prepared/job-1/jobpreparation")
        self.assertNotIn("jobReleaseTaskExecutionInfo", status)
        self.batch.post("/jobs/prepared/terminate").expect(202)
        self.job_is("prepared", "completed")
        self.assertEqual(notes.read_text().split(), ["prepared", "hello", "hello", "data"])
        (status,) = self.statuses("prepared", _filter="jobReleaseTaskExecutionInfo/exitCode eq 0")
        self.assertEqual(status["jobReleaseTaskExecutionInfo"]["state"], "completed")
        self.assertEqual(self.statuses("prepared", _filter="jobReleaseTaskExecutionInfo/exitCode ne 0"), [])

    # PREP-1, REL-3
    def test_tasks_are_preparing_meanwhile_and_the_job_terminating(self):
        prepare, release = (self.emulator.folder / name for name in ("gate-prepare", "gate-release"))
        self.add_job("slow", jobPreparationTask={"commandLine": f"/bin/sh -c '{gated(prepare)}'"},
                     jobReleaseTask={"commandLine": f"/bin/sh -c '{gated(release)}'"})
        self.batch.add_task("slow", "t", "/bin/true")
        self.batch.wait_for_task("slow", "t", "preparing")
        wait_until(lambda: self.statuses("slow"), 20, "the preparation")
        self.assertEqual(self.statuses("slow")[0]["jobPreparationTaskExecutionInfo"]["state"], "running")
        prepare.touch()
        self.batch.wait_for_task("slow", "t")
        self.batch.post("/jobs/slow/terminate").expect(202)
        wait_until(lambda: "jobReleaseTaskExecutionInfo" in self.statuses("slow")[0], 20, "the release")
        self.assertEqual(self.batch.get("/jobs/slow").json["state"], "terminating")
        release.touch()
        self.job_is("slow", "completed")

    # PREP-3
    def test_a_node_that_cannot_be_prepared_serves_other_jobs_only(self):
        marks = self.emulator.folder / "marks"
        marks.mkdir()
        # The first node that tries fails, the second does not.
        command = f"/bin/sh -c 'mkdir {marks}/first 2>/dev/null && exit 1; exit 0'"
        self.add_job("barred", jobPreparationTask={"commandLine": command})
        self.batch.add_task("barred", "t", "/bin/true")
        task = self.batch.wait_for_task("barred", "t")
        self.assertEqual(task["executionInfo"]["requeueCount"], 0)
        self.assertEqual(task["executionInfo"]["retryCount"], 0)
        results = {s["nodeId"]: s["jobPreparationTaskExecutionInfo"]["result"] for s in self.statuses("barred")}
        self.assertEqual(sorted(results.values()), ["failure", "success"])
        self.assertEqual(results[task["nodeInfo"]["nodeId"]], "success")
        for number in range(6):
            self.batch.add_task("barred", f"more{number}", "/bin/true")
        for number in range(6):
            more = self.batch.wait_for_task("barred", f"more{number}")
            self.assertEqual(more["nodeInfo"]["nodeId"], task["nodeInfo"]["nodeId"])

    # PREP-4
    def test_tasks_need_not_wait_for_it(self):
        gate = self.emulator.folder / "gate-beside"
        self.add_job("beside", jobPreparationTask={"commandLine": f"/bin/sh -c '{gated(gate)}; exit 1'", "waitForSuccess": False})
        self.batch.add_task("beside", "t", "/bin/true")
        self.assertEqual(self.batch.wait_for_task("beside", "t")["executionInfo"]["result"], "success")
        gate.touch()
        self.batch.add_task("beside", "u", "/bin/true")
        self.batch.wait_for_task("beside", "u")

    # PREP-6, START-2
    def test_it_is_tried_again_as_often_as_it_says(self):
        tries = self.emulator.folder / "tries"
        self.add_job("tries", jobPreparationTask={
            "id": "setup", "commandLine": f"/bin/sh -c 'echo x >> {tries}; test $(wc -l < {tries}) -ge 3'",
            "constraints": {"maxTaskRetryCount": 5},
        })
        self.batch.add_task("tries", "t", "/bin/true")
        self.batch.wait_for_task("tries", "t")
        info = self.statuses("tries")[0]["jobPreparationTaskExecutionInfo"]
        self.assertEqual((info["retryCount"], info["exitCode"]), (2, 0))

    # PREP-3, JOB-10
    def test_a_preparation_that_takes_too_long_has_failed(self):
        self.batch.add_pool("late", dedicated=1)
        self.add_job("late", "late", jobPreparationTask={
            "commandLine": "/bin/sleep 600", "constraints": {"maxWallClockTime": "PT0.2S"},
        })
        self.batch.add_task("late", "t", "/bin/true")
        info = wait_until(
            lambda: [s["jobPreparationTaskExecutionInfo"] for s in self.statuses("late", _filter="jobPreparationTaskExecutionInfo/state eq 'completed'")],
            20, "the end of the preparation")[0]
        self.assertEqual(info["failureInfo"]["code"], "MaxWallClockTimeExceeded")
        wait_until(lambda: self.batch.task("late", "t")["state"] == "active", 20, "the task's return")
        self.assertEqual(len(self.statuses("late")), 1)

    # JM-2
    def test_a_manager_that_is_ended_before_it_runs_ends_the_job(self):
        self.batch.add_pool("nobody", dedicated=0)
        self.add_job("unmanaged", "nobody", jobManagerTask={"id": "boss", "commandLine": "/bin/true"})
        self.batch.post("/jobs/unmanaged/tasks/boss/terminate").expect(204)
        self.assertEqual(self.job_is("unmanaged", "completed")["executionInfo"]["terminateReason"], "JMComplete")

    # REL-1, REL-4, PREP-2
    def test_what_cannot_be_is_refused(self):
        job = {"id": "refused", "poolInfo": {"poolId": "p"}}
        release = {"commandLine": "/bin/true"}
        self.refused(400, "InvalidPropertyValue", "/jobs", {**job, "jobReleaseTask": release})
        both = {"jobPreparationTask": {"commandLine": "/bin/true"}, "jobReleaseTask": release}
        self.refused(400, "InvalidPropertyValue", "/jobs", {**job, **both, "jobReleaseTask": {**release, "maxWallClockTime": "PT16M"}})
        self.batch.post("/jobs", {**job, **both}).expect(201)
        self.refused(409, "TaskIdSameAsJobPreparationTask", "/jobs/refused/tasks", {"id": "JobPreparation", "commandLine": "/bin/true"})
        self.refused(409, "TaskIdSameAsJobReleaseTask", "/jobs/refused/tasks", {"id": "jobrelease", "commandLine": "/bin/true"})
        self.add_job("plain")
        self.assertEqual(
            self.batch.get("/jobs/plain/jobpreparationandreleasetaskstatus").expect(409).json["code"],
            "JobPreparationTaskOrReleaseTaskNotSpecified",
        )

    def test_defaults_are_shown(self):
        self.add_job("defaults", jobPreparationTask={"commandLine": "a"}, jobReleaseTask={"commandLine": "b"},
                     jobManagerTask={"id": "m", "commandLine": "/bin/true", "killJobOnCompletion": False})
        job = self.batch.get("/jobs/defaults").json
        self.assertEqual(job["jobPreparationTask"]["id"], "jobpreparation")
        self.assertIs(job["jobPreparationTask"]["waitForSuccess"], True)
        self.assertEqual(job["jobReleaseTask"]["maxWallClockTime"], "PT15M")
        self.assertIs(job["jobManagerTask"]["runExclusive"], True)

    # JM-1, JM-2
    def test_the_end_of_the_manager_ends_the_job(self):
        gate = self.emulator.folder / "gate-manager"
        self.add_job("managed", jobManagerTask={"id": "boss", "commandLine": f"/bin/sh -c '{gated(gate)}'"})
        self.batch.wait_for_task("managed", "boss", "running")
        self.batch.add_task("managed", "t", "/bin/sleep 600")
        self.batch.wait_for_task("managed", "t", "running")
        gate.touch()
        job = self.job_is("managed", "completed")
        self.assertEqual(job["executionInfo"]["terminateReason"], "JMComplete")
        self.assertEqual(self.batch.task("managed", "boss")["executionInfo"]["result"], "success")
        self.assertEqual(self.batch.task("managed", "t")["executionInfo"]["failureInfo"]["code"], "TaskEnded")

    # JM-3, SLOT-5
    def test_a_manager_that_runs_alone_has_its_node_for_itself(self):
        gate = self.emulator.folder / "gate-alone"
        self.batch.add_pool("wide", dedicated=1, taskSlotsPerNode=4)
        self.add_job("alone", "wide", jobManagerTask={"id": "m", "commandLine": f"/bin/sh -c '{gated(gate)}'", "killJobOnCompletion": False})
        self.batch.wait_for_task("alone", "m", "running")
        self.batch.add_task("alone", "t", "/bin/true")
        self.add_job("other", "wide")
        self.batch.add_task("other", "t", "/bin/true")
        (node,) = self.batch.get("/pools/wide/nodes").json["value"]
        self.assertEqual((node["runningTasksCount"], node["runningTaskSlotsCount"]), (1, 1))
        self.assertEqual(self.batch.task("alone", "t")["state"], "active")
        gate.touch()
        for job in ("alone", "other"):
            self.batch.wait_for_task(job, "t")
        self.assertEqual(self.batch.get("/jobs/alone").json["state"], "active")

    # JM-4, SPOT-7
    def test_a_manager_may_shun_spot_nodes(self):
        self.batch.add_pool("spot", low_priority=1)
        self.add_job("shuns", "spot", jobManagerTask={"id": "m", "commandLine": "/bin/true", "allowLowPriorityNode": False, "killJobOnCompletion": False})
        self.batch.add_task("shuns", "t", "/bin/true")
        self.batch.wait_for_task("shuns", "t")
        self.assertEqual(self.batch.task("shuns", "m")["state"], "active")
        self.batch.post("/pools/spot/resize", {"targetDedicatedNodes": 1}).expect(202)
        self.batch.wait_for_task("shuns", "m")


if __name__ == "__main__":
    unittest.main()

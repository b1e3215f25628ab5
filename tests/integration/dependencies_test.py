"""Tasks that wait for others, and what the end of a task does to its job."""

import unittest

from emulator import Emulator, wait_until
from wire import Batch


class Dependencies(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator()
        cls.addClassCleanup(cls.emulator.end)
        cls.batch = Batch(cls.emulator.batch)
        cls.batch.add_pool("p", dedicated=2)

    def add_job(self, job, **members):
        self.job = job
        self.batch.add_job(job, "p", **members)

    def add(self, task, command="/bin/true", **members):
        self.batch.add_task(self.job, task, command, **members)

    def state(self, task):
        return self.batch.task(self.job, task)["state"]

    def job_info(self):
        return self.batch.get(f"/jobs/{self.job}").expect(200).json

    def wait_for_job(self, state):
        return wait_until(lambda: (job := self.job_info())["state"] == state and job, 20, f"job {state}")

    def ended_after(self, task, *others):
        """Whether a task began when all others were over."""
        began = self.batch.wait_for_task(self.job, task)["executionInfo"]["startTime"]
        ends = [self.batch.wait_for_task(self.job, other)["executionInfo"]["endTime"] for other in others]
        return all(end <= began for end in ends)

    def refused(self, status, code, path, body):
        answer = self.batch.post(path, body).expect(status)
        self.assertEqual(answer.json["code"], code)

    # TASK-43, TASK-44, TASK-45
    def test_a_task_runs_after_all_its_parents_whenever_they_were_added(self):
        self.add_job("d1", usesTaskDependencies=True)
        self.add("child", dependsOn={"taskIds": ["early", "LATE"]})
        self.add("early")
        self.batch.wait_for_task("d1", "early")
        self.assertEqual(self.state("child"), "active")
        self.add("late")
        self.assertTrue(self.ended_after("child", "early", "late"))
        shown = self.batch.task("d1", "child")
        self.assertEqual(shown["dependsOn"], {"taskIds": ["early", "LATE"]})

    # TASK-46
    def test_ranges_mean_numbers_and_not_texts(self):
        self.add_job("d2", usesTaskDependencies=True)
        self.add("after", dependsOn={"taskIdRanges": [{"start": 1, "end": 3}]})
        self.add("001")
        self.add("2")
        for task in ("001", "2"):
            self.batch.wait_for_task("d2", task)
        self.assertEqual(self.state("after"), "active")
        self.add("x3")
        self.batch.wait_for_task("d2", "x3")
        self.assertEqual(self.state("after"), "active")
        self.add("03")
        self.assertTrue(self.ended_after("after", "001", "2", "03"))

    # TASK-44, JOB-23
    def test_a_failed_parent_blocks_for_ever_and_the_job_goes_on(self):
        self.add_job("d3", usesTaskDependencies=True)
        self.add("parent", "/bin/false")
        self.add("child", dependsOn={"taskIds": ["parent"]})
        self.add("other")
        self.batch.wait_for_task("d3", "parent")
        self.batch.call("PATCH", "/jobs/d3", {"onAllTasksComplete": "terminatejob"}).expect(200)
        self.batch.wait_for_task("d3", "other")
        self.assertEqual(self.state("child"), "active")
        self.assertEqual(self.job_info()["state"], "active")

    # TASK-39, TASK-42
    def test_a_failed_parent_that_satisfies_lets_the_child_run(self):
        self.add_job("d4", usesTaskDependencies=True)
        self.add("parent", "/bin/sh -c 'exit 7'",
                 exitConditions={"exitCodes": [{"code": 7, "exitOptions": {"dependencyAction": "Satisfy"}}]})
        self.add("child", dependsOn={"taskIds": ["parent"]})
        self.batch.wait_for_task("d4", "child")
        parent = self.batch.task("d4", "parent")
        self.assertEqual(parent["executionInfo"]["result"], "failure")
        self.assertEqual(parent["exitConditions"],
                         {"exitCodes": [{"code": 7, "exitOptions": {"dependencyAction": "satisfy"}}]})

    # TASK-48
    def test_a_deleted_parent_stays_satisfied(self):
        self.add_job("d5", usesTaskDependencies=True)
        self.add("parent")
        self.batch.wait_for_task("d5", "parent")
        self.batch.call("DELETE", "/jobs/d5/tasks/parent").expect(200)
        self.add("child", dependsOn={"taskIds": ["parent"]})
        self.batch.wait_for_task("d5", "child")

    # TASK-49, TASK-32
    def test_a_reactivated_parent_that_succeeds_lets_the_child_run(self):
        self.add_job("d6", usesTaskDependencies=True)
        folder = self.emulator.folder
        self.add("parent", f"/bin/sh -c 'test -e {folder}/reactivate || exit 3'")
        self.add("child", dependsOn={"taskIds": ["parent"]})
        failed = self.batch.wait_for_task("d6", "parent")
        self.assertEqual(failed["executionInfo"]["exitCode"], 3)
        (folder / "reactivate").touch()
        answer = self.batch.post("/jobs/d6/tasks/parent/reactivate").expect(204)
        self.assertNotIn("dataserviceid", answer.headers)
        self.batch.wait_for_task("d6", "child")
        again = self.batch.task("d6", "parent")["executionInfo"]
        self.assertEqual((again["result"], again["exitCode"], again["retryCount"]), ("success", 0, 0))
        self.refused(409, "TaskSucceeded", "/jobs/d6/tasks/parent/reactivate", None)

    # TASK-32
    def test_only_what_is_over_can_be_reactivated(self):
        self.add_job("d7", usesTaskDependencies=True)
        self.add("waits", dependsOn={"taskIds": ["nobody"]})
        self.refused(409, "TaskNotCompleted", "/jobs/d7/tasks/waits/reactivate", None)
        self.batch.post("/jobs/d7/tasks/waits/terminate").expect(204)
        self.batch.post("/jobs/d7/tasks/waits/reactivate").expect(204)
        self.assertEqual(self.state("waits"), "active")
        self.batch.post("/jobs/d7/terminate").expect(202)
        self.wait_for_job("completed")
        self.batch.post("/jobs/d7/tasks/waits/reactivate").expect(409)

    # REST-40, JOB-28, TASK-47
    def test_what_the_job_does_not_allow_is_refused(self):
        self.add_job("d8")
        task = {"id": "t", "commandLine": "/bin/true"}
        self.refused(400, "TaskDependenciesNotSpecifiedOnJob", "/jobs/d8/tasks", {**task, "dependsOn": {"taskIds": ["a"]}})
        for options in ({"jobAction": "terminate"}, {"dependencyAction": "block"}):
            self.refused(400, "InvalidPropertyValue", "/jobs/d8/tasks", {**task, "exitConditions": {"default": options}})
        self.add_job("d9", usesTaskDependencies=True)
        self.refused(400, "TaskDependencyListTooLong", "/jobs/d9/tasks",
                     {**task, "dependsOn": {"taskIds": ["x" * 64] * 1001}})
        ranges = [{"start": number, "end": number} for number in range(1001)]
        self.refused(400, "TaskDependencyRangesTooLong", "/jobs/d9/tasks", {**task, "dependsOn": {"taskIdRanges": ranges}})
        self.batch.post("/jobs/d9/tasks", {**task, "dependsOn": {"taskIdRanges": ranges[:-1]}}).expect(201)
        self.refused(400, "InvalidPropertyValue", "/jobs/d9/tasks",
                     {**task, "dependsOn": {"taskIdRanges": [{"start": 2, "end": 1}]}})

    # JOB-25, JOB-26, JOB-27
    def test_a_failing_task_ends_its_job(self):
        self.add_job("e1", onTaskFailure="performexitoptionsjobaction")
        self.add("fine")
        self.batch.wait_for_task("e1", "fine")
        self.assertEqual(self.job_info()["state"], "active")
        self.add("fails", "/bin/false")
        job = self.wait_for_job("completed")
        self.assertEqual(job["executionInfo"]["terminateReason"], "TaskFailed")
        self.assertEqual(job["onTaskFailure"], "performexitoptionsjobaction")

    # TASK-24, TASK-38
    def test_the_most_special_condition_decides_and_only_after_the_last_try(self):
        self.add_job("e2", onTaskFailure="performexitoptionsjobaction")
        self.add("fails", "/bin/sh -c 'exit 5'", constraints={"maxTaskRetryCount": 2}, exitConditions={
            "exitCodes": [{"code": 5, "exitOptions": {"jobAction": "disable"}}],
            "exitCodeRanges": [{"start": 1, "end": 9, "exitOptions": {"jobAction": "terminate"}}],
            "default": {"jobAction": "none"},
        })
        job = self.wait_for_job("disabled")
        self.assertEqual(job["previousState"], "active")
        self.assertEqual(self.batch.task("e2", "fails")["executionInfo"]["retryCount"], 2)

    # TASK-38
    def test_a_missing_program_is_an_error_before_the_command(self):
        self.add_job("e3", onTaskFailure="performexitoptionsjobaction")
        self.add("missing", "/no/such/program", exitConditions={
            "preProcessingError": {"jobAction": "none"}, "default": {"jobAction": "terminate"},
        })
        self.batch.wait_for_task("e3", "missing")
        self.assertEqual(self.job_info()["state"], "active")
        self.add("fails", "/bin/false", exitConditions={"preProcessingError": {"jobAction": "none"}})
        self.wait_for_job("completed")


if __name__ == "__main__":
    unittest.main()

"""Rules of adding tasks, of what is shown of them, and of the states they go through."""

import unittest

from emulator import Emulator, gated, wait_until
from foreign_store import ForeignStore
from wire import Batch


class TaskRules(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator()
        cls.addClassCleanup(cls.emulator.end)
        cls.batch = Batch(cls.emulator.batch)
        cls.batch.add_pool("p", dedicated=2)
        cls.batch.add_pool("empty")
        cls.batch.add_job("j", "p")

    def add(self, task, job="j", **members):
        return self.batch.post(f"/jobs/{job}/tasks", {"id": task, "commandLine": "/bin/true", **members})

    def gate(self, name):
        return self.emulator.folder / f"gate-{name}"

    def execution(self, task, job="j"):
        return self.batch.task(job, task)["executionInfo"]

    # TASK-1, TASK-2, TASK-4
    def test_a_task_goes_through_its_states(self):
        prepare, run = self.gate("prepare"), self.gate("run")
        self.batch.add_job("states", "p", jobPreparationTask={"commandLine": f"/bin/sh -c '{gated(prepare)}'"})
        self.batch.post("/jobs/states/disable", {"disableTasks": "requeue"}).expect(202)
        wait_until(lambda: self.batch.get("/jobs/states").json["state"] == "disabled", 20, "a disabled job")
        self.batch.add_task("states", "t", f"/bin/sh -c '{gated(run)}; exit 3'")
        self.assertEqual(self.batch.task("states", "t")["state"], "active")
        self.batch.post("/jobs/states/enable").expect(202)
        self.batch.wait_for_task("states", "t", "preparing")
        prepare.touch()
        self.batch.wait_for_task("states", "t", "running")
        run.touch()
        task = self.batch.wait_for_task("states", "t")
        self.assertEqual((task["previousState"], task["executionInfo"]["result"]), ("running", "failure"))
        path = "/jobs/states/tasks/t"
        self.assertEqual(self.batch.post(f"{path}/terminate").expect(409).json["code"], "TaskCompleted")
        self.assertEqual(self.batch.call("PUT", path, {"constraints": {}}).expect(409).json["code"], "TaskCompleted")
        self.batch.post(f"{path}/reactivate").expect(204)
        self.batch.wait_for_task("states", "t")

    # TASK-1, TASK-2, TASK-50
    def test_tasks_that_wait_for_each_other_are_active_for_ever(self):
        self.batch.add_job("circle", "p", usesTaskDependencies=True)
        for task, other in (("a", "b"), ("b", "c"), ("c", "a"), ("self", "self")):
            self.add(task, "circle", dependsOn={"taskIds": [other]}).expect(201)
        self.add("free", "circle").expect(201)
        self.batch.wait_for_task("circle", "free")
        for task in ("a", "b", "c", "self"):
            self.assertEqual(self.batch.task("circle", task)["state"], "active")
        self.assertEqual(self.batch.get("/jobs/circle/taskcounts").json["taskCounts"]["active"], 4)
        for state in ("blocked", "failed"):
            self.batch.get("/jobs/circle/tasks", **{"$filter": f"state eq '{state}'"}).expect(400)

    # TASK-3, TASK-13
    def test_a_task_is_running_while_its_files_come(self):
        store = ForeignStore()
        self.addCleanup(store.stop)
        store.bodies["/data"] = b"data"
        store.gate.clear()
        self.add("downloads", resourceFiles=[{"httpUrl": store.url("/data"), "filePath": "data"}]).expect(201)
        wait_until(lambda: store.asked == ["/data"], 20, "the download")
        task = self.batch.task("j", "downloads")
        self.assertEqual(task["state"], "running")
        self.assertIn("startTime", task["executionInfo"])
        store.gate.set()
        done = self.batch.wait_for_task("j", "downloads")["executionInfo"]
        self.assertEqual((done["startTime"], done["exitCode"]), (task["executionInfo"]["startTime"], 0))

    # TASK-8
    def test_adding_a_task_answers_without_a_body(self):
        answer = self.add("Twice").expect(201)
        self.assertEqual(answer.body, b"")
        self.assertTrue(answer.headers["location"].endswith("/jobs/j/tasks/Twice"))
        self.assertEqual(self.add("tWICE").expect(409).json["code"], "TaskExists")

    # TASK-10
    def test_tasks_have_an_id_and_a_command_and_nothing_unknown(self):
        for missing in ("id", "commandLine"):
            body = {"id": "t", "commandLine": "/bin/true"}
            del body[missing]
            error = self.batch.post("/jobs/j/tasks", body).expect(400).json
            self.assertEqual(error["code"], "MissingRequiredProperty")
            self.assertIn({"key": "PropertyName", "value": missing}, error["values"])
        self.assertEqual(self.add("t", colour="red").expect(400).json["code"], "InvalidRequestBody")

    # TASK-13
    def test_what_is_shown_of_a_run_is_what_there_was(self):
        self.batch.add_job("never", "empty")
        self.add("waits", "never").expect(201)
        self.assertEqual(self.execution("waits", "never"), {"retryCount": 0, "requeueCount": 0})
        gate = self.gate("shown")
        self.add("runs", commandLine=f"/bin/sh -c '{gated(gate)}'").expect(201)
        running = self.batch.wait_for_task("j", "runs", "running")["executionInfo"]
        self.assertEqual(set(running), {"startTime", "retryCount", "requeueCount"})
        gate.touch()
        done = self.batch.wait_for_task("j", "runs")["executionInfo"]
        self.assertEqual(set(done), {"startTime", "endTime", "exitCode", "result", "retryCount", "requeueCount"})
        self.assertLessEqual(done["startTime"], done["endTime"])
        self.add("missing", commandLine="no-such-program").expect(201)
        failed = self.batch.wait_for_task("j", "missing")["executionInfo"]
        self.assertEqual(set(failed), {"startTime", "endTime", "result", "failureInfo", "retryCount", "requeueCount"})
        self.assertEqual(set(failed["failureInfo"]) - {"details"}, {"category", "code", "message"})

    # TASK-13
    def test_times_of_retries_and_requeues_come_with_their_counts(self):
        gate = self.gate("requeued")
        self.batch.add_job("again", "p")
        self.add("retried", "again", commandLine="/bin/false", constraints={"maxTaskRetryCount": 2}).expect(201)
        retried = self.batch.wait_for_task("again", "retried")["executionInfo"]
        self.assertEqual((retried["retryCount"], retried["requeueCount"]), (2, 0))
        self.assertIn("lastRetryTime", retried)
        self.assertNotIn("lastRequeueTime", retried)
        self.add("requeued", "again", commandLine=f"/bin/sh -c '{gated(gate)}'").expect(201)
        self.batch.wait_for_task("again", "requeued", "running")
        self.batch.post("/jobs/again/disable", {"disableTasks": "requeue"}).expect(202)
        waiting = self.batch.wait_for_task("again", "requeued", "active")["executionInfo"]
        self.assertEqual(set(waiting), {"retryCount", "requeueCount", "lastRequeueTime"})
        self.assertEqual((waiting["retryCount"], waiting["requeueCount"]), (0, 1))

    # TASK-33
    def test_failures_are_the_users_or_the_servers(self):
        store = ForeignStore()
        self.addCleanup(store.stop)
        store.refusals["/bad"] = [400]
        self.add("users", commandLine="no-such-program").expect(201)
        self.add("servers", resourceFiles=[{"httpUrl": store.url("/bad"), "filePath": "bad"}]).expect(201)
        failures = [self.batch.wait_for_task("j", task)["executionInfo"]["failureInfo"] for task in ("users", "servers")]
        self.assertEqual([(failure["category"], failure["code"]) for failure in failures],
                         [("UserError", "CommandProgramNotFound"), ("ServerError", "BlobDownloadMiscError")])

    # TASK-41
    def test_exit_conditions_are_shown_as_they_were_given(self):
        self.batch.add_job("conditions", "p", usesTaskDependencies=True, onTaskFailure="performexitoptionsjobaction")
        given = {"exitCodes": [{"code": 3, "exitOptions": {"dependencyAction": "satisfy"}}],
                 "exitCodeRanges": [{"start": 4, "end": 9, "exitOptions": {"jobAction": "none"}}]}
        self.add("t", "conditions", exitConditions=given).expect(201)
        self.assertEqual(self.batch.task("conditions", "t")["exitConditions"], given)
        self.assertEqual(self.batch.wait_for_task("conditions", "t")["exitConditions"], given)

    # TASK-51
    def test_a_task_runs_as_a_named_user_or_as_one_made_for_it(self):
        automatic = {"scope": "task", "elevationLevel": "admin"}
        self.add("both", userIdentity={"username": "ann", "autoUser": automatic}).expect(400)
        self.add("made", userIdentity={"autoUser": automatic}).expect(201)
        self.assertEqual(self.batch.task("j", "made")["userIdentity"], {"autoUser": automatic})
        self.add("usual").expect(201)
        self.assertEqual(self.batch.task("j", "usual")["userIdentity"], {"autoUser": {"scope": "pool", "elevationLevel": "nonadmin"}})


if __name__ == "__main__":
    unittest.main()

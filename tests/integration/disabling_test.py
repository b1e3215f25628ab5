"""Jobs that are disabled and enabled."""

import unittest

from emulator import Emulator, gated, wait_until
from wire import Batch


class Disabling(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator()
        cls.addClassCleanup(cls.emulator.end)
        cls.batch = Batch(cls.emulator.batch)
        cls.batch.add_pool("p", dedicated=2)

    def start_job(self, job, ends=True):
        """A job with a task that runs until the job's gate opens."""
        self.gate = self.emulator.folder / f"gate-{job}"
        self.job = job
        self.batch.add_job(job, "p")
        self.batch.add_task(job, "t", f"/bin/sh -c '{gated(self.gate)}'")
        self.batch.wait_for_task(job, "t", "running")

    def disable(self, tasks):
        return self.batch.post(f"/jobs/{self.job}/disable", {"disableTasks": tasks})

    def wait_for(self, state):
        return wait_until(
            lambda: (job := self.batch.get(f"/jobs/{self.job}").json)["state"] == state and job, 20, f"job {state}"
        )

    # JOB-29, JOB-30, POOL-22
    def test_requeue_lets_the_task_begin_anew(self):
        self.start_job("requeue")
        tag = self.batch.get("/jobs/requeue").headers["etag"]
        answer = self.disable("requeue").expect(202)
        self.assertNotEqual(answer.headers["etag"], tag)
        self.assertEqual(self.wait_for("disabled")["previousState"], "active")
        task = self.batch.task("requeue", "t")
        self.assertEqual(task["state"], "active")
        self.assertEqual(task["executionInfo"]["requeueCount"], 1)
        self.assertEqual(task["executionInfo"]["retryCount"], 0)
        self.gate.touch()
        self.batch.post("/jobs/requeue/enable").expect(202)
        self.assertEqual(self.batch.wait_for_task("requeue", "t")["executionInfo"]["result"], "success")
        self.assertEqual(self.wait_for("active")["previousState"], "disabled")

    # JOB-30
    def test_terminate_ends_the_task(self):
        self.start_job("terminate")
        self.disable("Terminate").expect(202)
        self.wait_for("disabled")
        task = self.batch.task("terminate", "t")
        self.assertEqual(task["state"], "completed")
        self.assertEqual(task["executionInfo"]["failureInfo"]["code"], "TaskEnded")

    # JOB-30, JOB-31
    def test_wait_lets_it_finish_and_the_choice_may_change_meanwhile(self):
        self.start_job("wait")
        self.disable("wait").expect(202)
        self.assertEqual(self.batch.get("/jobs/wait").json["state"], "disabling")
        self.gate.touch()
        self.wait_for("disabled")
        self.assertEqual(self.batch.task("wait", "t")["executionInfo"]["result"], "success")
        self.start_job("change")
        self.disable("wait").expect(202)
        self.disable("terminate").expect(202)
        self.wait_for("disabled")
        self.assertEqual(self.batch.task("change", "t")["executionInfo"]["result"], "failure")

    # JOB-32
    def test_tasks_that_are_added_wait(self):
        self.batch.add_job("later", "p")
        self.job = "later"
        self.disable("requeue").expect(202)
        self.wait_for("disabled")
        self.batch.add_task("later", "t", "/bin/true")
        self.batch.add_job("other", "p")
        self.batch.add_task("other", "t", "/bin/true")
        self.batch.wait_for_task("other", "t")
        self.assertEqual(self.batch.task("later", "t")["state"], "active")
        self.batch.post("/jobs/later/enable").expect(202)
        self.batch.wait_for_task("later", "t")

    # JOB-19
    def test_a_job_whose_tasks_ended_meanwhile_ends_when_it_is_enabled(self):
        self.start_job("ends")
        self.disable("wait").expect(202)
        self.batch.call("PATCH", "/jobs/ends", {"onAllTasksComplete": "terminatejob"}).expect(200)
        self.gate.touch()
        self.wait_for("disabled")
        self.batch.post("/jobs/ends/enable").expect(202)
        self.assertEqual(self.wait_for("completed")["executionInfo"]["terminateReason"], "AllTasksComplete")

    # JOB-17
    def test_a_disabled_job_moves_to_another_pool(self):
        self.batch.add_pool("p2", dedicated=1)
        self.batch.add_job("moves", "p")
        self.job = "moves"
        move = {"poolInfo": {"poolId": "p2"}}
        self.batch.call("PATCH", "/jobs/moves", move).expect(409)
        self.disable("requeue").expect(202)
        self.wait_for("disabled")
        self.batch.call("PATCH", "/jobs/moves", move).expect(200)
        self.batch.post("/jobs/moves/enable").expect(202)
        self.batch.add_task("moves", "t", "/bin/true")
        self.assertEqual(self.batch.wait_for_task("moves", "t")["nodeInfo"]["poolId"], "p2")

    # JOB-6, JOB-29, JOB-33
    def test_states_that_do_not_allow_it_are_conflicts(self):
        self.batch.add_job("states", "p")
        self.job = "states"
        self.batch.post("/jobs/states/enable").expect(409)
        self.assertEqual(self.batch.post("/jobs/states/disable", {}).expect(400).json["code"], "MissingRequiredProperty")
        self.assertEqual(self.disable("sometimes").expect(400).json["code"], "InvalidPropertyValue")
        self.batch.post("/jobs/states/terminate").expect(202)
        self.wait_for("completed")
        self.assertEqual(self.disable("requeue").expect(409).json["code"], "JobCompleted")
        self.assertEqual(self.batch.post("/jobs/states/enable").expect(409).json["code"], "JobCompleted")
        self.batch.post("/jobs/nobody/enable").expect(404)


if __name__ == "__main__":
    unittest.main()

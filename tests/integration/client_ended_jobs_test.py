"""What the client says of tasks that will never run: their job has ended, or is gone."""

import json
import unittest

from client_commands import TASK_FAILED, UNREACHABLE, Commands
from emulator import wait_until


class EndedJobs(Commands):
    arguments = ("--log-level", "info")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.batch.add_pool("pool", dedicated=1)
        cls.batch.add_pool("empty")

    def make_job(self, name, pool="empty", tasks=("t",)):
        self.client("job", "create", name, "--pool", pool)
        for task in tasks:
            self.client("task", "create", name, task, "--command", "/bin/true")
        return name

    def end(self, job):
        self.client("job", "terminate", job)
        self.wait_for_job(job, "completed")

    def test_a_job_that_ended_before_its_tasks_ran_has_not_succeeded(self):
        job = self.make_job("unrun", tasks=("a", "b"))
        self.end(job)
        for verb in ("wait", "watch"):
            run = self.client("job", verb, job, status=UNREACHABLE)
            self.assertIn("2 of 2 tasks of job unrun never ran", run.stdout)
            self.assertIn("(UserTerminate)", run.stdout)
            self.assertNotIn("succeeded.", run.stdout)
        hint = run.stdout.split("'")[1].split()
        self.assertEqual([task["id"] for task in self.client_json(*hint[1:])], ["a", "b"])
        self.assertEqual(self.client_json("job", "wait", job, status=UNREACHABLE),
                         {"id": job, "succeeded": 0, "failed": 0, "unfinished": 2})

    def test_tasks_that_failed_are_named_beside_those_that_never_ran(self):
        job = self.make_job("mixed", "pool", tasks=())
        self.client("task", "create", job, "bad", "--command", "/bin/false")
        self.client("task", "wait", job, "bad", status=TASK_FAILED)
        self.client("pool", "resize", "pool", "--nodes", "0", "--wait")
        self.addCleanup(self.client, "pool", "resize", "pool", "--nodes", "1")
        self.client("task", "create", job, "late", "--command", "/bin/true")
        self.end(job)
        run = self.client("job", "wait", job, status=UNREACHABLE)
        self.assertIn("1 of 2 tasks of job mixed never ran", run.stdout)
        self.assertIn("1 of 2 tasks of job mixed failed.", run.stdout)

    def test_a_task_that_can_t_run_any_more_is_not_waited_for(self):
        job = self.make_job("over")
        self.end(job)
        for arguments in (("task", "wait", job, "t"), ("task", "logs", job, "t", "-f")):
            run = self.client(*arguments, status=UNREACHABLE, seconds=20)
            self.assertIn("Task t can't run any more: the job has ended (UserTerminate).", run.stderr)

    def test_a_job_that_ends_or_goes_while_it_is_waited_for(self):
        for ending in ("terminate", "delete"):
            for number, words in enumerate((("task", "wait"), ("task", "logs", "-f"))):
                job = self.make_job(f"{ending}{number}")
                waiting = self.start(*words, job, "t")
                looked = f"GET /jobs/{job}/tasks/t?"
                wait_until(lambda: looked in self.emulator.output(), 20, "a look at the task")
                self.client("job", ending, job)
                _, err = waiting.communicate(timeout=20)
                self.assertEqual(waiting.returncode, UNREACHABLE, err)
                self.assertIn(b"the job has ended", err)

    def test_a_job_that_is_deleted_while_it_is_watched(self):
        job = self.make_job("watched")
        watching = self.start("job", "watch", job)
        self.assertIn(b"1 waiting", watching.stdout.readline())
        self.client("job", "delete", job)
        _, err = watching.communicate(timeout=20)
        self.assertEqual(watching.returncode, UNREACHABLE, err)
        self.assertIn(b"Job watched was deleted before its tasks were done.", err)

    def test_transcode_ends_with_its_job(self):
        (self.folder / "in").mkdir()
        (self.folder / "in" / "a.mp4").write_bytes(b"film")
        for ending, said in (("delete", "Job [films] is gone"), ("terminate", "Job [films] has ended")):
            # On a pool without nodes the task waits for ever.
            run = self.start("transcode", "--input", str(self.folder / "in"), "--output", str(self.folder / "out"), "--json",
                             "--pool-id", "empty", "--job-id", "films", "--yes")
            while b"Monitoring" not in (line := run.stderr.readline()):
                self.assertTrue(line, "it ended before it had a job")
            self.client("job", ending, "films")
            out, err = run.communicate(timeout=30)
            self.assertEqual(run.returncode, UNREACHABLE, err)
            self.assertIn(said, json.loads(out)["error"])


if __name__ == "__main__":
    unittest.main()

"""Rules of the runs of tasks: exit codes, tries, and what is not tried again."""

import http.client
import json
import signal
import unittest

from emulator import Emulator, gated, wait_until
from wire import Batch, Blob


class TaskRuns(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator("--spot-return-delay", "60m")
        cls.addClassCleanup(cls.emulator.end)
        cls.batch = Batch(cls.emulator.batch)
        cls.blob = Blob(cls.emulator.blob)
        cls.batch.add_pool("p", dedicated=2)
        cls.batch.add_job("j", "p")

    def file(self, name):
        return self.emulator.folder / name

    def run_task(self, task, command, **members):
        self.batch.add_task("j", task, command, **members)
        return self.batch.wait_for_task("j", task)["executionInfo"]

    def container(self, name):
        self.blob.create_container(name)
        return self.blob.url(name, self.blob.container_sas(name))

    def output(self, container, pattern, condition="taskcompletion", **destination):
        return {"filePattern": pattern, "destination": {"container": {"containerUrl": container, **destination}},
                "uploadOptions": {"uploadCondition": condition}}

    def close_node(self, pool, node):
        """Lets it finish what it runs and start nothing more."""
        self.batch.post(f"/pools/{pool}/nodes/{node}/disablescheduling", {"nodeDisableSchedulingOption": "taskcompletion"}).expect(200)

    def fail_on_closed_node(self, job, pool, retries=1):
        """A task whose first try fails on a node that takes no other; the node's id."""
        gate = self.file(f"gate-{job}")
        self.batch.add_job(job, pool)
        self.batch.add_task(job, "t", f"/bin/sh -c '{gated(gate)}; echo $AZ_BATCH_NODE_ID; exit 5'",
                            constraints={"maxTaskRetryCount": retries})
        node = self.batch.wait_for_task(job, "t", "running")["nodeInfo"]["nodeId"]
        self.close_node(pool, node)
        gate.touch()
        return node

    # TASK-14, TASK-21
    def test_between_two_tries_a_task_is_active_and_shows_no_outcome(self):
        self.batch.add_pool("one", dedicated=1)
        node = self.fail_on_closed_node("between", "one")
        task = self.batch.wait_for_task("between", "t", "active")
        self.assertEqual(task["executionInfo"]["retryCount"], 1)
        for member in ("exitCode", "result", "failureInfo", "endTime"):
            self.assertNotIn(member, task["executionInfo"])
        self.batch.post(f"/pools/one/nodes/{node}/enablescheduling").expect(200)
        execution = self.batch.wait_for_task("between", "t")["executionInfo"]
        self.assertEqual((execution["exitCode"], execution["retryCount"]), (5, 1))

    # TASK-21, FILE-8
    def test_the_next_try_may_be_on_another_node_with_files_of_its_own(self):
        self.batch.add_pool("two", dedicated=2)
        first = self.fail_on_closed_node("moves", "two")
        second = self.batch.wait_for_task("moves", "t")["nodeInfo"]["nodeId"]
        self.assertNotEqual(first, second)
        self.assertEqual(self.batch.file("moves", "t", "stdout.txt").decode().split(), [second])

    # TASK-15
    def test_a_task_may_fail_with_exit_code_zero(self):
        lost = self.blob.url("lost", self.blob.account_sas())
        execution = self.run_task("zero", "/bin/sh -c 'echo x > out'", outputFiles=[self.output(lost, "out")])
        self.assertEqual((execution["exitCode"], execution["result"]), (0, "failure"))

    # TASK-17, ENV-13
    def test_a_signal_is_a_negative_exit_code_unless_a_shell_reports_it(self):
        killed = self.run_task("killed", "/bin/sh -c 'kill -9 $$'")
        self.assertEqual((killed["exitCode"], killed["failureInfo"]["code"]), (-signal.SIGKILL, "FailureExitCode"))
        told = self.run_task("told", "/bin/sh -c \"/bin/sh -c 'kill -9 $$'; exit $?\"")
        self.assertEqual(told["exitCode"], 128 + signal.SIGKILL)

    # TASK-18, TASK-26, ENV-14
    def test_a_task_that_takes_too_long_is_killed_at_once_and_not_tried_again(self):
        constraints = {"maxWallClockTime": "PT0.2S", "maxTaskRetryCount": 3}
        late = self.run_task("late", "/bin/sh -c 'trap \"\" TERM INT; while :; do sleep 600; done'", constraints=constraints)
        self.assertEqual((late["exitCode"], late["result"], late["retryCount"]), (-signal.SIGKILL, "failure", 0))
        self.assertEqual(late["failureInfo"]["code"], "MaxWallClockTimeExceeded")

    # TASK-19
    def test_n_retries_are_n_plus_one_runs(self):
        marks = self.file("runs")
        command = f"/bin/sh -c 'echo x >> {marks}; exit 1'"
        execution = self.run_task("runs", command, constraints={"maxTaskRetryCount": 2})
        self.assertEqual((execution["retryCount"], execution["failureInfo"]["code"]), (2, "FailureExitCode"))
        self.assertEqual(len(marks.read_text().split()), 3)
        self.assertEqual(self.run_task("once", "/bin/false")["retryCount"], 0)

    # TASK-22, ENV-4
    def test_each_try_begins_with_nothing_but_its_resource_files(self):
        source = self.container("each-try")
        self.blob.put("each-try/in.txt", b"fresh").expect(201)
        tries = self.file("each-try")
        command = (f"/bin/sh -c 'echo x >> {tries}; ls; cat in.txt; echo spoilt > in.txt; touch left; "
                   f"test $(wc -l < {tries}) -eq 2'")
        execution = self.run_task("each-try", command, constraints={"maxTaskRetryCount": 1},
                                  resourceFiles=[{"storageContainerUrl": source}])
        self.assertEqual((execution["exitCode"], execution["retryCount"]), (0, 1))
        self.assertEqual(self.batch.file("j", "each-try", "stdout.txt"), b"in.txt\nfresh")

    # TASK-23
    def test_a_lost_node_costs_no_try(self):
        gate = self.file("gate-lost")
        self.batch.add_pool("spot", low_priority=2)
        self.batch.add_job("lost", "spot")
        self.batch.add_task("lost", "t", f"/bin/sh -c '{gated(gate)}'")
        first = self.batch.wait_for_task("lost", "t", "running")["nodeInfo"]["nodeId"]
        address = self.batch.address
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
        connection.request("POST", "/_bluebatch/preempt", json.dumps({"pool": "spot", "nodes": [first]}))
        self.assertEqual(connection.getresponse().status, 200)
        connection.close()
        wait_until(lambda: self.batch.task("lost", "t")["nodeInfo"]["nodeId"] != first, 20, "a run elsewhere")
        gate.touch()
        execution = self.batch.wait_for_task("lost", "t")["executionInfo"]
        self.assertEqual((execution["result"], execution["retryCount"], execution["requeueCount"]), ("success", 0, 0))

    # TASK-25
    def test_every_try_uploads_its_files(self):
        results = self.container("tries")
        tries = self.file("uploads")
        command = f"/bin/sh -c 'echo x >> {tries}; n=$(wc -l < {tries}); echo $n > last; touch try-$n; exit 1'"
        self.run_task("uploads", command, constraints={"maxTaskRetryCount": 1}, outputFiles=[
            self.output(results, "try-*", "taskfailure"), self.output(results, "last", "taskcompletion", path="last")])
        self.assertEqual(self.blob.names("tries"), ["last", "try-1", "try-2"])
        self.assertEqual(self.blob.get("tries/last").body, b"2\n")

    # TASK-36, RES-8
    def test_a_failure_before_the_command_is_the_end(self):
        self.container("nothing")
        marks = self.file("never")
        missing = [{"httpUrl": self.blob.url("nothing/none", self.blob.container_sas("nothing")), "filePath": "in"}]
        for task, command, files, code in (
            ("no-file", f"/bin/touch {marks}", missing, "BlobNotFound"),
            ("no-program", "no-such-program", [], "CommandProgramNotFound"),
        ):
            with self.subTest(task):
                execution = self.run_task(task, command, constraints={"maxTaskRetryCount": 3}, resourceFiles=files)
                self.assertEqual((execution["result"], execution["failureInfo"]["code"]), ("failure", code))
                self.assertEqual(execution["retryCount"], 0)
                self.assertNotIn("exitCode", execution)
        self.assertFalse(marks.exists())
        self.assertEqual(self.batch.get("/jobs/j/tasks/no-file/files/stdout.txt").expect(404).json["code"], "FileNotFound")


if __name__ == "__main__":
    unittest.main()

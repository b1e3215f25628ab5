"""Rules of what a command finds on its node: variables and what expands them, and how its command line is read."""

import unittest

from emulator import Emulator, is_running, wait_until
from wire import Batch

OF_EVERY_TASK = {
    "AZ_BATCH_ACCOUNT_NAME", "AZ_BATCH_ACCOUNT_URL", "AZ_BATCH_CERTIFICATES_DIR", "AZ_BATCH_NODE_ID", "AZ_BATCH_NODE_IS_DEDICATED",
    "AZ_BATCH_NODE_MOUNTS_DIR", "AZ_BATCH_NODE_ROOT_DIR", "AZ_BATCH_NODE_SHARED_DIR", "AZ_BATCH_NODE_STARTUP_DIR",
    "AZ_BATCH_NODE_STARTUP_WORKING_DIR", "AZ_BATCH_POOL_ID", "AZ_BATCH_RESERVED_DISK_SPACE_BYTES", "AZ_BATCH_TASK_DIR",
    "AZ_BATCH_TASK_RESERVED_EPHEMERAL_DISK_SPACE_BYTES", "AZ_BATCH_TASK_WORKING_DIR",
}
OF_JOBS = {"AZ_BATCH_JOB_ID", "AZ_BATCH_TASK_ID"}
OF_PREPARED_JOBS = {"AZ_BATCH_JOB_PREP_DIR", "AZ_BATCH_JOB_PREP_WORKING_DIR"}


class TaskEnvironment(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator()
        cls.addClassCleanup(cls.emulator.end)
        cls.batch = Batch(cls.emulator.batch)
        cls.batch.add_pool("p", dedicated=1)
        cls.batch.add_job("j", "p", commonEnvironmentSettings=[
            {"name": "OF_JOB", "value": "job"}, {"name": "OF_BOTH", "value": "job"}])

    def run_task(self, task, command, expected=0, **members):
        """What a task says."""
        self.batch.add_task("j", task, command, **members)
        self.assertEqual(self.batch.wait_for_task("j", task)["executionInfo"].get("exitCode"), expected)
        return self.batch.file("j", task, "stdout.txt").decode()

    def failure(self, task, command, **members):
        self.batch.add_task("j", task, command, **members)
        execution = self.batch.wait_for_task("j", task)["executionInfo"]
        self.assertNotIn("exitCode", execution)
        return execution["failureInfo"]["code"]

    def variables(self, text):
        return dict(line.split("=", 1) for line in text.splitlines() if line.startswith("AZ_BATCH_"))

    # ENV-6, ENV-1
    def test_each_kind_of_task_has_its_variables(self):
        texts = {name: self.emulator.folder / f"env-{name}" for name in ("start", "prepare", "task", "release")}
        command = {name: f"/bin/sh -c 'env > {file}.part; mv {file}.part {file}'" for name, file in texts.items()}
        self.batch.add_pool("kinds", low_priority=1, startTask={"commandLine": command["start"], "waitForSuccess": True})
        self.batch.add_job("kinds", "kinds", jobPreparationTask={"commandLine": command["prepare"]},
                           jobReleaseTask={"commandLine": command["release"]})
        self.batch.add_task("kinds", "t", command["task"])
        place = self.batch.wait_for_task("kinds", "t")["nodeInfo"]
        self.batch.post("/jobs/kinds/terminate").expect(202)
        wait_until(texts["release"].exists, 20, "the release")
        found = {name: self.variables(file.read_text()) for name, file in texts.items()}
        self.assertEqual(set(found["start"]), OF_EVERY_TASK)
        self.assertEqual(set(found["prepare"]), OF_EVERY_TASK | OF_JOBS)
        self.assertEqual(set(found["task"]), OF_EVERY_TASK | OF_JOBS | OF_PREPARED_JOBS)
        self.assertEqual(set(found["release"]), OF_EVERY_TASK | OF_JOBS | OF_PREPARED_JOBS)
        task, root = found["task"], found["task"]["AZ_BATCH_NODE_ROOT_DIR"]
        self.assertEqual((task["AZ_BATCH_NODE_ID"], task["AZ_BATCH_POOL_ID"], task["AZ_BATCH_NODE_IS_DEDICATED"]), (place["nodeId"], "kinds", "false"))
        self.assertEqual((task["AZ_BATCH_JOB_ID"], task["AZ_BATCH_TASK_ID"]), ("kinds", "t"))
        self.assertEqual((found["prepare"]["AZ_BATCH_TASK_ID"], found["release"]["AZ_BATCH_TASK_ID"]), ("jobpreparation", "jobrelease"))
        self.assertEqual(task["AZ_BATCH_JOB_PREP_DIR"], found["prepare"]["AZ_BATCH_TASK_DIR"])
        self.assertEqual(task["AZ_BATCH_TASK_DIR"], f"{root}/workitems/kinds/job-1/t")
        self.assertEqual(found["start"]["AZ_BATCH_TASK_DIR"], task["AZ_BATCH_NODE_STARTUP_DIR"])
        self.assertEqual(self.batch.account, task["AZ_BATCH_ACCOUNT_NAME"])

    # ENV-8
    def test_the_nearest_setting_wins_and_none_replaces_the_services_own(self):
        said = self.run_task("settings", "/bin/sh -c 'echo $OF_JOB $OF_BOTH $AZ_BATCH_TASK_ID ${EMPTY-unset} ${UNSET-unset}'", environmentSettings=[
            {"name": "OF_BOTH", "value": "task"}, {"name": "AZ_BATCH_TASK_ID", "value": "mine"}, {"name": "EMPTY"}])
        self.assertEqual(said, "job task settings unset\n")

    # ENV-9
    def test_settings_refer_to_others_but_not_in_a_circle(self):
        said = self.run_task("refers", "/bin/sh -c 'echo $DATA'", environmentSettings=[
            {"name": "DATA", "value": "$BASE/${OF_JOB}"}, {"name": "BASE", "value": "$AZ_BATCH_NODE_SHARED_DIR"}])
        self.assertTrue(said.endswith("/shared/job\n"), said)
        circle = [{"name": "A", "value": "$B"}, {"name": "B", "value": "$A"}]
        self.assertEqual(self.failure("circle", "/bin/true", environmentSettings=circle), "CommandLaunchFailed")

    # ENV-10, ENV-4
    def test_a_task_is_at_home_in_its_working_directory(self):
        home, here, content, path = self.run_task("home", "/bin/sh -c 'echo $HOME; pwd; ls -A | wc -l; echo $PATH'").splitlines()
        self.assertEqual(home, here)
        self.assertTrue(here.endswith("/workitems/j/job-1/home/wd"), here)
        self.assertEqual(content.strip(), "0")
        self.assertIn("/bin", path.split(":"))

    # ENV-11
    def test_only_a_shell_does_what_shells_do(self):
        literal = self.run_task("literal", "/bin/echo $AZ_BATCH_TASK_ID * > file && /bin/echo | cat")
        self.assertEqual(literal, "$AZ_BATCH_TASK_ID * > file && /bin/echo | cat\n")
        self.assertEqual(self.run_task("shell", "/bin/sh -c 'echo $AZ_BATCH_TASK_ID > file && cat file | wc -l'").strip(), "1")

    # ENV-12
    def test_words_are_split_at_blanks_unless_quoted(self):
        said = self.run_task("words", "printf <%s> one  'two three' \"four 'five'\" six\"seven eight\"")
        self.assertEqual(said, "<one><two three><four 'five'><sixseven eight>")
        self.assertEqual(self.failure("missing", "no-such-program one"), "CommandProgramNotFound")
        self.assertEqual(self.failure("missing-path", "./no-such-program"), "CommandProgramNotFound")

    # ENV-13
    def test_input_is_empty_and_what_is_left_behind_ends(self):
        self.assertEqual(self.run_task("input", "/bin/sh -c 'cat; echo read'"), "read\n")
        child = int(self.run_task("leaves", "/bin/sh -c 'sleep 600 >/dev/null 2>&1 & echo $!'"))
        wait_until(lambda: not is_running(child), 10, "the end of the child")
        leaving = "setsid sh -c \"echo \\$\\$ > pid; exec sleep 600\" >/dev/null 2>&1 &"
        daemon = int(self.run_task("daemon", f"/bin/sh -c '{leaving} while [ ! -s pid ]; do sleep 0.01; done; cat pid'"))
        self.run_task("after", "/bin/true")
        self.assertTrue(is_running(daemon))

    # ENV-14
    def test_whoever_ignores_signals_is_killed_with_its_children(self):
        pids = self.emulator.folder / "pids"
        ignoring = "trap \"\" TERM INT HUP"
        self.batch.add_task("j", "ignores", f"/bin/sh -c '{ignoring}; (while :; do sleep 600; done) & echo $! $$ > {pids}; wait'")
        wait_until(lambda: pids.exists() and len(pids.read_text().split()) == 2, 20, "two processes")
        self.batch.post("/jobs/j/tasks/ignores/terminate").expect(204)
        self.assertEqual(self.batch.wait_for_task("j", "ignores")["executionInfo"]["exitCode"], -9)
        wait_until(lambda: not any(map(is_running, pids.read_text().split())), 10, "the end of both")


if __name__ == "__main__":
    unittest.main()

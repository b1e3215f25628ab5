"""bluebatch pool, node, job, task, file and account against a running emulator, as people and scripts run them."""

import json
import signal
import unittest

from client_commands import INTERRUPTED, TASK_FAILED, UNREACHABLE, USAGE, Commands, run_client
from client_runs import keys_in
from emulator import BATCH_KEY, clean_environment, gated, wait_until


class Pools(Commands):
    def test_a_pool_from_its_making_to_its_end(self):
        self.assertIn("Pool life created.", self.client("pool", "create", "life", "--nodes", "1", "--wait").stdout)
        titles, row = [row for row in self.rows("pool", "list") if row[0] in ("POOL", "life")]
        self.assertEqual(titles[:5], ["POOL", "STATE", "ALLOCATION", "DEDICATED", "SPOT"])
        self.assertEqual(row[:5], ["life", "active", "steady", "1", "0"])

        self.client("pool", "resize", "life", "--nodes", "2", "--spot", "1", "--wait")
        nodes = self.client_json("node", "list", "life")
        self.assertEqual(sorted(node["isDedicated"] for node in nodes), [False, True, True])

        self.client("node", "delete", "life", nodes[0]["id"])
        self.client("pool", "wait", "life", "--for", "steady")
        self.assertEqual(len(self.nodes("life")), 2)

        self.assertEqual(self.client_json("pool", "delete", "life", "--wait"), {"deleted": ["life"], "failed": []})
        self.batch.get("/pools/life").expect(404)

    def test_json_is_the_services_own_document(self):
        self.client("pool", "create", "doc", "--slots", "3")
        self.addCleanup(self.client, "pool", "delete", "doc")
        served = self.pool("doc")
        shown = self.client_json("pool", "show", "doc")
        for member in ("id", "vmSize", "taskSlotsPerNode", "virtualMachineConfiguration", "creationTime"):
            self.assertEqual(shown[member], served[member])
        self.assertIn("doc", [pool["id"] for pool in self.client_json("pool", "list", "--filter", "state eq 'active'")])

    def test_a_specification_from_a_file_and_options_that_add_to_it(self):
        file = self.folder / "pool.json"
        file.write_text(json.dumps({"metadata": [{"name": "team", "value": "blue"}], "taskSlotsPerNode": 2, "vmSize": "standard_a1_v2"}))
        self.client("pool", "create", "filed", "--file", str(file), "--vm-size", "standard_d2_v3", "--slots", "4")
        self.addCleanup(self.client, "pool", "delete", "filed")
        pool = self.pool("filed")
        self.assertEqual(pool["metadata"], [{"name": "team", "value": "blue"}])
        self.assertEqual((pool["vmSize"], pool["taskSlotsPerNode"]), ("standard_d2_v3", 4))

    def test_a_file_that_is_no_specification(self):
        file = self.folder / "pool.json"
        for text, complaint in (("{", "not JSON at byte 2"), ("[]", "not a JSON object")):
            file.write_text(text)
            self.assertIn(complaint, self.client("pool", "create", "x", "--file", str(file), status=USAGE).stderr)
        missing = self.client("pool", "create", "x", "--file", str(self.folder / "none"), status=USAGE)
        self.assertIn("can't be read", missing.stderr)

    def test_a_file_whose_members_have_another_type(self):
        file = self.folder / "task.json"
        file.write_text(json.dumps({"environmentSettings": {}, "constraints": "none", "virtualMachineConfiguration": 1}))
        for command in (("task", "create", "j", "t", "--command", "c", "-e", "A=1"), ("pool", "create", "p", "--image", "a:b:c")):
            self.assertIn("is not an", self.client(*command, "--file", str(file), status=USAGE).stderr)
        self.client("task", "create", "j", "t", "--command", b"\xff", status=USAGE)

    def test_a_start_task_that_fails_ends_the_wait_and_is_explained(self):
        run = self.client("pool", "create", "broken", "--nodes", "1", "--start-task", "/bin/bash -c 'echo dead >&2; exit 7'",
                          "--wait", status=UNREACHABLE)
        self.addCleanup(self.client, "pool", "delete", "broken")
        self.assertIn("starttaskfailed, exit code 7", run.stderr)
        hint = run.stderr.split("'")[1].split()
        self.assertEqual(self.client(*hint[1:]).stdout, "dead\n")

    def test_what_is_refused_says_what_to_do_next(self):
        gone = self.client("pool", "show", "nowhere", status=USAGE)
        self.assertIn("PoolNotFound (404)", gone.stderr)
        self.assertIn("'bluebatch pool list' shows those there are.", gone.stderr)
        self.client("pool", "delete", "nowhere", status=USAGE)
        self.client("pool", "create", "twice")
        self.addCleanup(self.client, "pool", "delete", "twice")
        self.assertIn("bluebatch pool resize", self.client("pool", "create", "twice", status=USAGE).stderr)

    def test_deleting_asks_at_a_terminal(self):
        self.client("pool", "create", "asked")
        shown, status = self.on_terminal("pool", "delete", "asked", typed=b"\n")
        self.assertIn("Delete pool asked of account devbatchaccount1? [y/N]", shown)
        self.assertEqual((status, self.pool("asked")["state"]), (0, "active"))
        shown, status = self.on_terminal("pool", "delete", "asked", typed=b"y\n")
        self.assertIn("Pool asked is being deleted.", shown)
        wait_until(lambda: self.batch.get("/pools/asked").status == 404, 20, "the pool to go")

    def test_a_question_that_is_not_answered_with_yes(self):
        self.client("pool", "create", "unanswered")
        self.addCleanup(self.client, "pool", "delete", "unanswered")
        _, status = self.on_terminal("pool", "delete", "unanswered", typed=b"\x03", after=b"[y/N]")
        self.assertEqual(status, INTERRUPTED)
        shown, status = self.on_terminal("pool", "delete", "unanswered", "--json", typed=b"n\n")
        self.assertEqual((json.loads(shown[shown.index("{"):]), status), ({"deleted": [], "failed": []}, 0))
        self.assertEqual(self.pool("unanswered")["state"], "active")

    def test_yes_does_not_ask(self):
        self.client("pool", "create", "unasked")
        shown, _ = self.on_terminal("pool", "delete", "unasked", "--yes")
        self.assertNotIn("[y/N]", shown)

    def test_a_wait_that_is_too_long_ends_with_3(self):
        self.client("pool", "create", "slow")
        self.addCleanup(self.client, "pool", "delete", "slow")
        run = self.client("pool", "wait", "slow", "--for", "gone", "--timeout", "1s", status=UNREACHABLE)
        self.assertIn("--timeout gives it more", run.stderr)


class Jobs(Commands):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.batch.add_pool("pool", dedicated=1, taskSlotsPerNode=4)

    def make_job(self, name):
        self.client("job", "create", name, "--pool", "pool")
        return name

    def test_jobs_and_tasks_in_tables(self):
        job = self.make_job("tables")
        self.client("task", "create", job, "good", "--command", "/bin/bash -c 'echo $GREETING'", "-e", "GREETING=hello")
        self.client("task", "create", job, "bad", "--command", "/bin/bash -c 'exit 4'", "--retries", "0")
        waited = self.client("task", "wait", job, "good", "bad", status=TASK_FAILED)
        self.assertEqual(waited.stdout, "Task good: success, exit code 0\nTask bad: failure, exit code 4\n")

        self.assertEqual([row[:4] for row in self.rows("task", "list", job)], [
            ["TASK", "STATE", "RESULT", "EXIT"], ["bad", "completed", "failure", "4"], ["good", "completed", "success", "0"]])
        self.assertEqual([task["id"] for task in self.client_json("task", "list", job, "--failed")], ["bad"])
        self.assertIn(["tables", "active", "pool"], [row[:3] for row in self.rows("job", "list")])
        self.assertEqual(self.client("task", "logs", job, "good").stdout, "hello\n")

        self.client("task", "delete", job, "good")
        self.assertEqual([task["id"] for task in self.client_json("task", "list", job)], ["bad"])

    def test_logs_are_followed_until_the_task_ends(self):
        job, gate = self.make_job("follow"), self.gate("follow")
        command = f"/bin/bash -c 'echo first; echo warning >&2; {gated(gate)}; echo last; exit 9'"
        self.client("task", "create", job, "t", "--command", command)
        following = self.start("task", "logs", job, "t", "--follow")
        self.assertEqual(following.stdout.readline(), b"first\n")
        self.assertIsNone(following.poll())
        gate.touch()
        out, err = following.communicate(timeout=30)
        self.assertEqual(out, b"last\n")
        self.assertIn(b"warning\n", err)
        self.assertIn(b"Task t failed with exit code 9", err)
        self.assertEqual(following.returncode, TASK_FAILED)

    def test_logs_of_a_task_that_is_tried_again(self):
        job, gate = self.make_job("retried"), self.gate("retried")
        first = self.gate("first-run")
        command = f"[ -e {first} ] && echo the second run && exit; echo first; {gated(gate)}; touch {first}; exit 1"
        self.client("task", "create", job, "t", "--retries", "1", "--command", f"/bin/bash -c '{command}'")
        following = self.start("task", "logs", job, "t", "--follow", "--stdout")
        self.assertEqual(following.stdout.readline(), b"first\n")
        gate.touch()
        out, err = following.communicate(timeout=30)
        # A look between the beginning of a run and its first byte still finds the file of the run before.
        self.assertIn(out, (b"the second run\n", b"first\nthe second run\n"))
        self.assertEqual((err, following.returncode), (b"", 0))

    def test_following_ends_with_its_reader(self):
        job, gate = self.make_job("unread"), self.gate("unread")
        self.addCleanup(gate.touch)
        self.client("task", "create", job, "t", "--command", f"/bin/bash -c 'echo out; {gated(gate)}'")
        for arguments in (("task", "logs", job, "t", "-f"), ("job", "watch", job)):
            following = self.start(*arguments)
            following.stdout.readline()
            following.stdout.close()
            self.assertEqual(following.wait(20), USAGE, arguments)

    def test_logs_can_be_followed_before_the_task_runs(self):
        job = self.make_job("early")
        self.batch.add_pool("later")
        self.client("job", "create", "waiting", "--pool", "later")
        self.client("task", "create", "waiting", "t", "--command", "/bin/bash -c 'echo out; echo err >&2'")
        following = self.start("task", "logs", "waiting", "t", "-f", "--stdout")
        self.client("pool", "resize", "later", "--nodes", "1")
        out, err = following.communicate(timeout=30)
        self.assertEqual((out, err, following.returncode), (b"out\n", b"", 0), job)

    def test_the_last_lines_of_a_log(self):
        job = self.make_job("lines")
        self.client("task", "create", job, "t", "--command", "/bin/bash -c 'seq 1 100'")
        self.client("task", "wait", job, "t")
        self.assertEqual(self.client("task", "logs", job, "t", "-n", "3").stdout, "98\n99\n100\n")
        self.assertEqual(self.client("task", "logs", job, "t", "-n", "0").stdout, "")
        self.assertEqual(len(self.client("task", "logs", job, "t", "-n", "1000").stdout.splitlines()), 100)

    def test_a_job_is_watched_until_its_tasks_are_done(self):
        job, gate = self.make_job("watched"), self.gate("watched")
        self.client("task", "create", job, "quick", "--command", "/bin/bash -c 'exit 1'")
        self.client("task", "wait", job, "quick", status=TASK_FAILED)
        self.client("task", "create", job, "slow", "--command", f"/bin/bash -c '{gated(gate)}'")
        watching = self.start("job", "watch", job)
        self.assertIn(b"1 failed", watching.stdout.readline())
        self.assertIn(b"Task quick failed:", watching.stdout.readline())
        gate.touch()
        out, _ = watching.communicate(timeout=30)
        self.assertIn(b"1 of 2 tasks of job watched failed.", out)
        self.assertEqual(watching.returncode, TASK_FAILED)

    def test_the_live_table_is_redrawn_in_place(self):
        job = self.make_job("live")
        self.client("task", "create", job, "t", "--command", "/bin/bash -c 'sleep 0.3'")
        shown, status = self.on_terminal("job", "watch", job)
        self.assertIn("\x1b[J", shown)
        self.assertIn("1/1 tasks", shown)
        self.assertIn("All 1 tasks of job live succeeded.", shown)
        self.assertEqual(status, 0)

    def test_ctrl_c_ends_a_watch(self):
        job = self.make_job("stopped")
        watching = self.start("job", "watch", job)
        watching.stdout.readline()
        watching.send_signal(signal.SIGINT)
        watching.communicate(timeout=20)
        self.assertEqual(watching.returncode, INTERRUPTED)

    def test_waiting_for_a_job_in_json(self):
        job = self.make_job("waited")
        self.client("task", "create", job, "t", "--command", "/bin/true")
        self.assertEqual(self.client_json("job", "wait", job), {"id": job, "succeeded": 1, "failed": 0, "unfinished": 0})
        self.client("job", "terminate", job)
        self.wait_for_job(job, "completed")
        self.client("job", "delete", job)
        wait_until(lambda: self.batch.get(f"/jobs/{job}").status == 404, 20, "the job to go")

    def test_failed_tasks_run_again(self):
        job, gate = self.make_job("again"), self.gate("again")
        self.client("task", "create", job, "t", "--command", f"/bin/bash -c '[ -e {gate} ]'")
        self.client("task", "wait", job, "t", status=TASK_FAILED)
        gate.touch()
        self.client("task", "reactivate", job, "t")
        self.client("task", "wait", job, "t")

    def test_files_of_a_task(self):
        job = self.make_job("files")
        self.client("task", "create", job, "t", "--command", "/bin/bash -c 'mkdir sub; printf data > \"sub/a b.txt\"'")
        self.client("task", "wait", job, "t")
        names = [file["name"] for file in self.client_json("file", "list", job, "t")]
        self.assertIn("wd/sub/a b.txt", names)
        self.assertEqual(self.client("file", "cat", job, "t", "wd/sub/a b.txt").stdout, "data")
        self.assertEqual(self.client_json("file", "show", job, "t", "wd/sub/a b.txt")["size"], 4)
        self.client("file", "download", job, "t", "wd/sub/a b.txt", str(self.folder))
        self.assertEqual([(file.name, file.read_text()) for file in self.folder.iterdir()], [("a b.txt", "data")])
        for verb in ("cat", "download"):
            self.assertIn("wd/sub is a folder", self.client("file", verb, job, "t", "wd/sub", status=USAGE).stderr)
        self.client("file", "delete", job, "t", "wd/sub/a b.txt")
        missing = self.client("file", "cat", job, "t", "wd/sub/a b.txt", status=USAGE)
        self.assertIn("'bluebatch file list' shows those there are", missing.stderr)


class Usage(unittest.TestCase):
    def test_nothing_answers(self):
        run = run_client("pool", "list", "--batch-url", "http://127.0.0.1:1")
        self.assertEqual(run.returncode, UNREACHABLE)
        self.assertIn("Start bluebatch-emulator", run.stderr)

    def test_what_is_not_known_is_suggested(self):
        for arguments, meant in ((["pol"], "pool"), (["pool", "lst"], "list"), (["pool", "list", "--jsn"], "--json"),
                                 (["pool", "wait", "p", "--for", "ever"], "ready or steady or gone"),
                                 (["pool", "resize", "p", "--nodes", "many"], "a whole number"),
                                 (["job", "wait", "j", "--timeout", "soon"], "90s"),
                                 (["job", "show", ""], "JOB is empty")):
            run = run_client(*arguments)
            self.assertEqual(run.returncode, USAGE, arguments)
            self.assertIn(meant, run.stderr)

    def test_azure_needs_only_the_account_that_the_command_speaks_to(self):
        storage = clean_environment(AZURE_STORAGE_ACCOUNT="a", AZURE_STORAGE_KEY="a2V5", AZURE_STORAGE_BLOB_ENDPOINT="http://127.0.0.1:1")
        batch = run_client("pool", "list", "--target", "azure", environment=storage)
        self.assertEqual(batch.returncode, USAGE)
        self.assertIn("AZURE_BATCH_ENDPOINT", batch.stderr)
        signed = run_client("blob", "sas", "c/b", "--target", "azure", environment=storage)
        self.assertEqual(signed.returncode, 0, signed.stderr)

    def test_the_account_without_a_key(self):
        run = run_client("account", "show", "--json", environment=clean_environment(BLUEBATCH_BATCH_KEY=BATCH_KEY))
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(json.loads(run.stdout)["batch"]["credentialFrom"], "environment BLUEBATCH_BATCH_KEY")
        self.assertEqual(keys_in(run.stdout + run.stderr), [])


if __name__ == "__main__":
    unittest.main()

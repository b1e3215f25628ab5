"""What the client says when something is refused leads to what helps, and it says what it did and left out."""

import unittest

from client_commands import INTERRUPTED, UNREACHABLE, USAGE, Commands, run_client
from client_runs import keys_in
from emulator import BATCH_KEY, Emulator, clean_environment


class Advice(Commands):
    def waiting_task(self, job):
        self.client("pool", "create", job)
        self.client("job", "create", job, "--pool", job)
        self.client("task", "create", job, "t", "--command", "/bin/true")

    def transcode(self, *more, status=USAGE):
        (self.folder / "in").mkdir(exist_ok=True)
        (self.folder / "in" / "a.mp4").write_bytes(b"film")
        return self.client("transcode", "--input", str(self.folder / "in"), "--output", str(self.folder / "out"), *more, status=status)

    def test_logs_of_a_task_that_waits(self):
        self.waiting_task("waits")
        run = self.client("task", "logs", "waits", "t", status=USAGE)
        self.assertIn("Task t has not run on any node", run.stderr)
        self.assertIn("'bluebatch task logs waits t --follow'", run.stderr)
        self.assertNotIn("pool", run.stderr)

    def test_a_job_of_that_name_is_deleted_with_the_client_itself(self):
        self.waiting_task("taken")
        run = self.transcode("--job-id", "taken")
        hint = run.stderr.split("Delete it with '")[1].split("'")[0]
        self.client(*hint.split()[1:])
        self.batch.get("/jobs/taken").expect(404)

    def test_an_empty_id_and_slots_that_are_refused(self):
        self.assertIn("--job-id is empty", self.transcode("--job-id", "").stderr)
        self.assertIn("--pool-id is empty", self.transcode("--pool-id", "").stderr)
        self.assertIn("--slots", self.transcode("--slots", "200").stderr.split("(400)")[1])

    def test_ctrl_c_at_a_question_leaves_what_was_not_agreed_to(self):
        (self.folder / "in").mkdir()
        (self.folder / "in" / "a.mp4").write_bytes(b"film")
        shown, status = self.on_terminal(
            "transcode", "--input", str(self.folder / "in"), "--output", str(self.folder / "out"), "--command", "cp {input} {output}",
            "--job-id", "asked", "--pool-id", "asked", typed=b"\x03", after=b"Delete job?")
        self.assertEqual(status, INTERRUPTED, shown)
        self.assertNotIn("Delete pool?", shown)
        self.assertIn("Job [asked] is kept.", shown)
        self.assertIn("Pool [asked] is kept", shown)
        self.assertEqual((self.job("asked")["state"], self.pool("asked")["state"]), ("active", "active"))
        results = self.client_json("blob", "list", "output")
        self.assertEqual([blob["name"].split("/")[-1] for blob in results], ["a.mp3"])

    def test_a_certificate_of_the_emulator_that_is_not_trusted(self):
        run = self.client("pool", "list", "--batch-url", self.emulator.batch.replace("http:", "https:"), status=UNREACHABLE)
        self.assertIn("--ca-file", run.stderr)
        self.assertIn("bluebatch-emulator ca", run.stderr)

    def test_an_etag_is_the_same_wherever_it_is_told(self):
        (self.folder / "file").write_text("text")
        self.client("container", "create", "tags")
        self.client("blob", "upload", str(self.folder / "file"), "tags")
        listed = self.client_json("blob", "list", "tags")[0]["etag"]
        self.assertEqual(self.client_json("blob", "show", "tags/file")["etag"], listed)
        self.assertNotIn('"', listed)
        containers = {container["name"]: container["etag"] for container in self.client_json("container", "list")}
        self.assertEqual(self.client_json("container", "show", "tags")["etag"], containers["tags"])

    def test_what_is_downloaded_and_what_is_not_uploaded(self):
        source = self.folder / "source"
        (source / "sub").mkdir(parents=True)
        (source / "file").write_text("text")
        (source / "broken").symlink_to("nothing")
        (source / "link").symlink_to("sub")
        self.client("container", "create", "links")
        up = self.client("blob", "upload", str(source), "links")
        self.assertIn("Skipped: broken (a link to nothing), link (a link to a folder)", up.stderr)
        self.assertIn("Skipped: broken", self.client("blob", "sync", str(source), "links").stderr)
        down = self.client("blob", "download", "links/file", str(self.folder))
        self.assertIn(f"downloaded to {self.folder}/file.", down.stdout)

    def test_a_job_ends_with_the_tasks_that_it_got(self):
        self.batch.add_pool("ends", dedicated=1)
        refused = self.client("job", "create", "ends", "--pool", "ends", "--end-with-tasks", status=USAGE)
        self.assertIn("'bluebatch job end-with-tasks ends'", refused.stderr)
        self.client("job", "create", "ends", "--pool", "ends")
        self.client("task", "create", "ends", "t", "--command", "/bin/true")
        self.assertEqual(self.client_json("job", "end-with-tasks", "ends")["onAllTasksComplete"], "terminatejob")
        self.client("job", "wait", "ends")
        self.wait_for_job("ends", "completed")


class Settings(unittest.TestCase):
    def test_one_variable_suits_emulator_and_client(self):
        key = "ZmlsbXM="
        emulator = Emulator(environment=clean_environment(BLUEBATCH_BATCH_ACCOUNT=f"films:{key}"))
        self.addCleanup(emulator.end)
        environment = clean_environment(BLUEBATCH_BATCH_ACCOUNT=f"films:{key}", BLUEBATCH_BATCH_URL=emulator.batch,
                                        BLUEBATCH_BLOB_URL=emulator.blob)
        for arguments in (("pool", "list"), ("account", "show"), ("doctor",)):
            run = run_client(*arguments, environment=environment)
            self.assertEqual(run.returncode, 0, run.stderr)
            self.assertNotIn(key, run.stdout + run.stderr)
            self.assertEqual(keys_in(run.stdout + run.stderr), [])

    def test_an_empty_key_is_wrong_usage(self):
        for arguments in (("pool", "list", "--batch-key", ""), ("container", "list", "--storage-key", ""),
                          ("container", "list", "--target", "azure", "--storage-account", "a", "--storage-key", "")):
            run = run_client(*arguments, environment=clean_environment(BLUEBATCH_BATCH_KEY=BATCH_KEY))
            self.assertEqual(run.returncode, USAGE)
            self.assertIn("is empty", run.stderr)

    def test_a_place_for_temporary_files_that_is_not_there(self):
        # With an emulator beside it that is started for the run.
        run = run_client("run", "--", "true", environment=clean_environment(TMPDIR="/nowhere/at/all"))
        self.assertNotEqual(run.returncode, 0)
        self.assertIn("TMPDIR is /nowhere/at/all", run.stderr)

    def test_help_of_the_manual(self):
        run = run_client("manual", "--help")
        self.assertEqual(run.returncode, 0)
        self.assertIn("bluebatch-blob", run.stdout)


if __name__ == "__main__":
    unittest.main()

"""Rules of output files: which files go where, when, and what becomes of the task."""

import unittest

from emulator import Emulator, wait_until
from foreign_store import ForeignStore
from wire import Batch, Blob, pool_body


class OutputFiles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator()
        cls.addClassCleanup(cls.emulator.end)
        cls.batch = Batch(cls.emulator.batch)
        cls.blob = Blob(cls.emulator.blob)
        cls.batch.add_pool("p", dedicated=2)
        cls.batch.add_job("j", "p")

    def container(self, name, permissions="rwlcd"):
        self.blob.create_container(name)
        return self.blob.url(name, self.blob.container_sas(name, permissions))

    def output(self, container, pattern, condition="taskcompletion", **destination):
        return {"filePattern": pattern, "destination": {"container": {"containerUrl": container, **destination}},
                "uploadOptions": {"uploadCondition": condition}}

    def run_task(self, task, script, *outputs, **members):
        self.batch.add_task("j", task, f"/bin/sh -c '{script}'", outputFiles=list(outputs), **members)
        return self.batch.wait_for_task("j", task)["executionInfo"]

    def code_of(self, execution):
        return execution["failureInfo"]["code"]

    # OUT-1
    def test_tasks_and_managers_have_output_files_and_no_others(self):
        target = self.container("managed")
        files = [self.output(target, "out")]
        task = {"commandLine": "/bin/sh -c 'echo x > out'", "outputFiles": files}
        refused = [
            self.batch.post("/pools", pool_body("refused", startTask=task)),
            self.batch.post("/jobs", {"id": "refused", "poolInfo": {"poolId": "p"}, "jobPreparationTask": task}),
            self.batch.post("/jobs", {"id": "refused", "poolInfo": {"poolId": "p"},
                                      "jobPreparationTask": {"commandLine": "/bin/true"}, "jobReleaseTask": task}),
        ]
        self.assertEqual([answer.expect(400).json["code"] for answer in refused], ["InvalidRequestBody"] * 3)
        self.batch.add_job("managed", "p", jobManagerTask={"id": "m", **task})
        self.batch.wait_for_task("managed", "m")
        self.assertEqual(self.blob.names("managed"), ["out"])

    # OUT-2, OUT-14
    def test_patterns_begin_in_the_working_directory(self):
        target = self.container("folders")
        marks = self.emulator.folder / "absolute.txt"
        self.run_task("folders", f"echo out; echo err >&2; echo in > in.txt; echo x > {marks}",
                      self.output(target, "in.txt", path="plain"), self.output(target, "../std*.txt", path="std"),
                      self.output(target, str(marks), path="absolute"), self.output(target, "../*.txt", path="beside"))
        self.assertEqual(self.blob.names("folders"), [
            "absolute", "beside/fileuploaderr.txt", "beside/fileuploadout.txt", "beside/stderr.txt", "beside/stdout.txt",
            "plain", "std/stderr.txt", "std/stdout.txt"])
        self.assertIn(b"in.txt", self.batch.file("j", "folders", "fileuploadout.txt"))
        self.assertEqual(self.batch.file("j", "folders", "fileuploaderr.txt"), b"")

    # OUT-3, OUT-5, OUT-6, OUT-9
    def test_wildcards_choose_files_and_keep_their_folders(self):
        target = self.container("wildcards")
        patterns = {
            "star": ("*.txt", ["a1.txt", "a2.txt", "b1.txt"]),
            "mark": ("a?.txt", ["a1.txt", "a2.txt"]),
            "set": ("[ab]1.txt", ["a1.txt", "b1.txt"]),
            "range": ("a[2-9].txt", ["a2.txt"]),
            "not": ("[!a]*.txt", ["b1.txt"]),
            "escape": ("x[*]", ["x*"]),
            "dot": (".*.txt", [".h.txt"]),
            "tree": ("**/*.txt", ["a1.txt", "a2.txt", "b1.txt", "sub/d.txt", "sub/low/e.txt"]),
            "fixed": ("sub/**/*.txt", ["d.txt", "low/e.txt"]),
            "one": ("sub/d.*", ["d.txt"]),
            "none": ("*.mp3", []),
        }
        script = "mkdir -p sub/low; touch a1.txt a2.txt b1.txt .h.txt xy \"x*\" sub/d.txt sub/low/e.txt"
        outputs = [self.output(target, pattern, path=path) for path, (pattern, _) in patterns.items()]
        outputs += [self.output(target, "sub/d.txt", path="named"), self.output(target, "sub/d.txt"), self.output(target, "no.txt", path="no")]
        self.assertEqual(self.run_task("wildcards", script, *outputs)["result"], "success")
        expected = sorted(f"{path}/{name}" for path, (_, names) in patterns.items() for name in names)
        self.assertEqual(self.blob.names("wildcards"), sorted([*expected, "named", "d.txt"]))

    # OUT-4
    def test_variables_are_expanded_in_patterns_only(self):
        target = self.container("variables")
        self.run_task("variables", "echo x > $NAME.txt", self.output(target, "$NAME.txt", path="$NAME"),
                      self.output(target, "$AZ_BATCH_TASK_DIR/stdout.txt", path="said"),
                      environmentSettings=[{"name": "NAME", "value": "mine"}])
        self.assertEqual(self.blob.names("variables"), ["$NAME", "said"])

    # OUT-7
    def test_the_exit_code_decides_what_is_uploaded(self):
        target = self.container("conditions")
        for code in (0, 1):
            self.run_task(f"exits-{code}", f"echo x > out; exit {code}", *(
                self.output(target, "out", condition, path=f"{code}-{condition}")
                for condition in ("tasksuccess", "taskfailure", "taskcompletion")))
        self.assertEqual(self.blob.names("conditions"), ["0-taskcompletion", "0-tasksuccess", "1-taskcompletion", "1-taskfailure"])
        body = {"id": "t", "commandLine": "/bin/true", "outputFiles": [{**self.output(target, "out"), "uploadOptions": {}}]}
        self.assertEqual(self.batch.post("/jobs/j/tasks", body).expect(400).json["code"], "MissingRequiredProperty")

    # OUT-8, OUT-11, OUT-13, OUT-15, TASK-3
    def test_a_task_is_running_until_everything_is_uploaded(self):
        store = ForeignStore()
        self.addCleanup(store.stop)
        store.refusals["/c/out"] = [503]
        store.gate.clear()
        self.batch.add_task("j", "uploads", "/bin/sh -c 'echo result > out'", outputFiles=[self.output(
            store.url("/c"), "out", uploadHeaders=[{"name": "x-ms-blob-content-type", "value": "audio/mpeg"}])])
        wait_until(lambda: store.asked, 20, "the upload")
        task = self.batch.task("j", "uploads")
        self.assertEqual(task["state"], "running")
        self.assertNotIn("exitCode", task["executionInfo"])
        store.gate.set()
        self.assertEqual(self.batch.wait_for_task("j", "uploads")["executionInfo"]["result"], "success")
        self.assertEqual(store.asked, ["/c/out"] * 2)  # a passing failure is overcome by uploading once more
        self.assertEqual(store.bodies["/c/out"], b"result\n")
        headers = {name.lower(): value for name, value in store.headers["/c/out"].items()}
        self.assertEqual((headers["x-ms-blob-type"], headers["x-ms-blob-content-type"]), ("BlockBlob", "audio/mpeg"))

    # OUT-10, OUT-11, TASK-15
    def test_a_failed_upload_fails_the_task_for_good(self):
        outputs = {
            "FileUploadContainerNotFound": self.blob.url("nowhere", self.blob.account_sas()),
            "FileUploadAccessDenied": self.container("read-only", permissions="rl"),
        }
        for code, target in outputs.items():
            with self.subTest(code):
                execution = self.run_task(code, "echo x > out", self.output(target, "out"), constraints={"maxTaskRetryCount": 2})
                self.assertEqual((execution["result"], execution["exitCode"], execution["retryCount"]), ("failure", 0, 0))
                self.assertEqual(self.code_of(execution), code)

    # OUT-12, OUT-13, OUT-15
    def test_blobs_are_replaced_by_block_blobs_with_the_headers_of_the_user(self):
        target = self.container("replaced")
        self.blob.put("replaced/out", b"old", **{"x-ms-blob-content-type": "text/old"}).expect(201)
        headers = [{"name": "Content-Type", "value": "audio/mpeg"}, {"name": "x-ms-meta-kind", "value": "song"}]
        self.run_task("replaced", "echo new > out", self.output(target, "out", uploadHeaders=headers))
        blob = self.blob.get("replaced/out").expect(200)
        self.assertEqual((blob.body, blob.headers["x-ms-blob-type"]), (b"new\n", "BlockBlob"))
        self.assertEqual((blob.headers["content-type"], blob.headers["x-ms-meta-kind"]), ("audio/mpeg", "song"))
        body = {"id": "old", "commandLine": "/bin/true", "outputFiles": [self.output(target, "out", uploadHeaders=headers)]}
        self.batch.post("/jobs/j/tasks", body, version="2021-06-01.14.0").expect(400)

    # OUT-15, TASK-29
    def test_a_task_that_its_user_ends_uploads_nothing(self):
        target = self.container("ended")
        begun = self.emulator.folder / "begun"
        self.batch.add_task("j", "ended", f"/bin/sh -c 'echo x > out; touch {begun}; exec sleep 600'", outputFiles=[self.output(target, "out")])
        wait_until(begun.exists, 20, "the command")
        self.batch.post("/jobs/j/tasks/ended/terminate").expect(204)
        self.assertEqual(self.code_of(self.batch.wait_for_task("j", "ended")["executionInfo"]), "TaskEnded")
        self.assertEqual(self.blob.names("ended"), [])

    # OUT-16
    def test_one_failure_does_not_stop_the_other_uploads(self):
        target = self.container("others")
        execution = self.run_task(
            "others", "echo x > out", self.output(target, "out", path="first"),
            self.output(self.blob.url("nowhere", self.blob.account_sas()), "out"),
            self.output(self.container("others-read", permissions="r"), "out"), self.output(target, "out", path="last"))
        self.assertEqual(self.code_of(execution), "FileUploadContainerNotFound")
        self.assertEqual(self.blob.names("others"), ["first", "last"])


if __name__ == "__main__":
    unittest.main()

"""Rules of exit conditions: what an upload that fails does to the job and to the tasks that wait."""

import unittest

from shared_emulator import SharedEmulator
from wire import Blob


class UploadErrors(SharedEmulator):
    def add_task(self, job, script, **conditions):
        """A task whose output cannot be uploaded, in a job that heeds exit conditions."""
        blob = Blob(self.emulator.blob)
        self.addCleanup(blob.close)
        nowhere = {"container": {"containerUrl": blob.url("nowhere", blob.account_sas())}}
        self.batch.add_job(job, "p", onTaskFailure="performexitoptionsjobaction", usesTaskDependencies=True)
        self.batch.add_task(
            job, "t", f"/bin/sh -c 'echo x > out; {script}'", exitConditions=conditions,
            outputFiles=[{"filePattern": "out", "destination": nowhere, "uploadOptions": {"uploadCondition": "taskcompletion"}}])

    def ends(self, job):
        execution = self.batch.wait_for_task(job, "t")["executionInfo"]
        self.assertEqual(execution["result"], "failure")
        return execution["exitCode"], execution["failureInfo"]["code"]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.batch.add_pool("p", dedicated=1)

    # TASK-38
    def test_an_upload_error_has_a_condition_of_its_own(self):
        self.add_task("own", "exit 0", fileUploadError={"jobAction": "disable"}, default={"jobAction": "terminate"})
        self.assertEqual(self.ends("own"), (0, "FileUploadContainerNotFound"))
        self.wait_for_job("own", "disabled")
        shown = self.batch.task("own", "t")["exitConditions"]
        self.assertEqual(shown["fileUploadError"]["jobAction"], "disable")

    # TASK-38
    def test_an_upload_error_is_left_to_the_default_without_one(self):
        self.add_task("left", "exit 0", preProcessingError={"jobAction": "terminate"}, default={"jobAction": "disable"})
        self.assertEqual(self.ends("left"), (0, "FileUploadContainerNotFound"))
        self.wait_for_job("left", "disabled")

    # TASK-38
    def test_an_exit_code_that_is_named_goes_before_the_upload_error(self):
        named = {"exitCodes": [{"code": 3, "exitOptions": {"jobAction": "disable"}}]}
        ranged = {"exitCodeRanges": [{"start": 2, "end": 4, "exitOptions": {"jobAction": "disable"}}]}
        for job, conditions in (("named", named), ("ranged", ranged)):
            with self.subTest(job):
                self.add_task(job, "exit 3", fileUploadError={"jobAction": "terminate"}, **conditions)
                self.assertEqual(self.ends(job)[0], 3)
                self.wait_for_job(job, "disabled")

    # TASK-38, TASK-39
    def test_an_upload_error_may_satisfy_those_that_wait(self):
        self.add_task("waits", "exit 0", fileUploadError={"jobAction": "none", "dependencyAction": "satisfy"})
        self.batch.add_task("waits", "child", "/bin/true", dependsOn={"taskIds": ["t"]})
        self.ends("waits")
        self.assertEqual(self.batch.wait_for_task("waits", "child")["executionInfo"]["exitCode"], 0)
        self.assertEqual(self.job("waits")["state"], "active")


if __name__ == "__main__":
    unittest.main()

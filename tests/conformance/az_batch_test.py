"""The flows of the service's sample programs with the az command line and files of JSON."""

import shutil
import unittest

from az import AzureBatchCase
from emulator import wait_until
from wire import pool_body

if shutil.which("az") is None:
    raise unittest.SkipTest("az is not installed (apt-get install azure-cli)")


class AzureBatch(AzureBatchCase):
    def test_an_auto_pool_prepared_nodes_dependencies_and_queries(self):
        pool = pool_body("unused", 1)
        del pool["id"]
        self.batch("job", "create", body={
            "id": "auto", "usesTaskDependencies": True,
            "poolInfo": {"autoPoolSpecification": {"poolLifetimeOption": "job", "pool": pool}},
            "jobPreparationTask": {"commandLine": "/bin/sh -c 'echo ready > $AZ_BATCH_NODE_SHARED_DIR/sign'"},
            "jobReleaseTask": {"commandLine": "/bin/true"}})
        self.batch("task", "create", "--job-id", "auto", body=[
            {"id": "last", "commandLine": "/bin/cat first", "dependsOn": {"taskIds": ["first"]}},
            {"id": "first", "commandLine": "/bin/sh -c 'cat $AZ_BATCH_NODE_SHARED_DIR/sign'"}])
        self.wait_for("task", "show", "--job-id", "auto", "--task-id", "last", state="completed")
        self.assertEqual(self.output("auto", "first"), "ready\n")
        failed = self.batch("task", "list", "--job-id", "auto", "--filter", "executionInfo/result eq 'failure'", "--select", "id")
        self.assertEqual([task["id"] for task in failed], ["last"])
        self.batch("job", "stop", "--job-id", "auto")
        self.wait_for("job", "show", "--job-id", "auto", state="completed")
        status = self.batch("job", "prep-release-status", "list", "--job-id", "auto")
        self.assertEqual(status[0]["jobReleaseTaskExecutionInfo"]["exitCode"], 0)

    def test_a_job_schedule(self):
        self.batch("pool", "create", body=pool_body("scheduled", 1))
        self.batch("job-schedule", "create", body={
            "id": "nightly", "schedule": {"recurrenceInterval": "P1D"},
            "jobSpecification": {"poolInfo": {"poolId": "scheduled"}, "jobManagerTask": {
                "id": "manager", "commandLine": "/bin/sh -c 'echo $AZ_BATCH_JOB_ID'"}}})
        self.wait_for("job", "show", "--job-id", "nightly:job-1", state="completed")
        self.assertEqual(self.output("nightly:job-1", "manager"), "nightly:job-1\n")
        self.assertEqual([one["id"] for one in self.batch("job-schedule", "list", "--filter", "state eq 'active'")], ["nightly"])
        self.batch("job-schedule", "stop", "--job-schedule-id", "nightly")
        self.wait_for("job-schedule", "show", "--job-schedule-id", "nightly", state="completed")
        self.batch("job-schedule", "delete", "--job-schedule-id", "nightly", "--yes")

    def test_a_pool_scales_by_a_formula(self):
        self.batch("pool", "create", body=pool_body("scaled", 1))
        self.batch("pool", "autoscale", "enable", "--pool-id", "scaled", "--auto-scale-formula", "$TargetDedicatedNodes = 2;")
        run = self.batch("pool", "autoscale", "evaluate", "--pool-id", "scaled", "--auto-scale-formula", "$TargetDedicatedNodes = 1 + 2;")
        self.assertIn("$TargetDedicatedNodes=3", run["results"])
        wait_until(lambda: len(self.batch("node", "list", "--pool-id", "scaled")) == 2, 90, "two nodes")


if __name__ == "__main__":
    unittest.main()

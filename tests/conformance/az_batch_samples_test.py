"""More flows of the service's sample programs with the az command line: a start task with a resource file, outputs that are
kept in a container, lists that are narrowed by queries, a multi-instance task."""

import shutil
import unittest

from az import AzureBatchCase
from wire import Blob, pool_body

if shutil.which("az") is None:
    raise unittest.SkipTest("az is not installed (apt-get install azure-cli)")

EXPIRY = "2090-01-01T00:00Z"


class AzureBatchSamples(AzureBatchCase):
    def setUp(self):
        self.blob = Blob(self.emulator.blob)
        self.addCleanup(self.blob.close)

    def add_pool(self, pool, nodes, **members):
        self.batch("pool", "create", body=pool_body(pool, nodes, **members))

    def add_job(self, job, pool, **members):
        self.batch("job", "create", body={"id": job, "poolInfo": {"poolId": pool}, **members})

    def add_tasks(self, job, *tasks):
        self.batch("task", "create", "--job-id", job, body=list(tasks))

    def wait_for_task(self, job, task):
        return self.wait_for("task", "show", "--job-id", job, "--task-id", task, state="completed")

    def test_a_start_task_fetches_its_resource_file(self):
        self.blob.create_container("resources")
        self.blob.put("resources/words.txt", b"from a blob\n").expect(201)
        url = self.az("storage", "blob", "generate-sas", "--container-name", "resources", "--name", "words.txt",
                      "--permissions", "r", "--expiry", EXPIRY, "--full-uri")
        self.batch("pool", "create", "--id", "started", "--vm-size", "Standard_A1_v2", "--target-dedicated-nodes", 1,
                   "--image", "canonical:0001-com-ubuntu-server-focal:20_04-lts", "--node-agent-sku-id", "batch.node.ubuntu 20.04",
                   "--start-task-command-line", "/bin/sh -c 'cp words.txt $AZ_BATCH_NODE_SHARED_DIR/'",
                   "--start-task-wait-for-success", "--start-task-resource-files", f"words.txt={url}")
        start = self.batch("pool", "show", "--pool-id", "started")["startTask"]
        self.assertEqual([file["filePath"] for file in start["resourceFiles"]], ["words.txt"])
        self.add_job("started", "started")
        self.add_tasks("started", {"id": "t", "commandLine": "/bin/sh -c 'cat $AZ_BATCH_NODE_SHARED_DIR/words.txt'"})
        self.wait_for_task("started", "t")
        self.assertEqual(self.output("started", "t"), "from a blob\n")
        [node] = self.batch("node", "list", "--pool-id", "started")
        self.assertEqual((node["startTaskInfo"]["state"], node["startTaskInfo"]["exitCode"]), ("completed", 0))

    def container_for(self, container, permissions):
        self.az("storage", "container", "create", "--name", container)
        sas = self.az("storage", "container", "generate-sas", "--name", container, "--permissions", permissions, "--expiry", EXPIRY)
        return self.blob.url(container, sas)

    def output_file(self, pattern, url, condition, path):
        return {"filePattern": pattern, "destination": {"container": {"containerUrl": url, "path": path}},
                "uploadOptions": {"uploadCondition": condition}}

    def test_outputs_are_persisted_in_a_container_and_a_failed_upload_is_told(self):
        url = self.container_for("persisted", "rwl")
        sealed = self.container_for("sealed", "rl")
        self.add_pool("persist", 1)
        self.add_job("persist", "persist", onTaskFailure="performexitoptionsjobaction")
        self.add_tasks("persist", {
            "id": "kept",
            "commandLine": "/bin/sh -c 'mkdir -p a/b; echo one > a/one.txt; echo two > a/b/two.txt; echo said'",
            "outputFiles": [
                self.output_file("**/*.txt", url, "tasksuccess", "texts"),
                self.output_file("../std*.txt", url, "taskcompletion", "logs"),
                self.output_file("**/*.txt", url, "taskfailure", "never"),
            ]})
        self.assertEqual(self.wait_for_task("persist", "kept")["executionInfo"]["result"], "success")
        blobs = self.az("storage", "blob", "list", "--container-name", "persisted")
        self.assertEqual([blob["name"] for blob in blobs],
                         ["logs/stderr.txt", "logs/stdout.txt", "texts/a/b/two.txt", "texts/a/one.txt"])
        self.assertEqual(self.blob.get("persisted/logs/stdout.txt").expect(200).body, b"said\n")

        self.add_tasks("persist", {
            "id": "lost", "commandLine": "/bin/sh -c 'echo one > one.txt'",
            "outputFiles": [self.output_file("*.txt", sealed, "tasksuccess", "texts")],
            "exitConditions": {"fileUploadError": {"jobAction": "terminate"}, "default": {"jobAction": "none"}}})
        execution = self.wait_for_task("persist", "lost")["executionInfo"]
        self.assertEqual((execution["exitCode"], execution["result"]), (0, "failure"))
        self.assertEqual(execution["failureInfo"]["code"], "FileUploadAccessDenied")
        job = self.wait_for("job", "show", "--job-id", "persist", state="completed")
        self.assertEqual(job["executionInfo"]["terminateReason"], "TaskFailed")

    def test_lists_are_narrowed_by_queries(self):
        self.add_pool("queried", 1)
        self.add_job("queried", "queried")
        self.add_job("other", "queried")
        commands = {"bad0": "/bin/false", "bad1": "/bin/false", "good": "/bin/true"}
        self.add_tasks("queried", *({"id": task, "commandLine": command} for task, command in commands.items()))
        for task in commands:
            self.wait_for_task("queried", task)
        tasks = self.batch("task", "list", "--job-id", "queried", "--select", "id,executionInfo,stats", "--expand", "stats",
                           "--filter", "executionInfo/result eq 'failure' and startswith(id, 'bad')")
        self.assertEqual(sorted(task["id"] for task in tasks), ["bad0", "bad1"])
        for task in tasks:
            self.assertEqual((task["executionInfo"]["exitCode"], task["commandLine"], task["state"]), (1, None, None))
            self.assertIsNotNone(task["stats"]["wallClockTime"])
        [job] = self.batch("job", "list", "--filter", "id eq 'queried' and state eq 'active'", "--select", "id,stats", "--expand", "stats")
        self.assertEqual((job["id"], job["state"], job["poolInfo"]), ("queried", None, None))
        self.assertEqual((job["stats"]["numSucceededTasks"], job["stats"]["numFailedTasks"]), (1, 2))
        [pool] = self.batch("pool", "list", "--filter", "startswith(id, 'quer')", "--select", "id,stats", "--expand", "stats")
        self.assertEqual((pool["id"], pool["vmSize"]), ("queried", None))
        self.assertIsNotNone(pool["stats"]["usageStats"]["dedicatedCoreTime"])

    def test_a_multi_instance_task_has_subtasks(self):
        meeting = self.emulator.folder / "meeting"
        meeting.mkdir()
        self.add_pool("mpi", 2, enableInterNodeCommunication=True, taskSlotsPerNode=1)
        self.add_job("mpi", "mpi")
        self.add_tasks("mpi", {
            "id": "mpi", "commandLine": f"/bin/sh -c 'cat {meeting}/*'",
            "multiInstanceSettings": {
                "numberOfInstances": 2,
                "coordinationCommandLine": f"/bin/sh -c 'echo $AZ_BATCH_NODE_ID > {meeting}/$AZ_BATCH_NODE_ID'"}})
        task = self.wait_for_task("mpi", "mpi")
        self.assertEqual(task["executionInfo"]["exitCode"], 0, task["executionInfo"])
        self.assertEqual(task["multiInstanceSettings"]["numberOfInstances"], 2)
        nodes = sorted(node["id"] for node in self.batch("node", "list", "--pool-id", "mpi"))
        self.assertEqual(self.output("mpi", "mpi").split(), nodes)
        [subtask] = self.batch("task", "subtask", "list", "--job-id", "mpi", "--task-id", "mpi")["value"]
        self.assertEqual((subtask["id"], subtask["state"], subtask["exitCode"]), (1, "completed", 0))
        self.assertEqual(sorted([task["nodeInfo"]["nodeId"], subtask["nodeInfo"]["nodeId"]]), nodes)


if __name__ == "__main__":
    unittest.main()

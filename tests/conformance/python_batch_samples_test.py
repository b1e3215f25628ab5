"""More flows of the service's well-known sample programs with the official Python SDKs: a start task with resource files,
outputs that are kept in a container, lists that are narrowed by queries."""

import datetime
import unittest

from batch_python import PythonBatchCase, models
from emulator import BLOB_ACCOUNT, BLOB_KEY, wait_until

try:
    import azure.storage.blob as storage
except ImportError as missing:
    raise unittest.SkipTest(f"azure-storage-blob is not installed (apt-get install python3-azure): {missing}")

SOON = datetime.timedelta(hours=1)


class PythonSampleCase(PythonBatchCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.storage = storage.BlobServiceClient.from_connection_string(cls.emulator.connection_string())
        cls.addClassCleanup(cls.storage.close)

    def upload(self, container, name, text):
        self.storage.get_blob_client(container, name).upload_blob(text)
        return self.url_of(container, name)

    def url_of(self, container, name):
        """Its holder may read the blob."""
        sas = storage.generate_blob_sas(
            BLOB_ACCOUNT, container, name, account_key=BLOB_KEY, expiry=datetime.datetime.utcnow() + SOON,
            permission=storage.BlobSasPermissions(read=True))
        return f"{self.storage.get_blob_client(container, name).url}?{sas}"

    def container_for(self, container, **permissions):
        sas = storage.generate_container_sas(
            BLOB_ACCOUNT, container, account_key=BLOB_KEY, expiry=datetime.datetime.utcnow() + SOON,
            permission=storage.ContainerSasPermissions(**permissions))
        return f"{self.storage.get_container_client(container).url}?{sas}"


class StartTasks(PythonSampleCase):
    def test_a_start_task_fetches_its_resource_files(self):
        self.storage.create_container("resources")
        url = self.upload("resources", "words.txt", "from a blob\n")
        self.upload("resources", "data/more.txt", "from a container\n")
        self.upload("resources", "other.txt", "not asked for\n")
        self.add_pool("started", 1, start_task=models.StartTask(
            command_line="/bin/sh -c 'cp -r . $AZ_BATCH_NODE_SHARED_DIR/'", wait_for_success=True,
            resource_files=[
                models.ResourceFile(http_url=url, file_path="words.txt"),
                models.ResourceFile(
                    storage_container_url=self.container_for("resources", read=True, list=True), blob_prefix="data/"),
            ]))

        [node] = self.client.compute_node.list("started")
        info = node.start_task_info
        self.assertEqual((info.state.value, info.exit_code, info.result.value), ("completed", 0, "success"))
        fetched = b"".join(self.client.file.get_from_compute_node("started", node.id, "startup/wd/data/more.txt"))
        self.assertEqual(fetched, b"from a container\n")
        self.add_job("started", "started")
        self.add_tasks("started", models.TaskAddParameter(
            id="t", command_line="/bin/sh -c 'cd $AZ_BATCH_NODE_SHARED_DIR; find . -name \"*.txt\" | sort; cat words.txt'"))
        self.wait_for_tasks("started", "t")
        self.assertEqual(self.output("started", "t"), "./data/more.txt\n./words.txt\nfrom a blob\n")

    def test_a_start_task_whose_resource_file_is_missing_keeps_its_node_from_work(self):
        self.storage.create_container("empty")
        self.add_pool_that_fails("unstarted", models.StartTask(
            command_line="/bin/true", wait_for_success=True,
            resource_files=[models.ResourceFile(http_url=self.url_of("empty", "nothing"), file_path="nothing")]))
        [node] = self.client.compute_node.list("unstarted")
        info = node.start_task_info
        self.assertEqual((info.state.value, info.result.value), ("completed", "failure"))
        self.assertIsNone(info.exit_code)
        self.assertEqual(info.failure_info.code, "BlobNotFound")

    def add_pool_that_fails(self, pool, start_task):
        self.add_pool(pool, 0, start_task=start_task)
        self.client.pool.resize(pool, models.PoolResizeParameter(target_dedicated_nodes=1))
        wait_until(lambda: self.nodes_are(pool, "starttaskfailed") == 1, 20, "a failed start task")


class PersistedOutputs(PythonSampleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.add_pool(cls(), "persist", 1)

    def output_file(self, pattern, url, condition, path=None):
        return models.OutputFile(
            file_pattern=pattern,
            destination=models.OutputFileDestination(
                container=models.OutputFileBlobContainerDestination(container_url=url, path=path)),
            upload_options=models.OutputFileUploadOptions(upload_condition=condition))

    def test_outputs_are_persisted_by_patterns(self):
        container = self.storage.create_container("persisted")
        url = self.container_for("persisted", read=True, write=True, list=True)
        when = models.OutputFileUploadCondition
        self.add_job("persist", "persist")
        self.add_tasks("persist", models.TaskAddParameter(
            id="t",
            command_line="/bin/sh -c 'mkdir -p a/b; echo one > a/one.txt; echo two > a/b/two.txt; echo 3 > a/3.log; echo said'",
            output_files=[
                self.output_file("**/*.txt", url, when.task_success, "texts"),
                self.output_file("../std*.txt", url, when.task_completion, "logs"),
                self.output_file("a/?.log", url, when.task_success),
                self.output_file("**/*.txt", url, when.task_failure, "never"),
            ]))
        task = self.wait_for_tasks("persist", "t")["t"]
        self.assertEqual(task.execution_info.result.value, "success", task.execution_info.failure_info)
        self.assertEqual([blob.name for blob in container.list_blobs()], [
            "3.log", "logs/stderr.txt", "logs/stdout.txt", "texts/a/b/two.txt", "texts/a/one.txt"])
        self.assertEqual(container.download_blob("logs/stdout.txt").readall(), b"said\n")
        self.assertEqual(container.download_blob("texts/a/b/two.txt").readall(), b"two\n")
        found = self.client.task.get("persist", "t").output_files[0]
        self.assertEqual((found.file_pattern, found.destination.container.path), ("**/*.txt", "texts"))

    def test_an_upload_that_fails_is_told_and_ends_the_job(self):
        self.storage.create_container("sealed")
        url = self.container_for("sealed", read=True, list=True)
        self.add_job("sealed", "persist", on_task_failure=models.OnTaskFailure.perform_exit_options_job_action)
        self.add_tasks("sealed", models.TaskAddParameter(
            id="t", command_line="/bin/sh -c 'echo one > one.txt'",
            output_files=[self.output_file("*.txt", url, models.OutputFileUploadCondition.task_success)],
            exit_conditions=models.ExitConditions(
                file_upload_error=models.ExitOptions(job_action=models.JobAction.terminate),
                default=models.ExitOptions(job_action=models.JobAction.none))))
        execution = self.wait_for_tasks("sealed", "t")["t"].execution_info
        self.assertEqual((execution.exit_code, execution.result.value), (0, "failure"))
        self.assertEqual(execution.failure_info.code, "FileUploadAccessDenied")
        self.assertEqual(execution.failure_info.category, models.ErrorCategory.user_error)
        self.assertEqual(self.job_is("sealed", "completed").execution_info.terminate_reason, "TaskFailed")


class ListQueries(PythonBatchCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls()
        case.add_pool("queried", 1)
        case.add_pool("other", 0)
        for job in ("queried", "other"):
            case.add_job(job, "queried")
        commands = {**{f"bad{number}": "/bin/false" for number in range(5)}, "good": "/bin/true"}
        case.add_tasks("queried", *(models.TaskAddParameter(id=task, command_line=command) for task, command in commands.items()))
        case.wait_for_tasks("queried", *commands)

    def test_tasks_are_chosen_by_result_with_their_statistics(self):
        found = list(self.client.task.list("queried", models.TaskListOptions(
            filter="executionInfo/result eq 'failure' and startswith(id, 'bad')", select="id,executionInfo,stats",
            expand="stats", max_results=2)))
        self.assertEqual(sorted(task.id for task in found), [f"bad{number}" for number in range(5)])
        for task in found:
            self.assertEqual(task.execution_info.exit_code, 1)
            self.assertGreater(task.stats.wall_clock_time, datetime.timedelta())
            self.assertEqual((task.command_line, task.state, task.url), (None, None, None))

    def test_only_what_is_expanded_is_there(self):
        [plain] = self.client.task.list("queried", models.TaskListOptions(filter="id eq 'good'"))
        self.assertEqual((plain.command_line, plain.stats), ("/bin/true", None))

    def test_jobs_are_chosen_with_their_statistics(self):
        [job] = self.client.job.list(models.JobListOptions(
            filter="state eq 'active' and id eq 'queried'", select="id,stats", expand="stats"))
        self.assertEqual((job.id, job.state, job.pool_info), ("queried", None, None))
        self.assertEqual((job.stats.num_succeeded_tasks, job.stats.num_failed_tasks), (1, 5))

    def test_pools_are_chosen_with_their_statistics(self):
        options = models.PoolListOptions(
            filter="startswith(id, 'quer') and allocationState eq 'steady'", select="id,stats", expand="stats")
        [pool] = self.client.pool.list(options)
        self.assertEqual((pool.id, pool.vm_size, pool.state), ("queried", None, None))
        self.assertGreater(pool.stats.usage_stats.dedicated_core_time, datetime.timedelta())

    def test_schedules_are_chosen_with_their_statistics(self):
        for schedule in ("nightly", "weekly"):
            self.client.job_schedule.add(models.JobScheduleAddParameter(
                id=schedule, schedule=models.Schedule(do_not_run_until=datetime.datetime.now(datetime.timezone.utc) + SOON),
                job_specification=models.JobSpecification(pool_info=models.PoolInformation(pool_id="queried"))))
        self.client.job_schedule.disable("weekly")
        [found] = self.client.job_schedule.list(models.JobScheduleListOptions(
            filter="state eq 'active' and startswith(id, 'n')", select="id,stats", expand="stats"))
        self.assertEqual((found.id, found.state, found.job_specification), ("nightly", None, None))
        self.assertEqual(found.stats.num_succeeded_tasks, 0)


if __name__ == "__main__":
    unittest.main()

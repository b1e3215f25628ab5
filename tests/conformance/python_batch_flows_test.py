"""The flows of the service's well-known sample programs with the official Python SDK: an auto pool, preparation and
release of nodes, dependencies, a formula, nodes that are restarted."""

import datetime
import unittest

from batch_python import MACHINE, PythonBatchCase, models
from emulator import wait_until

# What a job manager does that was given nothing but a token.
MANAGER = """
import os
import azure.batch
import azure.batch.models as models
from msrest.authentication import BasicTokenAuthentication

credentials = BasicTokenAuthentication({"access_token": os.environ["AZ_BATCH_AUTHENTICATION_TOKEN"]})
client = azure.batch.BatchServiceClient(credentials, batch_url=os.environ["AZ_BATCH_ACCOUNT_URL"])
job = os.environ["AZ_BATCH_JOB_ID"]
tasks = list(client.task.list(job))
added = client.task.add_collection(job, [
    models.TaskAddParameter(id=f"added-{number}", command_line="/bin/true") for number in range(2)])
try:
    list(client.pool.list())
except models.BatchErrorException as error:
    print(f"{len(tasks)} task, {len(added.value)} added, pools: {error.error.code}")
"""


class Flows(PythonBatchCase):
    def test_hello_world_on_an_auto_pool(self):
        pool = models.PoolSpecification(
            vm_size="standard_a1_v2", virtual_machine_configuration=MACHINE, target_dedicated_nodes=1)
        self.client.job.add(models.JobAddParameter(
            id="hello", on_all_tasks_complete=models.OnAllTasksComplete.no_action,
            pool_info=models.PoolInformation(auto_pool_specification=models.AutoPoolSpecification(
                auto_pool_id_prefix="hello", pool=pool, keep_alive=False,
                pool_lifetime_option=models.PoolLifetimeOption.job))))
        self.add_tasks("hello", models.TaskAddParameter(id="t", command_line="/bin/echo Hello world"))
        self.wait_for_tasks("hello", "t")
        self.assertEqual(self.output("hello", "t"), "Hello world\n")
        made = self.client.job.get("hello").execution_info.pool_id
        self.client.job.patch("hello", models.JobPatchParameter(
            on_all_tasks_complete=models.OnAllTasksComplete.terminate_job))
        self.assertEqual(self.job_is("hello", "completed").execution_info.terminate_reason, "AllTasksComplete")
        wait_until(lambda: not self.client.pool.exists(made), 20, "the end of the auto pool")

    def test_nodes_are_prepared_and_released(self):
        self.add_pool("prepared", 2)
        shared = "$AZ_BATCH_NODE_SHARED_DIR/job_prep.txt"
        self.add_job(
            "prepared", "prepared",
            job_preparation_task=models.JobPreparationTask(
                command_line=f"/bin/sh -c 'echo Node tasks: > {shared}'", wait_for_success=True),
            job_release_task=models.JobReleaseTask(command_line=f"/bin/sh -c 'rm {shared}'"))
        ids = [f"task{number}" for number in range(8)]
        self.add_tasks("prepared", *(
            models.TaskAddParameter(id=task, command_line=f"/bin/sh -c 'echo $AZ_BATCH_TASK_ID >> {shared}'")
            for task in ids))
        self.wait_for_tasks("prepared", *ids)
        written = []
        for node in self.client.compute_node.list("prepared"):
            text = b"".join(self.client.file.get_from_compute_node("prepared", node.id, "shared/job_prep.txt")).decode()
            self.assertEqual(text.splitlines()[0], "Node tasks:")
            written += text.splitlines()[1:]
        self.assertEqual(sorted(written), ids)
        self.client.job.terminate("prepared")
        self.job_is("prepared", "completed")
        statuses = list(self.client.job.list_preparation_and_release_task_status("prepared"))
        self.assertEqual(len(statuses), 2)
        for status in statuses:
            self.assertEqual(status.job_preparation_task_execution_info.exit_code, 0)
            self.assertEqual(status.job_release_task_execution_info.exit_code, 0)

    def test_tasks_depend_on_each_other_by_id_and_by_range(self):
        self.add_pool("depend", 2)
        self.add_job("depend", "depend", uses_task_dependencies=True)
        task = models.TaskAddParameter
        self.add_tasks(
            "depend",
            task(id="Rain", command_line="/bin/echo Rain"),
            task(id="Sun", command_line="/bin/echo Sun"),
            task(id="Flowers", command_line="/bin/echo Flowers",
                 depends_on=models.TaskDependencies(task_ids=["Rain", "Sun"])),
            *(task(id=str(number), command_line="/bin/true") for number in range(1, 11)),
            task(id="Final", command_line="/bin/echo Final",
                 depends_on=models.TaskDependencies(task_id_ranges=[models.TaskIdRange(start=1, end=10)])),
        )
        tasks = self.wait_for_tasks("depend", "Flowers", "Final")
        for parent in ("Rain", "Sun"):
            self.assertLessEqual(tasks[parent].execution_info.end_time, tasks["Flowers"].execution_info.start_time)
        self.assertEqual(tasks["Flowers"].depends_on.task_ids, ["Rain", "Sun"])
        self.assertEqual(tasks["Final"].depends_on.task_id_ranges[0].end, 10)

    def test_a_pool_scales_by_a_formula(self):
        self.add_pool("scales", 0)
        self.client.pool.enable_auto_scale(
            "scales", auto_scale_formula="$TargetDedicatedNodes = 1 + 1; $NodeDeallocationOption = taskcompletion;",
            auto_scale_evaluation_interval=datetime.timedelta(minutes=5))
        wait_until(lambda: self.nodes_are("scales", "idle") == 2, 20, "two nodes")
        run = self.client.pool.get("scales").auto_scale_run
        self.assertEqual(
            run.results, "$TargetDedicatedNodes=2;$TargetLowPriorityNodes=0;$NodeDeallocationOption=taskcompletion")
        tried = self.client.pool.evaluate_auto_scale("scales", "$TargetDedicatedNodes = $CurrentDedicatedNodes + 3;")
        self.assertIn("$TargetDedicatedNodes=5", tried.results)
        tried = self.client.pool.evaluate_auto_scale("scales", "$TargetDedicatedNodes = nonsense(1);")
        self.assertIsNotNone(tried.error)
        self.client.pool.disable_auto_scale("scales")
        self.assertFalse(self.client.pool.get("scales").enable_auto_scale)

    def test_nodes_are_restarted_taken_out_and_removed(self):
        self.add_pool("nodes", 2)
        first, second = (node.id for node in self.client.compute_node.list("nodes"))
        booted = self.client.compute_node.get("nodes", first).last_boot_time
        self.client.compute_node.reboot("nodes", first, models.ComputeNodeRebootOption.task_completion)
        wait_until(lambda: self.client.compute_node.get("nodes", first).last_boot_time > booted, 20, "a reboot")
        self.client.compute_node.disable_scheduling("nodes", second)
        wait_until(lambda: self.nodes_are("nodes", "offline") == 1, 20, "a node offline")
        self.client.compute_node.enable_scheduling("nodes", second)
        wait_until(lambda: self.nodes_are("nodes", "idle") == 2, 20, "both nodes idle")
        self.client.pool.remove_nodes("nodes", models.NodeRemoveParameter(node_list=[first]))
        wait_until(lambda: [node.id for node in self.client.compute_node.list("nodes")] == [second], 20, "one node")
        self.assertEqual(self.client.pool.get("nodes").target_dedicated_nodes, 1)

    def test_a_job_manager_ends_its_job_and_a_job_is_disabled(self):
        self.add_pool("manager", 1)
        self.add_job("managed", "manager", job_manager_task=models.JobManagerTask(
            id="manager", command_line="/bin/true", kill_job_on_completion=True))
        self.assertEqual(self.job_is("managed", "completed").execution_info.terminate_reason, "JMComplete")
        self.add_job("paused", "manager")
        self.client.job.disable("paused", models.DisableJobOption.requeue)
        self.job_is("paused", "disabled")
        self.add_tasks("paused", models.TaskAddParameter(id="t", command_line="/bin/false"))
        self.client.job.enable("paused")
        self.assertEqual(self.wait_for_tasks("paused", "t")["t"].execution_info.exit_code, 1)
        self.client.task.reactivate("paused", "t")
        self.wait_for_tasks("paused", "t")

    # the job scheduler sample
    def test_a_schedule_makes_a_job_whose_manager_runs(self):
        self.add_pool("scheduled", 1)
        now = datetime.datetime.now(datetime.timezone.utc)
        specification = models.JobSpecification(
            pool_info=models.PoolInformation(pool_id="scheduled"),
            on_all_tasks_complete=models.OnAllTasksComplete.terminate_job,
            job_manager_task=models.JobManagerTask(id="manager", command_line="/bin/sh -c 'echo $AZ_BATCH_JOB_ID'"))
        self.client.job_schedule.add(models.JobScheduleAddParameter(
            id="nightly", job_specification=specification, schedule=models.Schedule(
                do_not_run_after=now + datetime.timedelta(days=2),
                start_window=datetime.timedelta(minutes=10), recurrence_interval=datetime.timedelta(hours=1))))
        self.job_is_of_schedule("nightly:job-1", "completed")
        self.assertEqual(self.output("nightly:job-1", "manager"), "nightly:job-1\n")
        found = self.client.job_schedule.get("nightly")
        self.assertEqual((found.state.value, found.execution_info.recent_job.id), ("active", "nightly:job-1"))
        self.assertEqual(found.schedule.recurrence_interval, datetime.timedelta(hours=1))
        self.assertGreater(found.execution_info.next_run_time, now)
        self.assertEqual([job.id for job in self.client.job.list_from_job_schedule("nightly")], ["nightly:job-1"])
        self.assertIs(self.client.job_schedule.exists("nightly"), True)
        self.client.job_schedule.disable("nightly")
        self.client.job_schedule.enable("nightly")
        self.client.job_schedule.patch("nightly", models.JobSchedulePatchParameter(
            metadata=[models.MetadataItem(name="a", value="b")]))
        self.assertEqual(self.client.job_schedule.get("nightly").metadata[0].value, "b")
        self.client.job_schedule.terminate("nightly")
        wait_until(lambda: self.client.job_schedule.get("nightly").state.value == "completed", 20, "the end of the schedule")
        self.client.job_schedule.delete("nightly")
        wait_until(lambda: not self.client.job_schedule.exists("nightly"), 20, "the schedule to be gone")

    def job_is_of_schedule(self, job, state):
        def found():
            try:
                return self.client.job.get(job).state.value == state
            except models.BatchErrorException as error:
                self.assertEqual(error.error.code, "JobNotFound")
                return False
        wait_until(found, 20, f"{job} {state}")

    def test_a_job_manager_works_with_its_token(self):
        script = self.emulator.folder / "manager.py"
        script.write_text(MANAGER)
        self.add_pool("token", 1)
        self.add_job("token", "token", job_manager_task=models.JobManagerTask(
            id="manager", command_line=f"/usr/bin/python3 {script}", kill_job_on_completion=False, run_exclusive=False,
            authentication_token_settings=models.AuthenticationTokenSettings(access=[models.AccessScope.job])))
        task = self.wait_for_tasks("token", "manager")["manager"]
        self.assertEqual(task.execution_info.exit_code, 0, self.output("token", "manager"))
        self.assertEqual(self.output("token", "manager"), "1 task, 2 added, pools: Forbidden\n")
        self.wait_for_tasks("token", "added-0", "added-1")
        manager = self.client.job.get("token").job_manager_task
        self.assertEqual([scope.value for scope in manager.authentication_token_settings.access], ["job"])


if __name__ == "__main__":
    unittest.main()

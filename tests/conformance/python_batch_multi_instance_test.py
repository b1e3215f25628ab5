"""The flow of the service's sample for message passing with the official Python SDK: a multi-instance task whose nodes
start a server each, whose primary asks all of them, and whose subtasks' files are read from their nodes."""

from batch_python import MACHINE, PythonBatchCase, models
from emulator import wait_until

INSTANCES = 3


class MultiInstance(PythonBatchCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client.pool.add(models.PoolAddParameter(
            id="mpi", vm_size="standard_a1_v2", target_dedicated_nodes=INSTANCES, task_slots_per_node=1,
            enable_inter_node_communication=True, virtual_machine_configuration=MACHINE))
        cls.client.job.add(models.JobAddParameter(id="mpi", pool_info=models.PoolInformation(pool_id="mpi")))

    def content(self, stream):
        return b"".join(stream).decode()

    def test_subtasks_coordinate_and_the_primary_finds_their_servers(self):
        self.assertTrue(self.client.pool.get("mpi").enable_inter_node_communication)
        meeting = self.emulator.folder / "meeting"
        meeting.mkdir()
        # A server is a process that leaves its node's name where the primary looks, and goes on.
        serve = f"/bin/sh -c 'echo coordinating on $AZ_BATCH_NODE_ID; (echo $AZ_BATCH_NODE_ID > {meeting}/$AZ_BATCH_NODE_ID; exec sleep 600) &'"
        ask = f"/bin/sh -c 'while [ $(ls {meeting} | wc -l) -lt {INSTANCES} ]; do sleep 0.02; done; cat {meeting}/*; echo $AZ_BATCH_HOST_LIST > hosts'"
        self.client.task.add("mpi", models.TaskAddParameter(
            id="mpi", command_line=ask,
            multi_instance_settings=models.MultiInstanceSettings(
                number_of_instances=INSTANCES, coordination_command_line=serve)))

        task = wait_until(
            lambda: (found := self.client.task.get("mpi", "mpi")).state.value == "completed" and found, 30, "the task")

        self.assertEqual(task.execution_info.exit_code, 0)
        self.assertEqual(task.execution_info.result.value, "success")
        self.assertEqual(task.multi_instance_settings.number_of_instances, INSTANCES)
        nodes = {node.id: node for node in self.client.compute_node.list("mpi")}
        output = self.content(self.client.file.get_from_task("mpi", "mpi", "stdout.txt")).splitlines()
        self.assertEqual(output, [f"coordinating on {task.node_info.node_id}", *sorted(nodes)])
        subtasks = self.client.task.list_subtasks("mpi", "mpi").value
        self.assertEqual([subtask.id for subtask in subtasks], list(range(1, INSTANCES)))
        for subtask in subtasks:
            self.assertEqual((subtask.state.value, subtask.exit_code), ("completed", 0))
            self.assertEqual(subtask.result.value, "success")
            self.assertIsNone(subtask.failure_info)
            info = subtask.node_info
            text = self.content(self.client.file.get_from_compute_node(
                info.pool_id, info.node_id, f"{info.task_root_directory}/stdout.txt"))
            self.assertEqual(text, f"coordinating on {info.node_id}\n")
            recent = nodes[info.node_id].recent_tasks[0]
            self.assertEqual((recent.task_id, recent.subtask_id), ("mpi", subtask.id))
        self.assertEqual(len({task.node_info.node_id, *(subtask.node_info.node_id for subtask in subtasks)}), INSTANCES)
        hosts = self.content(self.client.file.get_from_task("mpi", "mpi", "wd/hosts")).strip().split(",")
        self.assertEqual(sorted(hosts), sorted(node.ip_address for node in nodes.values()))
        self.assertEqual(hosts[0], nodes[task.node_info.node_id].ip_address)

    def test_a_task_follows_another_to_its_node(self):
        self.client.task.add("mpi", models.TaskAddParameter(id="first", command_line="/bin/true"))
        completed = lambda task: wait_until(
            lambda: (found := self.client.task.get("mpi", task)).state.value == "completed" and found, 30, task)
        place = completed("first").node_info
        self.client.task.add("mpi", models.TaskAddParameter(
            id="second", command_line="/bin/true",
            affinity_info=models.AffinityInformation(affinity_id=place.affinity_id)))
        self.assertEqual(completed("second").node_info.node_id, place.node_id)
        self.assertEqual(list(self.client.task.list_subtasks("mpi", "second").value), [])

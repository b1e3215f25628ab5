"""What tests with the official Batch SDK for Python share: azure-batch 13, a client of a running emulator, and what most
flows begin with."""

import unittest

from emulator import BATCH_ACCOUNT, BATCH_KEY, Emulator, wait_until

try:
    import azure.batch
    import azure.batch.models as models
    from azure.batch.batch_auth import SharedKeyCredentials
except ImportError as missing:
    raise unittest.SkipTest(f"azure-batch 13 is not installed (apt-get install python3-azure): {missing}")

if not hasattr(azure.batch, "BatchServiceClient"):
    raise unittest.SkipTest("this is not azure-batch 13, but a later one with another face")

MACHINE = models.VirtualMachineConfiguration(
    image_reference=models.ImageReference(publisher="canonical", offer="ubuntuserver", sku="18.04-lts"),
    node_agent_sku_id="batch.node.ubuntu 18.04",
)


class PythonBatchCase(unittest.TestCase):
    """Tests of one class that share an emulator and a client."""

    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator()
        cls.addClassCleanup(cls.emulator.stop)
        cls.client = azure.batch.BatchServiceClient(
            SharedKeyCredentials(BATCH_ACCOUNT, BATCH_KEY), batch_url=cls.emulator.batch)

    def add_pool(self, pool, nodes, **members):
        self.client.pool.add(models.PoolAddParameter(
            id=pool, vm_size="standard_a1_v2", virtual_machine_configuration=MACHINE,
            target_dedicated_nodes=nodes, **members))
        wait_until(lambda: self.nodes_are(pool, "idle") == nodes, 20, f"{nodes} idle nodes of {pool}")

    def nodes_are(self, pool, state):
        return sum(node.state.value == state for node in self.client.compute_node.list(pool))

    def add_job(self, job, pool, **members):
        self.client.job.add(models.JobAddParameter(id=job, pool_info=models.PoolInformation(pool_id=pool), **members))

    def job_is(self, job, state):
        return wait_until(lambda: (found := self.client.job.get(job)).state.value == state and found, 20, f"{job} {state}")

    def add_tasks(self, job, *tasks):
        results = self.client.task.add_collection(job, list(tasks)).value
        self.assertEqual([result.status.value for result in results], ["success"] * len(tasks))

    def wait_for_tasks(self, job, *ids):
        def all_done():
            tasks = {task.id: task for task in self.client.task.list(job)}
            return all(tasks[task].state.value == "completed" for task in ids) and tasks
        return wait_until(all_done, 30, f"tasks {ids}")

    def output(self, job, task):
        return b"".join(self.client.file.get_from_task(job, task, "stdout.txt")).decode()

"""The two generations of the official Batch SDK for Python behind one face, for the tutorial's flow.

Debian 12 has azure-batch 13 (BatchServiceClient), Debian 13 has azure-batch 15 (BatchClient).
"""

import azure.batch
import azure.batch.models as models

from emulator import BATCH_ACCOUNT, BATCH_KEY

IMAGE = {"publisher": "Canonical", "offer": "UbuntuServer", "sku": "18.04-LTS", "version": "latest"}
AGENT = "batch.node.ubuntu 18.04"
INSTALL = '/bin/bash -c "apt-get update && apt-get install -y ffmpeg"'


class Generation13:
    def __init__(self, url, authority):
        from azure.batch.batch_auth import SharedKeyCredentials

        self.client = azure.batch.BatchServiceClient(SharedKeyCredentials(BATCH_ACCOUNT, BATCH_KEY), batch_url=url)
        if authority is not None:
            self.client.config.connection.verify = authority

    def add_pool(self, pool, spot_nodes):
        admin = models.UserIdentity(auto_user=models.AutoUserSpecification(
            scope=models.AutoUserScope.pool, elevation_level=models.ElevationLevel.admin))
        self.client.pool.add(models.PoolAddParameter(
            id=pool,
            virtual_machine_configuration=models.VirtualMachineConfiguration(
                image_reference=models.ImageReference(**IMAGE), node_agent_sku_id=AGENT),
            vm_size="STANDARD_A1_v2",
            target_dedicated_nodes=0,
            target_low_priority_nodes=spot_nodes,
            start_task=models.StartTask(command_line=INSTALL, wait_for_success=True, user_identity=admin),
        ))

    def add_job(self, job, pool):
        self.client.job.add(models.JobAddParameter(id=job, pool_info=models.PoolInformation(pool_id=pool)))

    def add_tasks(self, job, tasks):
        """tasks: (id, command line, name of the input, its URL, name of the output, URL of the output container)."""
        added = self.client.task.add_collection(job, [
            models.TaskAddParameter(
                id=task, command_line=command,
                resource_files=[models.ResourceFile(http_url=url, file_path=name)],
                output_files=[models.OutputFile(
                    file_pattern=pattern,
                    destination=models.OutputFileDestination(
                        container=models.OutputFileBlobContainerDestination(container_url=container)),
                    upload_options=models.OutputFileUploadOptions(
                        upload_condition=models.OutputFileUploadCondition.task_success))],
            )
            for task, command, name, url, pattern, container in tasks
        ])
        return [str(result.status.value) for result in added.value]

    def tasks(self, job):
        return list(self.client.task.list(job))

    def delete_job(self, job):
        self.client.job.delete(job)

    def delete_pool(self, pool):
        self.client.pool.delete(pool)


class Generation15:
    def __init__(self, url, authority):
        from azure.core.credentials import AzureNamedKeyCredential

        trust = {} if authority is None else {"connection_verify": authority}
        self.client = azure.batch.BatchClient(url, AzureNamedKeyCredential(BATCH_ACCOUNT, BATCH_KEY), **trust)

    def add_pool(self, pool, spot_nodes):
        admin = models.UserIdentity(auto_user=models.AutoUserSpecification(
            scope=models.AutoUserScope.POOL, elevation_level=models.ElevationLevel.ADMIN))
        self.client.create_pool(models.BatchPoolCreateContent(
            id=pool,
            virtual_machine_configuration=models.VirtualMachineConfiguration(
                image_reference=models.ImageReference(**IMAGE), node_agent_sku_id=AGENT),
            vm_size="STANDARD_A1_v2",
            target_dedicated_nodes=0,
            target_low_priority_nodes=spot_nodes,
            start_task=models.BatchStartTask(command_line=INSTALL, wait_for_success=True, user_identity=admin),
        ))

    def add_job(self, job, pool):
        self.client.create_job(models.BatchJobCreateContent(id=job, pool_info=models.BatchPoolInfo(pool_id=pool)))

    def add_tasks(self, job, tasks):
        added = self.client.create_task_collection(job, models.BatchTaskGroup(value=[
            models.BatchTaskCreateContent(
                id=task, command_line=command,
                resource_files=[models.ResourceFile(http_url=url, file_path=name)],
                output_files=[models.OutputFile(
                    file_pattern=pattern,
                    destination=models.OutputFileDestination(
                        container=models.OutputFileBlobContainerDestination(container_url=container)),
                    upload_options=models.OutputFileUploadConfig(
                        upload_condition=models.OutputFileUploadCondition.TASK_SUCCESS))],
            )
            for task, command, name, url, pattern, container in tasks
        ]))
        return [str(getattr(result.status, "value", result.status)) for result in added.value]

    def tasks(self, job):
        return list(self.client.list_tasks(job))

    def delete_job(self, job):
        self.client.delete_job(job)

    def delete_pool(self, pool):
        self.client.delete_pool(pool)


def batch_sdk(url, authority=None):
    """By HTTPS it trusts the certificates of that authority, a file."""
    return (Generation13 if hasattr(azure.batch, "BatchServiceClient") else Generation15)(url, authority)

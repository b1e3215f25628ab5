"""A program as people write it after Batch's media tutorial: accounts and keys at the top, Azure's own host names, nothing
about an emulator. Turns the films of a folder into music in another."""

import datetime
import pathlib
import sys
import time

from azure.batch import BatchServiceClient, models
from azure.batch.batch_auth import SharedKeyCredentials
from azure.multiapi.storage.v2018_11_09.blob import BlobPermissions, BlockBlobService, ContainerPermissions

BATCH_ACCOUNT_NAME = "devbatchaccount1"
BATCH_ACCOUNT_KEY = "Ymx1ZWJhdGNoIGVtdWxhdG9yOiB0aGUgd2VsbC1rbm93biBkZXZlbG9wbWVudCBrZXksIG5vdCBhIHNlY3JldA=="
BATCH_ACCOUNT_URL = "https://devbatchaccount1.westeurope.batch.azure.com"
STORAGE_ACCOUNT_NAME = "devstoreaccount1"
STORAGE_ACCOUNT_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
POOL_ID = "LinuxFfmpegPool"
JOB_ID = "LinuxFfmpegJob"
TWO_HOURS = datetime.timedelta(hours=2)


def upload(storage, film):
    storage.create_blob_from_path("input", film.name, str(film))
    token = storage.generate_blob_shared_access_signature(
        "input", film.name, permission=BlobPermissions.READ, expiry=datetime.datetime.utcnow() + TWO_HOURS)
    return models.ResourceFile(http_url=storage.make_blob_url("input", film.name, sas_token=token), file_path=film.name)


def output_container_url(storage):
    token = storage.generate_container_shared_access_signature(
        "output", permission=ContainerPermissions.WRITE, expiry=datetime.datetime.utcnow() + TWO_HOURS)
    return f"https://{STORAGE_ACCOUNT_NAME}.blob.core.windows.net/output?{token}"


def pool():
    image = models.ImageReference(publisher="Canonical", offer="UbuntuServer", sku="18.04-LTS", version="latest")
    admin = models.UserIdentity(auto_user=models.AutoUserSpecification(scope="pool", elevation_level="admin"))
    return models.PoolAddParameter(
        id=POOL_ID, vm_size="STANDARD_A1_v2", target_dedicated_nodes=0, target_low_priority_nodes=2,
        virtual_machine_configuration=models.VirtualMachineConfiguration(
            image_reference=image, node_agent_sku_id="batch.node.ubuntu 18.04"),
        start_task=models.StartTask(
            command_line='/bin/bash -c "apt-get update && apt-get install -y ffmpeg"', wait_for_success=True, user_identity=admin))


def task(number, given, container_url):
    music = pathlib.Path(given.file_path).with_suffix(".mp3").name
    return models.TaskAddParameter(
        id=f"Task{number}", command_line=f'/bin/bash -c "ffmpeg -i \'{given.file_path}\' \'{music}\'"', resource_files=[given],
        output_files=[models.OutputFile(
            file_pattern=music,
            destination=models.OutputFileDestination(container=models.OutputFileBlobContainerDestination(container_url=container_url)),
            upload_options=models.OutputFileUploadOptions(upload_condition=models.OutputFileUploadCondition.task_success))])


def wait_for_tasks(batch):
    deadline = time.monotonic() + 120
    while any(found.state != models.TaskState.completed for found in batch.task.list(JOB_ID)):
        if time.monotonic() > deadline:
            raise RuntimeError("the tasks did not end in time")
        time.sleep(0.2)
    return [found.id for found in batch.task.list(JOB_ID) if found.execution_info.result != models.TaskExecutionResult.success]


def main(films, music):
    storage = BlockBlobService(account_name=STORAGE_ACCOUNT_NAME, account_key=STORAGE_ACCOUNT_KEY)
    for container in ("input", "output"):
        storage.create_container(container, fail_on_exist=False)
    given = [upload(storage, film) for film in sorted(pathlib.Path(films).glob("*.mp4"))]
    batch = BatchServiceClient(SharedKeyCredentials(BATCH_ACCOUNT_NAME, BATCH_ACCOUNT_KEY), batch_url=BATCH_ACCOUNT_URL)
    batch.pool.add(pool())
    batch.job.add(models.JobAddParameter(id=JOB_ID, pool_info=models.PoolInformation(pool_id=POOL_ID)))
    container_url = output_container_url(storage)
    batch.task.add_collection(JOB_ID, [task(number, file, container_url) for number, file in enumerate(given)])
    failed = wait_for_tasks(batch)
    for blob in storage.list_blobs("output"):
        storage.get_blob_to_path("output", blob.name, str(pathlib.Path(music, blob.name)))
    storage.delete_container("input")
    batch.job.delete(JOB_ID)
    batch.pool.delete(POOL_ID)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

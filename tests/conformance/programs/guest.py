"""A task that reads a blob by a signature. The accounts, their names and keys, are nobody's but this program's.

Arguments: storage account, Batch account, key of both.
"""

import datetime
import sys
import time

import azure.batch.models as models
from azure.batch import BatchServiceClient
from azure.batch.batch_auth import SharedKeyCredentials
from azure.core.exceptions import ResourceExistsError
from azure.storage.blob import BlobServiceClient, generate_container_sas

storage_account, batch_account, key = sys.argv[1:]
blobs = BlobServiceClient(f"https://{storage_account}.blob.core.windows.net", credential=key)
films = blobs.get_container_client("films")
try:
    films.create_container()
except ResourceExistsError:
    print("there already:", [blob.name for blob in films.list_blobs()])
films.upload_blob("a.txt", b"what was written\n", overwrite=True)
expiry = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
sas = generate_container_sas(storage_account, "films", account_key=key, permission="rl", expiry=expiry)

batch = BatchServiceClient(
    SharedKeyCredentials(batch_account, key), batch_url=f"https://{batch_account}.westeurope.batch.azure.com")
if not batch.pool.exists("pool"):
    batch.pool.add(models.PoolAddParameter(
        id="pool", vm_size="standard_a1_v2", target_dedicated_nodes=1,
        virtual_machine_configuration=models.VirtualMachineConfiguration(
            image_reference=models.ImageReference(publisher="canonical", offer="ubuntuserver", sku="18.04-lts"),
            node_agent_sku_id="batch.node.ubuntu 18.04")))
job = f"job-{time.time_ns()}"
batch.job.add(models.JobAddParameter(id=job, pool_info=models.PoolInformation(pool_id="pool")))
url = f"https://{storage_account}.blob.core.windows.net/films/a.txt?{sas}"
batch.task.add(job, models.TaskAddParameter(
    id="task", command_line="cat a.txt", resource_files=[models.ResourceFile(http_url=url, file_path="a.txt")]))
deadline = time.monotonic() + 60
while batch.task.get(job, "task").state != models.TaskState.completed:
    if time.monotonic() > deadline:
        sys.exit("the task has not ended")
    time.sleep(0.1)
execution = batch.task.get(job, "task").execution_info
if execution.exit_code != 0:
    sys.exit(f"the task has failed: {execution.failure_info}")
sys.stdout.write(b"".join(batch.file.get_from_task(job, "task", "stdout.txt")).decode())

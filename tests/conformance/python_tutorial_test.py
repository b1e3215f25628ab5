"""The media tutorial with the official Python SDKs: films in, pool, job, tasks, music out."""

import datetime
import tempfile
import unittest

from emulator import BLOB_ACCOUNT, BLOB_KEY, Emulator, wait_until
from media import demo_files, looks_like_mp3, mp3_of_real_ffmpeg

try:
    from azure.storage import blob as storage
    from batch_sdk import batch_sdk
except ImportError as missing:
    raise unittest.SkipTest(f"the Python SDKs are not installed (apt-get install python3-azure): {missing}")

try:
    from azure.multiapi.storage.v2018_11_09 import blob as old_storage
except ImportError:
    old_storage = None

POOL = "LinuxFFmpegPool"
JOB = "LinuxFFmpegJob"
TIMEOUT = datetime.timedelta(minutes=2)


class CurrentStorage:
    """azure-storage-blob 12."""

    def __init__(self, emulator):
        self.service = storage.BlobServiceClient.from_connection_string(emulator.connection_string())

    def create_container(self, name):
        self.service.create_container(name)

    def upload(self, container, path):
        client = self.service.get_blob_client(container, path.name)
        with path.open("rb") as film:
            client.upload_blob(film, overwrite=True)
        sas = storage.generate_blob_sas(
            BLOB_ACCOUNT, container, path.name, account_key=BLOB_KEY,
            permission=storage.BlobSasPermissions(read=True), expiry=datetime.datetime.utcnow() + TIMEOUT,
        )
        return f"{client.url}?{sas}"

    def container_for_writing(self, container):
        sas = storage.generate_container_sas(
            BLOB_ACCOUNT, container, account_key=BLOB_KEY,
            permission=storage.ContainerSasPermissions(write=True), expiry=datetime.datetime.utcnow() + TIMEOUT,
        )
        return f"{self.service.get_container_client(container).url}?{sas}"

    def names(self, container):
        return [found.name for found in self.service.get_container_client(container).list_blobs()]

    def download(self, container, name):
        return self.service.get_blob_client(container, name).download_blob().readall()

    def delete_container(self, name):
        self.service.delete_container(name)


class OldStorage:
    """The BlockBlobService of the 2018 SDK, which the tutorial was first written for."""

    def __init__(self, emulator):
        self.service = old_storage.BlockBlobService(connection_string=emulator.connection_string())

    def create_container(self, name):
        self.service.create_container(name, fail_on_exist=False)

    def upload(self, container, path):
        self.service.create_blob_from_path(container, path.name, str(path))
        sas = self.service.generate_blob_shared_access_signature(
            container, path.name, permission=old_storage.BlobPermissions.READ,
            expiry=datetime.datetime.utcnow() + TIMEOUT,
        )
        return self.service.make_blob_url(container, path.name, sas_token=sas)

    def container_for_writing(self, container):
        sas = self.service.generate_container_shared_access_signature(
            container, permission=old_storage.ContainerPermissions.WRITE,
            expiry=datetime.datetime.utcnow() + TIMEOUT,
        )
        return self.service.make_container_url(container).split("?")[0] + f"?{sas}"

    def names(self, container):
        return [found.name for found in self.service.list_blobs(container)]

    def download(self, container, name):
        return self.service.get_blob_to_bytes(container, name).content

    def delete_container(self, name):
        self.service.delete_container(name)


def command_for(film):
    return f"/bin/bash -c \"ffmpeg -i '{film.name}' '{film.with_suffix('.mp3').name}'\""


class PythonTutorial(unittest.TestCase):
    def setUp(self):
        self.emulator = Emulator()
        self.addCleanup(self.emulator.stop)
        self.batch = batch_sdk(self.emulator.batch)

    def run_tutorial(self, store):
        films = demo_files()
        store.create_container("input")
        store.create_container("output")
        input_urls = [store.upload("input", film) for film in films]
        output_url = store.container_for_writing("output")

        self.batch.add_pool(POOL, spot_nodes=5)
        self.batch.add_job(JOB, POOL)
        statuses = self.batch.add_tasks(JOB, [
            (f"Task{number}", command_for(film), film.name, url, film.with_suffix(".mp3").name, output_url)
            for number, (film, url) in enumerate(zip(films, input_urls))
        ])
        self.assertEqual([status.lower() for status in statuses], ["success"] * len(films))
        for task in self.completed_tasks():
            self.assertEqual(task.execution_info.exit_code, 0, task.execution_info.failure_info)
            self.assertEqual(task.execution_info.result, "success")

        self.assertEqual(sorted(store.names("output")), sorted(film.with_suffix(".mp3").name for film in films))
        for film in films:
            self.check_music(film, store.download("output", film.with_suffix(".mp3").name))

        store.delete_container("input")
        self.batch.delete_job(JOB)
        self.batch.delete_pool(POOL)

    def completed_tasks(self):
        def all_completed():
            tasks = self.batch.tasks(JOB)
            return all(task.state == "completed" for task in tasks) and tasks

        return wait_until(all_completed, TIMEOUT.total_seconds(), "every task is completed")

    def check_music(self, film, music):
        self.assertTrue(looks_like_mp3(music), film.name)
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(music, mp3_of_real_ffmpeg(film, f"{folder}/expected.mp3"), film.name)

    # ENV-15, ENV-16
    def test_runs_with_the_current_storage_sdk(self):
        self.run_tutorial(CurrentStorage(self.emulator))

    @unittest.skipIf(old_storage is None, "azure.multiapi.storage is not installed")
    def test_runs_with_the_storage_sdk_of_2018(self):
        self.run_tutorial(OldStorage(self.emulator))

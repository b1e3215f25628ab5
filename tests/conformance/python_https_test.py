"""Both services by HTTPS through the official Python SDKs, which trust nothing but the emulator's authority."""

import datetime
import hashlib
import os
import unittest

from emulator import BLOB_ACCOUNT, BLOB_KEY, Emulator, wait_until
from wire import secure

try:
    from azure.core import exceptions
    from azure.storage import blob as storage
    from batch_sdk import batch_sdk
except ImportError as missing:
    raise unittest.SkipTest(f"the Python SDKs are not installed (apt-get install python3-azure): {missing}")


class PythonHttps(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator()
        cls.addClassCleanup(cls.emulator.end)
        cls.authority = cls.emulator.endpoints["ca"]
        cls.blob_url = secure(cls.emulator.blob)
        cls.service = cls.blob_service(connection_verify=cls.authority)

    @classmethod
    def blob_service(cls, **settings):
        return storage.BlobServiceClient(
            cls.blob_url, credential=BLOB_KEY, max_single_put_size=1 << 20, max_block_size=1 << 20,
            max_single_get_size=1 << 20, max_chunk_get_size=1 << 20, **settings)

    def url_of(self, container, blob="", **permissions):
        """With a signature that opens it by HTTPS only."""
        when = {"expiry": datetime.datetime.utcnow() + datetime.timedelta(hours=1), "protocol": "https"}
        if blob:
            sas = storage.generate_blob_sas(
                BLOB_ACCOUNT, container, blob, account_key=BLOB_KEY,
                permission=storage.BlobSasPermissions(**permissions), **when)
        else:
            sas = storage.generate_container_sas(
                BLOB_ACCOUNT, container, account_key=BLOB_KEY,
                permission=storage.ContainerSasPermissions(**permissions), **when)
        return f"{self.blob_url}/{container}" + (f"/{blob}" if blob else "") + f"?{sas}"

    def test_a_large_blob_goes_there_and_back(self):
        container = self.service.create_container("large")
        data = os.urandom(24 << 20)
        client = container.upload_blob("b", data, max_concurrency=4)
        self.assertTrue(client.url.startswith(self.blob_url))
        found = client.download_blob(max_concurrency=4).readall()
        self.assertEqual(hashlib.sha256(found).digest(), hashlib.sha256(data).digest())

    def test_nobody_else_trusts_it(self):
        stranger = self.blob_service(retry_total=0)
        with self.assertRaisesRegex(exceptions.ServiceRequestError, "CERTIFICATE_VERIFY_FAILED"):
            stranger.get_service_properties()

    def test_a_copy_comes_from_a_source_by_https(self):
        container = self.service.create_container("copies")
        container.upload_blob("from", b"text")
        target = container.get_blob_client("to")
        target.start_copy_from_url(self.url_of("copies", "from", read=True))
        wait_until(lambda: target.get_blob_properties().copy.status == "success", 20, "the copy")
        self.assertEqual(target.download_blob().readall(), b"text")

    def test_a_task_gets_and_gives_files_by_https(self):
        inputs, outputs = (self.service.create_container(name) for name in ("inputs", "outputs"))
        inputs.upload_blob("in.txt", b"hello")
        batch = batch_sdk(secure(self.emulator.batch), self.authority)
        batch.add_pool("https", 1)
        batch.add_job("https", "https")
        added = batch.add_tasks("https", [(
            "t", "/bin/sh -c 'tr a-z A-Z < in.txt > out.txt'",
            "in.txt", self.url_of("inputs", "in.txt", read=True),
            "out.txt", self.url_of("outputs", write=True),
        )])
        self.assertEqual(added, ["success"])
        wait_until(lambda: all("completed" in str(task.state).lower() for task in batch.tasks("https")), 60, "the task")
        (task,) = batch.tasks("https")
        self.assertTrue(task.url.startswith(secure(self.emulator.batch)), task.url)
        self.assertEqual(outputs.download_blob("out.txt").readall(), b"HELLO")


if __name__ == "__main__":
    unittest.main()

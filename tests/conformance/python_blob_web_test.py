"""Batches, checksums, websites and service properties through the official Python SDK."""

import unittest

from emulator import BLOB_ACCOUNT, BLOB_KEY, Emulator

try:
    import datetime
    from azure.core import exceptions
    from azure.storage import blob as storage
except ImportError as missing:
    raise unittest.SkipTest(f"the Python SDK is not installed (apt-get install python3-azure): {missing}")


class PythonBlobWeb(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator()
        cls.service = storage.BlobServiceClient.from_connection_string(cls.emulator.connection_string())

    @classmethod
    def tearDownClass(cls):
        cls.emulator.stop()

    def container_with(self, name, *blobs):
        container = self.service.create_container(name)
        for blob in blobs:
            container.upload_blob(blob, b"x")
        return container

    def names_in(self, container):
        return [found.name for found in container.list_blobs()]

    def test_a_batch_deletes_blobs(self):
        container = self.container_with("deleting", "a", "b c/d", "e")
        answers = container.delete_blobs("a", "b c/d")
        self.assertEqual([answer.status_code for answer in answers], [202, 202])
        self.assertEqual(self.names_in(container), ["e"])

    def test_a_batch_tells_which_request_failed(self):
        container = self.container_with("failing", "a", "b")
        with self.assertRaises(storage.PartialBatchErrorException) as caught:
            container.delete_blobs("a", "none", "b")
        self.assertEqual([part.status_code for part in caught.exception.parts], [202, 404, 202])
        self.assertEqual(self.names_in(container), [])

    def test_a_batch_sets_tiers(self):
        container = self.container_with("tiers", "a", "b")
        container.set_standard_blob_tier_blobs("Cool", "a", "b")
        self.assertEqual([found.blob_tier for found in container.list_blobs()], ["Cool", "Cool"])

    def test_a_batch_by_a_sas(self):
        container = self.container_with("signed", "a", "b")
        sas = storage.generate_container_sas(
            BLOB_ACCOUNT, "signed", account_key=BLOB_KEY, permission="dl",
            expiry=datetime.datetime.utcnow() + datetime.timedelta(minutes=5))
        by_sas = storage.ContainerClient.from_container_url(f"{self.emulator.blob}/signed?{sas}")
        answers = by_sas.delete_blobs("a", "b")
        self.assertEqual([answer.status_code for answer in answers], [202, 202])
        self.assertEqual(self.names_in(container), [])

    def test_a_batch_of_too_many_is_refused(self):
        container = self.container_with("many")
        with self.assertRaises(exceptions.HttpResponseError):
            container.delete_blobs(*[f"b{number}" for number in range(257)])

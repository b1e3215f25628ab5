"""Blob through the official Python SDK, beyond what the tutorial touches."""

import datetime
import hashlib
import unittest

from emulator import BLOB_ACCOUNT, BLOB_KEY, Emulator

try:
    from azure.core import MatchConditions, exceptions
    from azure.storage import blob as storage
except ImportError as missing:
    raise unittest.SkipTest(f"the Python SDK is not installed (apt-get install python3-azure): {missing}")


def in_minutes(minutes):
    return datetime.datetime.utcnow() + datetime.timedelta(minutes=minutes)


class PythonBlob(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator()
        cls.service = storage.BlobServiceClient.from_connection_string(
            cls.emulator.connection_string(), max_single_put_size=256 * 1024, max_block_size=128 * 1024,
            max_single_get_size=256 * 1024, max_chunk_get_size=128 * 1024,
        )

    @classmethod
    def tearDownClass(cls):
        cls.emulator.stop()

    def setUp(self):
        self.name = "c" + hashlib.sha1(self.id().encode()).hexdigest()[:20]
        self.container = self.service.create_container(self.name)

    def sas_client(self, blob, sas):
        return storage.BlobClient.from_blob_url(f"{self.emulator.blob}/{self.name}/{blob}?{sas}")

    def test_a_blob_in_many_blocks_comes_back_whole_and_in_ranges(self):
        data = bytes(range(256)) * 4096 + b"tail"
        self.container.upload_blob("big.bin", data, max_concurrency=4)
        client = self.container.get_blob_client("big.bin")
        self.assertEqual(client.download_blob(max_concurrency=4).readall(), data)
        self.assertEqual(client.download_blob(offset=1000, length=77).readall(), data[1000:1077])
        self.assertEqual(client.get_blob_properties().size, len(data))

    def test_an_empty_blob_and_names_of_all_kinds(self):
        names = ["empty", "with blank.txt", "Füße/日本語.txt", "a%2Fb", "plus+and&amp.txt", "deep/er/still.txt"]
        for name in names:
            self.container.upload_blob(name, b"" if name == "empty" else name.encode())
        self.assertEqual(sorted(found.name for found in self.container.list_blobs()), sorted(names))
        for name in names[1:]:
            self.assertEqual(self.container.download_blob(name).readall().decode(), name)
        self.assertEqual(self.container.download_blob("empty").readall(), b"")

    def test_lists_by_page_prefix_and_hierarchy(self):
        for number in range(25):
            self.container.upload_blob(f"folder{number % 3}/{number:02}", b"x")
        pages = [list(page) for page in self.container.list_blobs(results_per_page=10).by_page()]
        self.assertEqual([len(page) for page in pages], [10, 10, 5])
        self.assertEqual(len(list(self.container.list_blobs(name_starts_with="folder1/"))), 8)
        self.assertEqual([found.name for found in self.container.walk_blobs()], ["folder0/", "folder1/", "folder2/"])

    def test_metadata_and_content_settings_are_kept(self):
        settings = storage.ContentSettings(content_type="audio/mpeg", cache_control="no-store")
        client = self.container.upload_blob("song.mp3", b"la", metadata={"artist": "nobody"}, content_settings=settings)
        found = client.get_blob_properties()
        self.assertEqual(found.metadata, {"artist": "nobody"})
        self.assertEqual(found.content_settings.content_type, "audio/mpeg")
        self.assertEqual(found.content_settings.cache_control, "no-store")
        client.set_blob_metadata({"artist": "somebody"})
        self.assertEqual(client.get_blob_properties().metadata, {"artist": "somebody"})
        self.assertNotEqual(client.get_blob_properties().etag, found.etag)

    def test_conditions_are_obeyed(self):
        client = self.container.upload_blob("one", b"1")
        etag = client.get_blob_properties().etag
        with self.assertRaises(exceptions.ResourceExistsError):
            client.upload_blob(b"2")
        client.upload_blob(b"2", overwrite=True)
        with self.assertRaises(exceptions.ResourceModifiedError):
            client.delete_blob(etag=etag, match_condition=MatchConditions.IfNotModified)

    def test_what_is_not_there_says_so(self):
        with self.assertRaises(exceptions.ResourceNotFoundError) as caught:
            self.container.download_blob("nothing").readall()
        self.assertEqual(caught.exception.error_code, "BlobNotFound")
        with self.assertRaises(exceptions.ResourceNotFoundError) as caught:
            list(self.service.get_container_client("nowhere").list_blobs())
        self.assertEqual(caught.exception.error_code, "ContainerNotFound")
        with self.assertRaises(exceptions.ResourceExistsError) as caught:
            self.service.create_container(self.name)
        self.assertEqual(caught.exception.error_code, "ContainerAlreadyExists")

    def test_a_wrong_key_is_refused(self):
        wrong = storage.BlobServiceClient(
            self.emulator.blob, credential={"account_name": BLOB_ACCOUNT, "account_key": "d3Jvbmc="})
        with self.assertRaises(exceptions.ClientAuthenticationError):
            wrong.get_container_client(self.name).get_container_properties()

    def test_a_sas_opens_what_it_names_and_nothing_else(self):
        self.container.upload_blob("open", b"sesame")
        self.container.upload_blob("shut", b"no")
        read = storage.generate_blob_sas(
            BLOB_ACCOUNT, self.name, "open", account_key=BLOB_KEY, permission="r", expiry=in_minutes(5))
        self.assertEqual(self.sas_client("open", read).download_blob().readall(), b"sesame")
        with self.assertRaises(exceptions.ClientAuthenticationError):
            self.sas_client("shut", read).download_blob()
        with self.assertRaises(exceptions.HttpResponseError) as caught:
            self.sas_client("open", read).upload_blob(b"mine", overwrite=True)
        self.assertEqual(caught.exception.status_code, 403)

    def test_an_expired_sas_is_refused(self):
        self.container.upload_blob("late", b"x")
        expired = storage.generate_blob_sas(
            BLOB_ACCOUNT, self.name, "late", account_key=BLOB_KEY, permission="r", expiry=in_minutes(-5))
        with self.assertRaises(exceptions.ClientAuthenticationError):
            self.sas_client("late", expired).download_blob()

    def test_an_account_sas_lists_containers(self):
        sas = storage.generate_account_sas(
            BLOB_ACCOUNT, BLOB_KEY, resource_types=storage.ResourceTypes(service=True),
            permission=storage.AccountSasPermissions(list=True), expiry=in_minutes(5))
        service = storage.BlobServiceClient(self.emulator.blob, credential=sas)
        self.assertIn(self.name, [found.name for found in service.list_containers()])

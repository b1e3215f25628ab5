"""Batches, checksums, websites and service properties through the official Python SDK."""

import unittest
import urllib.error
import urllib.parse
import urllib.request

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

    def browse(self, path, host=f"{BLOB_ACCOUNT}.web.localhost"):
        url = urllib.parse.urlsplit(self.emulator.blob)
        request = urllib.request.Request(f"{url.scheme}://{url.netloc}{path}", headers={"Host": host})
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def test_a_website_is_shown_to_browsers(self):
        website = storage.StaticWebsite(
            enabled=True, index_document="index.html", error_document404_path="missing.html")
        self.service.set_service_properties(static_website=website)
        self.addCleanup(self.service.set_service_properties, static_website=storage.StaticWebsite(enabled=False))
        self.assertEqual(self.service.get_service_properties()["static_website"].index_document, "index.html")
        container = self.service.get_container_client("$web")
        container.upload_blob("index.html", b"home", overwrite=True)
        container.upload_blob("docs/index.html", b"docs", overwrite=True)
        self.assertEqual(self.browse("/"), (200, b"home"))
        self.assertEqual(self.browse("/docs/"), (200, b"docs"))
        self.assertEqual(self.browse("/docs/", f"{BLOB_ACCOUNT}.z6.web.core.windows.net"), (200, b"docs"))
        self.assertEqual(self.browse("/none")[0], 404)
        container.upload_blob("missing.html", b"not here", overwrite=True)
        self.assertEqual(self.browse("/none"), (404, b"not here"))

    def test_blobs_of_the_root_container_have_short_names(self):
        root = self.service.get_container_client("$root")
        if not root.exists():
            root.create_container()
        root.upload_blob("favicon.ico", b"icon", overwrite=True)
        sas = storage.generate_blob_sas(
            BLOB_ACCOUNT, "$root", "favicon.ico", account_key=BLOB_KEY, permission="r",
            expiry=datetime.datetime.utcnow() + datetime.timedelta(minutes=5))
        self.assertEqual(self.browse(f"/{BLOB_ACCOUNT}/favicon.ico?{sas}", "localhost"), (200, b"icon"))

    def test_service_properties_that_are_switched_off_are_kept(self):
        off = storage.RetentionPolicy(enabled=False)
        self.service.set_service_properties(
            analytics_logging=storage.BlobAnalyticsLogging(retention_policy=off),
            hour_metrics=storage.Metrics(enabled=False, retention_policy=off),
            minute_metrics=storage.Metrics(enabled=False, retention_policy=off),
            delete_retention_policy=off, target_version="2020-10-02")
        found = self.service.get_service_properties()
        self.assertEqual(found["target_version"], "2020-10-02")
        self.assertFalse(found["analytics_logging"].read)
        with self.assertRaises(exceptions.HttpResponseError) as caught:
            self.service.set_service_properties(
                hour_metrics=storage.Metrics(
                    enabled=True, include_apis=True, retention_policy=storage.RetentionPolicy(enabled=False)))
        self.assertEqual(caught.exception.status_code, 501)

"""Index tags, tiers, expiry and immutability of blobs through the official Python SDK."""

import datetime
import hashlib
import json
import unittest
import urllib.request

from emulator import BLOB_ACCOUNT, Emulator, wait_until

try:
    from azure.core import exceptions
    from azure.storage import blob as storage
except ImportError as missing:
    raise unittest.SkipTest(f"the Python SDK is not installed (apt-get install python3-azure): {missing}")


class PythonBlobTags(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator()
        cls.service = storage.BlobServiceClient.from_connection_string(cls.emulator.connection_string())

    @classmethod
    def tearDownClass(cls):
        cls.emulator.stop()

    def setUp(self):
        self.name = "c" + hashlib.sha1(self.id().encode()).hexdigest()[:20]
        self.container = self.service.create_container(self.name)

    def test_tags_are_set_read_and_counted(self):
        client = self.container.upload_blob("b", b"x", tags={"project": "a+b", "state": "in progress"})
        self.assertEqual(client.get_blob_tags(), {"project": "a+b", "state": "in progress"})
        client.set_blob_tags({"state": "done"})
        self.assertEqual(client.get_blob_tags(), {"state": "done"})
        self.assertEqual(client.get_blob_properties().tag_count, 1)
        listed = list(self.container.list_blobs(include=["tags"]))
        self.assertEqual(listed[0].tags, {"state": "done"})

    def test_blobs_are_found_by_tags_page_by_page(self):
        for number in range(12):
            self.container.upload_blob(f"b{number:02}", b"x", tags={"rank": f"{number:03}", "odd": str(number % 2)})
        where = "\"rank\" >= '002' AND \"rank\" < '010' AND \"odd\" = '1' AND @container = '" + self.name + "'"
        pages = [list(page) for page in self.service.find_blobs_by_tags(where, results_per_page=3).by_page()]
        self.assertEqual([len(page) for page in pages], [3, 1])
        self.assertEqual([found.name for page in pages for found in page], ["b03", "b05", "b07", "b09"])
        with self.assertRaises(exceptions.HttpResponseError) as caught:
            list(self.service.find_blobs_by_tags("nonsense"))
        self.assertEqual(caught.exception.status_code, 400)

    def test_tags_are_conditions(self):
        client = self.container.upload_blob("b", b"x", tags={"state": "done"})
        self.assertEqual(client.download_blob(if_tags_match_condition="state = 'done'").readall(), b"x")
        with self.assertRaises(exceptions.ResourceModifiedError):
            client.delete_blob(if_tags_match_condition="state <> 'done'")

    def test_a_blob_goes_to_the_archive_and_comes_back(self):
        client = self.container.upload_blob("b", b"x", standard_blob_tier=storage.StandardBlobTier.ARCHIVE)
        self.assertEqual(client.get_blob_properties().blob_tier, "Archive")
        with self.assertRaises(exceptions.ResourceExistsError) as caught:
            client.download_blob()
        self.assertEqual(caught.exception.error_code, "BlobArchived")
        client.set_standard_blob_tier("Hot", rehydrate_priority="High")
        self.assertEqual(client.get_blob_properties().archive_status, "rehydrate-pending-to-hot")
        wait_until(lambda: client.get_blob_properties().blob_tier == "Hot", 20, "the rehydration")
        self.assertEqual(client.download_blob().readall(), b"x")

    def test_a_policy_and_a_legal_hold_keep_a_blob(self):
        self.change_account(versionLevelImmutability=True)
        container = self.service.create_container(self.name + "i")
        self.assertTrue(container.get_container_properties().immutable_storage_with_versioning_enabled)
        client = container.upload_blob("b", b"x")
        until = datetime.datetime.utcnow() + datetime.timedelta(hours=1)
        client.set_immutability_policy(storage.ImmutabilityPolicy(expiry_time=until, policy_mode="Unlocked"))
        self.assert_refused("BlobImmutableDueToPolicy", client.delete_blob)
        found = client.get_blob_properties()
        self.assertEqual(found.immutability_policy.policy_mode, "unlocked")
        client.delete_immutability_policy()
        client.set_legal_hold(True)
        self.assertTrue(client.get_blob_properties().has_legal_hold)
        self.assert_refused("BlobImmutableDueToLegalHold", client.upload_blob, b"y", overwrite=True)
        listed = list(container.list_blobs(include=["legalhold", "immutabilitypolicy"]))
        self.assertTrue(listed[0].has_legal_hold)
        client.set_legal_hold(False)
        client.delete_blob()

    def test_settings_of_the_account_change_at_run_time(self):
        settings = self.change_account(blobVersioning=True, lastAccessTracking=True)
        self.assertTrue(settings["blobVersioning"])
        client = self.container.upload_blob("b", b"x")
        client.upload_blob(b"y", overwrite=True)
        self.assertEqual(len(list(self.container.list_blobs(include=["versions"]))), 2)
        self.assertIsNotNone(client.get_blob_properties().last_accessed_on)
        self.assertFalse(self.change_account(blobVersioning=False, lastAccessTracking=False)["blobVersioning"])

    def change_account(self, **settings):
        url = f"{self.emulator.batch}/_bluebatch/storage/{BLOB_ACCOUNT}"
        request = urllib.request.Request(url, data=json.dumps(settings).encode(), method="PUT")
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def assert_refused(self, code, call, *arguments, **options):
        with self.assertRaises(exceptions.HttpResponseError) as caught:
            call(*arguments, **options)
        self.assertEqual(caught.exception.error_code, code)


if __name__ == "__main__":
    unittest.main()

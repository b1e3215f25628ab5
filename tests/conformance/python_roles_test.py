"""What principals with a role may do, on an emulator that knows who there is and what each may do."""

import datetime
import unittest

from azure_run import AzureCase

try:
    import requests
    from azure import identity
    from azure.core import exceptions
    from azure.storage import blob as storage
except ImportError as missing:
    raise unittest.SkipTest(f"the Python SDK is not installed (apt-get install python3-azure): {missing}")

CLIENT = "b1ebac00-0000-4000-8000-000000000c11"
BATCH = "https://batch.core.windows.net"
MANAGEMENT = "https://management.azure.com"


class RoleCase(AzureCase):
    def setUp(self):
        self.only_data_planes()
        self.enterContext(self.within())
        self.credential = identity.EnvironmentCredential()
        account = self.environment["AZURE_STORAGE_ACCOUNT"]
        self.service = storage.BlobServiceClient(
            f"https://{account}.blob.core.windows.net", credential=self.credential, retry_total=0)
        self.owner = storage.BlobServiceClient(
            self.service.url, credential=self.environment["AZURE_STORAGE_KEY"], retry_total=0)

    def ask(self, resource, method, url, **options):
        token = self.credential.get_token(f"{resource}/.default").token
        return requests.request(method, url, headers={"Authorization": f"Bearer {token}"}, timeout=30, **options)

    def batch(self, method, path, **options):
        return self.ask(BATCH, method, f"{self.batch_endpoint}{path}", params={"api-version": "2022-10-01.16.0"}, **options)

    def refused(self, call, *arguments, **options):
        with self.assertRaises(exceptions.HttpResponseError) as caught:
            call(*arguments, **options)
        self.assertEqual((caught.exception.status_code, caught.exception.error_code), (403, "AuthorizationPermissionMismatch"))

    def container_of_the_owner(self, name):
        container = self.owner.create_container(name)
        self.addCleanup(container.delete_container)
        container.upload_blob("a", b"content")
        return self.service.get_container_client(name)

    def by_delegation(self, container, permission):
        """The blob `b` of the container, by a signature that the principal asked for."""
        now = datetime.datetime.now(datetime.timezone.utc)
        later = now + datetime.timedelta(hours=1)
        key = self.service.get_user_delegation_key(now, later)
        sas = storage.generate_blob_sas(
            self.service.account_name, container, "b", user_delegation_key=key, permission=permission, expiry=later)
        return storage.BlobClient.from_blob_url(f"{self.service.url}{container}/b?{sas}", retry_total=0)


class ReaderOfBatch(RoleCase):
    """May look at Batch, change blobs, and nothing else."""

    principals = (f"{CLIENT}:development=batch-reader,blob-contributor",)

    def test_batch_can_be_read(self):
        self.assertEqual(self.batch("GET", "/pools").status_code, 200)
        self.assertEqual(self.batch("GET", "/jobs").status_code, 200)

    def test_batch_can_not_be_changed(self):
        answer = self.batch("POST", "/jobs", json={"id": "job", "poolInfo": {"poolId": "pool"}})
        self.assertEqual((answer.status_code, answer.json()["code"]), (403, "Forbidden"))

    def test_blobs_can_be_changed(self):
        with self.service.create_container("of-contributor") as container:
            container.upload_blob("a", b"content")
            self.assertEqual(container.download_blob("a").readall(), b"content")
            container.delete_container()

    def test_a_signature_lets_write_who_may_write(self):
        self.container_of_the_owner("delegated")
        self.by_delegation("delegated", "cw").upload_blob(b"signed")
        self.assertEqual(self.owner.get_blob_client("delegated", "b").download_blob().readall(), b"signed")

    def test_the_resource_manager_shows_nothing(self):
        answer = self.ask(MANAGEMENT, "GET", f"{MANAGEMENT}/subscriptions", params={"api-version": "2020-01-01"})
        self.assertEqual((answer.status_code, answer.json()["value"]), (200, []))


class ReaderOfBlobs(RoleCase):
    """The other way round."""

    principals = (f"{CLIENT}:development=batch-contributor,blob-reader",)

    def test_batch_can_be_changed(self):
        pool = {"id": "pool", "vmSize": "standard_a1_v2", "targetDedicatedNodes": 0, "virtualMachineConfiguration": {
            "imageReference": {"publisher": "canonical", "offer": "0001-com-ubuntu-server-jammy", "sku": "22_04-lts"},
            "nodeAgentSKUId": "batch.node.ubuntu 22.04"}}
        headers = {"Content-Type": "application/json; odata=minimalmetadata"}
        token = self.credential.get_token(f"{BATCH}/.default").token
        answer = requests.post(f"{self.batch_endpoint}/pools", params={"api-version": "2022-10-01.16.0"}, json=pool, timeout=30,
                               headers={**headers, "Authorization": f"Bearer {token}"})
        self.assertEqual(answer.status_code, 201, answer.text)
        self.assertEqual(self.batch("DELETE", "/pools/pool").status_code, 202)

    def test_blobs_can_be_read(self):
        container = self.container_of_the_owner("of-reader")
        self.assertEqual([blob.name for blob in container.list_blobs()], ["a"])
        self.assertEqual(container.download_blob("a").readall(), b"content")

    def test_blobs_can_not_be_changed(self):
        container = self.container_of_the_owner("unchanged")
        self.refused(self.service.create_container, "another")
        self.refused(container.upload_blob, "b", b"content")
        self.refused(container.delete_blob, "a")

    def test_a_signature_is_worth_no_more_than_who_asked_for_it(self):
        self.container_of_the_owner("undelegated")
        self.refused(self.by_delegation("undelegated", "cw").upload_blob, b"signed")

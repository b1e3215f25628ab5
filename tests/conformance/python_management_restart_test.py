"""What the resource manager made is there after a restart, also after one that nobody announced."""

import io
import tempfile
import unittest
import unittest.mock
import zipfile

from azure_run import AzureRun

try:
    from azure import identity
    from azure.mgmt import resource
    from azure.mgmt.batch import BatchManagementClient, models
    from azure.mgmt.storage import StorageManagementClient
    from azure.storage import blob as storage
except ImportError as missing:
    raise unittest.SkipTest(f"the Python SDK is not installed (apt-get install python3-azure): {missing}")

GROUP, STORE, BATCH = "lasting", "lastingstore", "lastingbatch"


def archive():
    """With a time of its own, so that it is the same each time."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as packed:
        packed.writestr(zipfile.ZipInfo("tool.sh"), "echo tool")
    return data.getvalue()


class Clients:
    """Those of the management SDKs in the environment of a `bluebatch run`."""

    def __init__(self, subscription):
        credential = identity.EnvironmentCredential()
        self.groups = resource.ResourceManagementClient(credential, subscription).resource_groups
        self.storage = StorageManagementClient(credential, subscription).storage_accounts
        self.batch = BatchManagementClient(credential, subscription)

    def keys(self):
        batch = self.batch.batch_account.get_keys(GROUP, BATCH)
        return [batch.primary, batch.secondary, *(key.value for key in self.storage.list_keys(GROUP, STORE).keys)]


class Restart(unittest.TestCase):
    def on_emulator(self, location):
        run = AzureRun("--offline", "--strict", location=location)
        self.addCleanup(run.close)
        return run

    def clients(self, run):
        self.enterContext(unittest.mock.patch.dict("os.environ", run.environment, clear=True))
        return Clients(run.environment["AZURE_SUBSCRIPTION_ID"])

    def make(self, clients):
        clients.groups.create_or_update(GROUP, {"location": "westeurope", "tags": {"team": "film"}})
        store = clients.storage.begin_create(
            GROUP, STORE, {"location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}).result()
        clients.batch.batch_account.begin_create(GROUP, BATCH, models.BatchAccountCreateParameters(
            location="westeurope", auto_storage=models.AutoStorageBaseProperties(storage_account_id=store.id))).result()
        clients.batch.batch_account.regenerate_key(
            GROUP, BATCH, models.BatchAccountRegenerateKeyParameters(key_name="Primary"))
        clients.storage.regenerate_key(GROUP, STORE, {"key_name": "key2"})
        clients.batch.application.create(GROUP, BATCH, "tool", models.Application(display_name="Tool"))
        package = clients.batch.application_package.create(GROUP, BATCH, "tool", "1.0")
        storage.BlobClient.from_blob_url(package.storage_url).upload_blob(archive(), overwrite=True)
        clients.batch.application_package.activate(
            GROUP, BATCH, "tool", "1.0", models.ActivateApplicationPackageParameters(format="zip"))

    def test_after_kill(self):
        location = self.enterContext(tempfile.TemporaryDirectory(prefix="lasting-"))
        first = self.on_emulator(location)
        clients = self.clients(first)
        self.make(clients)
        keys = clients.keys()
        first.emulator.kill()
        first.close()

        clients = self.clients(self.on_emulator(location))
        self.assertEqual(clients.groups.get(GROUP).tags, {"team": "film"})
        self.assertEqual(clients.keys(), keys)
        account = clients.batch.batch_account.get(GROUP, BATCH)
        self.assertTrue(account.auto_storage.storage_account_id.endswith(f"/storageAccounts/{STORE}"))
        self.assertEqual(clients.batch.application.get(GROUP, BATCH, "tool").display_name, "Tool")
        package = clients.batch.application_package.get(GROUP, BATCH, "tool", "1.0")
        self.assertEqual(package.state, "Active")
        self.assertEqual(storage.BlobClient.from_blob_url(package.storage_url).download_blob().readall(), archive())
        clients.groups.begin_delete(GROUP).result()
        self.assertEqual([group.name for group in clients.groups.list() if group.name == GROUP], [])

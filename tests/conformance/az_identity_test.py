"""az signs in as a principal, as a managed identity and by a device code, and works on Batch and Blob without a key."""

import datetime
import json
import pathlib
import shutil
import unittest

from azure_run import AzureCase
from client_commands import run_client
from wire import Batch

if shutil.which("az") is None:
    raise unittest.SkipTest("az is not installed (apt-get install azure-cli)")

BATCH = "https://batch.core.windows.net/"
# az takes the account of the environment before the one that it has logged in to.
LOGGED_IN = {"AZURE_BATCH_ACCOUNT": None, "AZURE_BATCH_ENDPOINT": None, "AZURE_BATCH_ACCESS_KEY": None}


class AzIdentity(AzureCase):
    def folder(self, name):
        """A configuration of one test, so that it signs nobody else out."""
        return {"AZURE_CONFIG_DIR": f"{self.scratch}/{name}"}

    def test_a_service_principal(self):
        folder = self.folder("principal")
        (account,) = self.login(**folder)
        self.assertEqual(account["user"], {"name": self.client, "type": "servicePrincipal"})
        self.assertEqual((account["id"], account["tenantId"], account["homeTenantId"], account["state"], account["isDefault"]),
                         (self.subscription, self.tenant, self.tenant, "Enabled", True))
        self.assertEqual([one["id"] for one in self.az("account", "list", "--refresh", **folder)], [self.subscription])
        self.az("account", "set", "--subscription", self.subscription, **folder)
        self.assertEqual(self.az("account", "show", **folder)["id"], self.subscription)
        token = self.az("account", "get-access-token", "--resource", BATCH, **folder)
        self.assertEqual((token["tokenType"], token["tenant"], token["subscription"]), ("Bearer", self.tenant, self.subscription))
        self.assertEqual(token["accessToken"].count("."), 2)
        self.assertIn("eastus", [one["name"] for one in self.az("account", "list-locations", **folder)])
        self.az("logout", **folder)
        self.assertIn("az login", self.az_fails("group", "list", **folder))

    def test_a_wrong_secret(self):
        self.assertIn("AADSTS7000215", self.az_fails(
            "login", "--service-principal", "-u", self.client, "-p", "wrong", "--tenant", self.tenant, **self.folder("wrong")))

    def test_an_unknown_client(self):
        self.assertIn("AADSTS700016", self.az_fails(
            "login", "--service-principal", "-u", "99999999-9999-9999-9999-999999999999", "-p", "any", "--tenant", self.tenant,
            **self.folder("unknown")))

    def test_a_managed_identity(self):
        folder = self.folder("managed")
        (account,) = self.az("login", "--identity", **folder)
        self.assertEqual((account["id"], account["user"]["name"]), (self.subscription, "systemAssignedIdentity"))
        self.assertEqual(self.az("account", "get-access-token", "--resource", BATCH, **folder)["tenant"], self.tenant)

    def test_a_device_code(self):
        folder = self.folder("device")
        (account,) = self.az("login", "--use-device-code", **folder)
        self.assertEqual((account["id"], account["user"]["type"]), (self.subscription, "user"))
        self.assertEqual(self.az("account", "get-access-token", "--resource", BATCH, **folder)["tenant"], self.tenant)
        self.az("group", "list", **folder)


class AzWithoutKeys(AzureCase):
    """Accounts that the resource manager made, used by nobody but the principal; keys are checked."""

    arguments = ("--offline", "--strict")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        first = cls()
        first.login()
        first.az("group", "create", "-n", "keyless", "-l", "eastus")
        cls.addClassCleanup(first.az, "group", "delete", "-n", "keyless", "--yes", "--no-wait")
        first.az("storage", "account", "create", "-n", "keylessstore", "-g", "keyless", "-l", "eastus", "--sku", "Standard_LRS")
        first.az("batch", "account", "create", "-n", "keylessbatch", "-g", "keyless", "-l", "eastus",
                 "--storage-account", "keylessstore")

    def setUp(self):
        self.only_data_planes()

    def blob(self, *arguments):
        return self.az("storage", *arguments, "--account-name", "keylessstore", "--auth-mode", "login")

    def test_blob(self):
        file, back = pathlib.Path(self.scratch, "file"), pathlib.Path(self.scratch, "back")
        file.write_bytes(b"content")
        self.assertTrue(self.blob("container", "create", "-n", "films")["created"])
        self.blob("blob", "upload", "-f", file, "-c", "films", "-n", "folder/a.bin")
        self.assertEqual([one["name"] for one in self.blob("blob", "list", "-c", "films")], ["folder/a.bin"])
        self.blob("blob", "download", "-c", "films", "-n", "folder/a.bin", "-f", back, "--no-progress")
        self.assertEqual(back.read_bytes(), b"content")
        self.assertIn("skoid=", self.blob(
            "blob", "generate-sas", "-c", "films", "-n", "folder/a.bin", "--as-user", "--permissions", "r",
            "--expiry", (datetime.datetime.utcnow() + datetime.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")))
        self.blob("blob", "delete", "-c", "films", "-n", "folder/a.bin")

    def batch(self, *arguments, **more):
        return self.az("batch", *arguments, **LOGGED_IN, **more)

    def test_batch(self):
        if b"--vm-size" not in self.run_az("batch", "pool", "create", "--help").stdout:
            self.skipTest("this az cannot create pools, jobs and tasks (see az_test.py)")
        shown = self.batch("account", "login", "-n", "keylessbatch", "-g", "keyless", "--show")
        self.assertEqual((shown["account"], shown["endpoint"], shown["tokenType"], shown["resource"]),
                         ("keylessbatch", "https://keylessbatch.eastus.batch.azure.com/", "Bearer", BATCH))
        self.batch("account", "login", "-n", "keylessbatch", "-g", "keyless")
        self.batch("pool", "create", "--id", "pool", "--vm-size", "Standard_A1_v2", "--target-dedicated-nodes", "1",
                   "--image", "canonical:0001-com-ubuntu-server-focal:20_04-lts", "--node-agent-sku-id", "batch.node.ubuntu 20.04")
        pools = self.batch("pool", "list")
        self.assertEqual([pool["url"] for pool in pools], ["https://keylessbatch.eastus.batch.azure.com/pools/pool"])
        self.batch("pool", "delete", "--pool-id", "pool", "--yes")

    def key_opens(self, key):
        """Whether Batch takes it; asked at the emulator's own port, where nobody is a guest."""
        wire = Batch(self.azure.emulator.batch, "keylessbatch", key)
        self.addCleanup(wire.close)
        return wire.get("/pools").status == 200

    def test_batch_with_the_key_that_az_asks_for(self):
        folder = {"AZURE_CONFIG_DIR": f"{self.scratch}/shared"}
        self.login(**folder)
        named = ("-n", "keylessbatch", "-g", "keyless")
        shown = self.batch("account", "login", *named, "--shared-key-auth", "--show", **folder)
        keys = self.batch("account", "keys", "list", *named, **folder)
        self.assertEqual((shown["primaryKey"], shown["secondaryKey"]), (keys["primary"], keys["secondary"]))
        self.batch("account", "login", *named, "--shared-key-auth", **folder)
        self.batch("pool", "list", **folder)
        self.assertTrue(self.key_opens(keys["primary"]))
        renewed = self.batch("account", "keys", "renew", *named, "--key-name", "primary", **folder)
        self.assertEqual([self.key_opens(key) for key in (keys["primary"], renewed["primary"], keys["secondary"])],
                         [False, True, True])
        self.assertIn("Server failed to authenticate", self.az_fails("batch", "pool", "list", **LOGGED_IN, **folder))

    def test_our_client_by_the_token_that_az_has(self):
        accounts = {"AZURE_BATCH_ACCOUNT_URL": "https://keylessbatch.eastus.batch.azure.com",
                    "AZURE_STORAGE_ACCOUNT": "keylessstore"}
        taken = ("AZURE_BATCH_A", "AZURE_STORAGE_", "AZURE_CLIENT_", "IDENTITY_", "AZURE_TENANT_ID")
        environment = {name: value for name, value in self.environment.items() if not name.startswith(taken)}
        for words in (("pool", "list"), ("container", "list")):
            run = run_client(*words, "--json", "--target", "azure", "--auth", "az", environment={**environment, **accounts})
            self.assertEqual(run.returncode, 0, run.stderr)
            json.loads(run.stdout)

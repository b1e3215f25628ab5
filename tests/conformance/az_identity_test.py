"""az signs in as a principal, as a managed identity and by a device code, and works on Batch and Blob without a key."""

import datetime
import pathlib
import shutil
import unittest

from azure_run import AzureCase

if shutil.which("az") is None:
    raise unittest.SkipTest("az is not installed (apt-get install azure-cli)")

BATCH = "https://batch.core.windows.net/"


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
    """Accounts that the resource manager made, used by nobody but the principal."""

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

    def test_batch(self):
        if b"--vm-size" not in self.run_az("batch", "pool", "create", "--help").stdout:
            self.skipTest("this az cannot create pools, jobs and tasks (see az_test.py)")
        shown = self.az("batch", "account", "login", "-n", "keylessbatch", "-g", "keyless", "--show")
        self.assertEqual((shown["account"], shown["endpoint"], shown["tokenType"], shown["resource"]),
                         ("keylessbatch", "https://keylessbatch.eastus.batch.azure.com/", "Bearer", BATCH))
        self.az("batch", "pool", "create", "--id", "pool", "--vm-size", "Standard_A1_v2", "--target-dedicated-nodes", "1",
                "--image", "canonical:0001-com-ubuntu-server-focal:20_04-lts", "--node-agent-sku-id", "batch.node.ubuntu 20.04")
        self.assertEqual([pool["id"] for pool in self.az("batch", "pool", "list")], ["pool"])
        self.az("batch", "pool", "delete", "--pool-id", "pool", "--yes")

    def test_batch_with_the_key_that_az_asks_for(self):
        folder = {"AZURE_CONFIG_DIR": f"{self.scratch}/shared"}
        self.login(**folder)
        shown = self.az("batch", "account", "login", "-n", "keylessbatch", "-g", "keyless", "--shared-key-auth", "--show", **folder)
        keys = self.az("batch", "account", "keys", "list", "-n", "keylessbatch", "-g", "keyless", **folder)
        self.assertEqual((shown["primaryKey"], shown["secondaryKey"]), (keys["primary"], keys["secondary"]))
        self.az("batch", "pool", "list", **folder)

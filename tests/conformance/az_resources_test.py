"""What setting up needs, as people type it: groups, storage accounts, Batch accounts, applications and their packages."""

import io
import pathlib
import shutil
import unittest
import zipfile

from azure_run import AzureCase
from emulator import wait_until

if shutil.which("az") is None:
    raise unittest.SkipTest("az is not installed (apt-get install azure-cli)")


class AzResources(AzureCase):
    # So that keys which have been renewed are seen to open nothing any more.
    arguments = ("--offline", "--strict")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls()
        cls.first.login()
        cls.group("create", "-l", "eastus", "--tags", "purpose=test")
        cls.addClassCleanup(cls.group, "delete", "--yes", "--no-wait")
        cls.storage("create", "-n", "azresstore", "-l", "eastus", "--sku", "Standard_LRS")
        cls.batch("create", "-n", "azresbatch", "-l", "eastus", "--storage-account", "azresstore")

    @classmethod
    def group(cls, verb, *arguments):
        return cls.first.az("group", verb, "-n", "az-res", *arguments)

    @classmethod
    def storage(cls, verb, *arguments):
        return cls.first.az("storage", "account", *verb.split(), "-g", "az-res", *arguments)

    @classmethod
    def batch(cls, verb, *arguments):
        return cls.first.az("batch", "account", *verb.split(), "-g", "az-res", *arguments)

    def application(self, verb, name, *arguments):
        return self.az("batch", "application", *verb.split(), "-g", "az-res", "-n", "azresbatch", "--application-name", name,
                       *arguments)

    def package_file(self, name):
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as package:
            package.writestr("hello.txt", name)
        file = pathlib.Path(self.scratch, name)
        file.write_bytes(archive.getvalue())
        return file

    def test_groups(self):
        group = self.group("show")
        self.assertEqual(group["id"], f"/subscriptions/{self.subscription}/resourceGroups/az-res")
        self.assertEqual((group["location"], group["tags"], group["properties"]["provisioningState"], group["type"]),
                         ("eastus", {"purpose": "test"}, "Succeeded", "Microsoft.Resources/resourceGroups"))
        self.assertEqual(self.az("group", "show", "-n", "AZ-RES")["name"], "az-res")
        self.assertTrue(self.az("group", "exists", "-n", "az-res"))
        self.assertFalse(self.az("group", "exists", "-n", "no-such"))
        self.assertIn("az-res", [one["name"] for one in self.az("group", "list")])
        self.assertEqual([one["name"] for one in self.az("group", "list", "--tag", "purpose=test")], ["az-res"])
        self.assertEqual(self.az("group", "list", "--tag", "purpose=other"), [])

    def test_a_group_stays_where_it_is(self):
        self.assertIn("InvalidResourceGroupLocation", self.az_fails("group", "create", "-n", "az-res", "-l", "westeurope"))
        self.assertIn("ResourceGroupNotFound", self.az_fails("group", "show", "-n", "no-such"))

    def test_a_group_goes_with_all_that_is_in_it(self):
        self.az("group", "create", "-n", "az-gone", "-l", "eastus")
        self.az("storage", "account", "create", "-n", "azresgone", "-g", "az-gone", "-l", "eastus")
        self.az("group", "delete", "-n", "az-gone", "--yes")
        self.assertFalse(self.az("group", "exists", "-n", "az-gone"))
        self.assertTrue(self.az("storage", "account", "check-name", "-n", "azresgone")["nameAvailable"])

    def test_names_of_storage_accounts(self):
        self.assertEqual(self.az("storage", "account", "check-name", "-n", "azresstore")["reason"], "AlreadyExists")
        self.assertEqual(self.az("storage", "account", "check-name", "-n", "Bad_Name")["reason"], "AccountNameInvalid")
        self.assertIn("AccountNameInvalid", self.az_fails("storage", "account", "create", "-n", "Bad_Name", "-g", "az-res", "-l", "eastus"))

    def test_a_storage_account(self):
        account = self.storage("show", "-n", "azresstore")
        self.assertEqual((account["kind"], account["sku"]["name"], account["primaryLocation"], account["provisioningState"]),
                         ("StorageV2", "Standard_LRS", "eastus", "Succeeded"))
        self.assertEqual(account["primaryEndpoints"]["blob"], "https://azresstore.blob.core.windows.net/")
        self.assertEqual(self.az("storage", "account", "show", "-n", "azresstore")["id"], account["id"])
        self.assertIn("azresstore", [one["name"] for one in self.storage("list")])
        self.assertEqual(self.storage("update", "-n", "azresstore", "--tags", "a=b")["tags"], {"a": "b"})
        self.assertIn("ResourceNotFound", self.az_fails("storage", "account", "show", "-n", "nosuch", "-g", "az-res"))

    def test_accounts_stay_where_they_are(self):
        for kind, name in (("storage", "azresstore"), ("batch", "azresbatch")):
            self.assertIn("InvalidResourceLocation", self.az_fails(kind, "account", "create", "-n", name, "-g", "az-res", "-l", "westeurope"))
        self.az("group", "create", "-n", "az-other", "-l", "eastus")
        self.addCleanup(self.az, "group", "delete", "-n", "az-other", "--yes", "--no-wait")
        self.assertIn("StorageAccountInAnotherResourceGroup",
                      self.az_fails("storage", "account", "create", "-n", "azresstore", "-g", "az-other", "-l", "eastus"))

    def test_tags(self):
        self.assertIn("InvalidTagNameCharacters", self.az_fails("group", "create", "-n", "az-res", "-l", "eastus", "--tags", "a/b=c"))
        self.assertIn("InvalidTagValueLength", self.az_fails("storage", "account", "update", "-n", "azresstore", "-g", "az-res",
                                                             "--tags", f"a={'b' * 257}"))

    def test_keys_of_a_storage_account(self):
        self.storage("create", "-n", "azreskeys", "-l", "eastus")
        before = {key["keyName"]: key["value"] for key in self.storage("keys list", "-n", "azreskeys")}
        self.assertEqual(set(before), {"key1", "key2"})
        after = {key["keyName"]: key["value"] for key in self.storage("keys renew", "-n", "azreskeys", "--key", "key1")}
        self.assertNotEqual(after["key1"], before["key1"])
        self.assertEqual(after["key2"], before["key2"])
        text = self.storage("show-connection-string", "-n", "azreskeys")["connectionString"]
        self.assertIn(f"AccountKey={after['key1']}", text)
        self.only_data_planes()
        container = ("storage", "container", "list", "--account-name", "azreskeys", "--account-key")
        self.assertEqual(self.az(*container, after["key1"]), [])
        self.assertEqual(self.az(*container, after["key2"]), [])
        self.assertIn("Authentication failure", self.az_fails(*container, before["key1"]))
        self.assertEqual(self.az("storage", "container", "list", "--connection-string", text), [])
        sas = self.az("storage", "account", "generate-sas", "--account-name", "azreskeys", "--services", "b", "--resource-types",
                      "sco", "--permissions", "rwl", "--expiry", "2037-01-01T00:00Z", AZURE_STORAGE_KEY=None,
                      AZURE_STORAGE_CONNECTION_STRING=None, AZURE_STORAGE_ACCOUNT=None)
        self.assertEqual(self.az("storage", "container", "list", "--account-name", "azreskeys", "--sas-token", sas), [])

    def test_containers(self):
        def container(verb, *arguments):
            return self.az("storage", "container-rm", verb, "--storage-account", "azresstore", "-g", "az-res", *arguments)

        made = container("create", "-n", "films")
        self.assertEqual((made["name"], made["type"]), ("films", "Microsoft.Storage/storageAccounts/blobServices/containers"))
        self.assertEqual(container("show", "-n", "films")["publicAccess"], "None")
        container("update", "-n", "films", "--metadata", "a=b")
        self.assertEqual(container("show", "-n", "films")["metadata"], {"a": "b"})
        self.assertIn("films", [one["name"] for one in container("list")])
        self.assertFalse(container("exists", "-n", "no-such")["exists"])
        if "AZURE_NO_DATA_PLANES" not in self.environment:
            names = self.az("storage", "container", "list", "--account-name", "azresstore", "--auth-mode", "login")
            self.assertIn("films", [one["name"] for one in names])
        container("delete", "-n", "films", "--yes")
        self.assertFalse(container("exists", "-n", "films")["exists"])

    def test_a_batch_account(self):
        account = self.batch("show", "-n", "azresbatch")
        self.assertEqual((account["accountEndpoint"], account["provisioningState"], account["poolAllocationMode"]),
                         ("azresbatch.eastus.batch.azure.com", "Succeeded", "BatchService"))
        self.assertTrue(account["autoStorage"]["storageAccountId"].endswith("/storageAccounts/azresstore"))
        self.assertIn("azresbatch", [one["name"] for one in self.az("batch", "account", "list")])
        self.assertIn("azresbatch", [one["name"] for one in self.batch("list")])
        before = self.batch("keys list", "-n", "azresbatch")
        after = self.batch("keys renew", "-n", "azresbatch", "--key-name", "secondary")
        self.assertEqual((before["accountName"], before["primary"]), ("azresbatch", after["primary"]))
        self.assertNotEqual(before["secondary"], after["secondary"])
        self.batch("autostorage-keys sync", "-n", "azresbatch")
        self.assertGreater(self.batch("show", "-n", "azresbatch")["autoStorage"]["lastKeySync"], account["autoStorage"]["lastKeySync"])
        self.assertGreaterEqual(self.az("batch", "location", "quotas", "show", "-l", "eastus")["accountQuota"], 1)
        self.assertIn("ResourceNotFound", self.az_fails("batch", "account", "show", "-n", "nosuch", "-g", "az-res"))

    def test_a_batch_account_comes_and_goes(self):
        self.batch("create", "-n", "azresother", "-l", "eastus")
        self.assertIn("needs auto-storage enabled",
                      self.az_fails("batch", "application", "list", "-n", "azresother", "-g", "az-res"))
        changed = self.batch("set", "-n", "azresother", "--storage-account", "azresstore")
        self.assertTrue(changed["autoStorage"]["storageAccountId"].endswith("/azresstore"))
        self.batch("delete", "-n", "azresother", "--yes")
        self.assertNotIn("azresother", [one["name"] for one in self.batch("list")])

    def test_an_account_in_no_group(self):
        self.assertIn("ResourceGroupNotFound",
                      self.az_fails("batch", "account", "create", "-n", "azresnone", "-g", "no-such", "-l", "eastus"))

    def test_applications_and_packages(self):
        made = self.application("package create", "tool", "--version", "1.0", "--package-file", self.package_file("1.zip"))
        self.assertEqual((made["name"], made["state"], made["format"]), ("1.0", "Active", "zip"))
        self.assertTrue(made["storageUrl"].startswith("https://azresstore.blob.core.windows.net/app-tool-"), made["storageUrl"])
        self.application("package create", "tool", "--version", "2.0", "--package-file", self.package_file("2.zip"))
        self.assertEqual(sorted(one["name"] for one in self.application("package list", "tool")), ["1.0", "2.0"])
        self.assertEqual(self.application("package activate", "tool", "--version", "1.0", "--format", "zip")["state"], "Active")
        self.assertEqual(self.application("set", "tool", "--default-version", "1.0", "--display-name", "A tool")["defaultVersion"], "1.0")
        shown = self.application("show", "tool")
        self.assertEqual((shown["displayName"], shown["defaultVersion"], shown["allowUpdates"]), ("A tool", "1.0", True))
        listed = self.az("batch", "application", "list", "-g", "az-res", "-n", "azresbatch")
        self.assertIn("tool", [one["name"] for one in listed])
        self.assertIn("ApplicationPackagesNotEmpty", self.az_fails(
            "batch", "application", "delete", "-g", "az-res", "-n", "azresbatch", "--application-name", "tool", "--yes"))
        self.application("package delete", "tool", "--version", "2.0", "--yes")
        self.assertIn("ApplicationNotFound", self.az_fails(
            "batch", "application", "show", "-g", "az-res", "-n", "azresbatch", "--application-name", "no-such"))

    def test_a_task_runs_what_is_in_a_package(self):
        self.only_data_planes()
        if b"--vm-size" not in self.run_az("batch", "pool", "create", "--help").stdout:
            self.skipTest("this az cannot create pools, jobs and tasks (see az_test.py)")
        self.application("package create", "runner", "--version", "1", "--package-file", self.package_file("run.zip"))
        # The account that az has logged in to is the one meant only where the environment names none.
        folder = {"AZURE_CONFIG_DIR": f"{self.scratch}/runner", "AZURE_BATCH_ACCOUNT": None, "AZURE_BATCH_ENDPOINT": None,
                  "AZURE_BATCH_ACCESS_KEY": None}
        self.login(**folder)
        self.az("batch", "account", "login", "-n", "azresbatch", "-g", "az-res", **folder)
        self.assertIn("runner", [one["id"] for one in self.az("batch", "application", "summary", "list", **folder)])
        self.az("batch", "pool", "create", "--id", "packed", "--vm-size", "Standard_A1_v2", "--target-dedicated-nodes", "1",
                "--image", "canonical:0001-com-ubuntu-server-focal:20_04-lts", "--node-agent-sku-id", "batch.node.ubuntu 20.04",
                "--application-package-references", "runner#1", **folder)
        self.az("batch", "job", "create", "--id", "packed", "--pool-id", "packed", **folder)
        self.az("batch", "task", "create", "--job-id", "packed", "--task-id", "task", "--command-line",
                "/bin/sh -c 'grep run.zip $AZ_BATCH_APP_PACKAGE_runner_1/hello.txt'", **folder)
        task = wait_until(
            lambda: (found := self.az("batch", "task", "show", "--job-id", "packed", "--task-id", "task", **folder))["state"]
            == "completed" and found, 90, "the task is completed")
        self.assertEqual(task["executionInfo"]["exitCode"], 0)

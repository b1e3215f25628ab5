"""The resource manager through azure-mgmt-resource, -storage and -batch: accounts, keys, SAS, containers, packages and pools."""

import datetime
import unittest

from azure_run import AzureCase
from emulator import wait_until

try:
    import requests
    from azure import identity
    from azure.core import exceptions
    from azure.mgmt import resource
    from azure.mgmt.batch import BatchManagementClient, models
    from azure.mgmt.storage import StorageManagementClient
    from azure.storage import blob as storage
except ImportError as missing:
    raise unittest.SkipTest(f"the Python SDK is not installed (apt-get install python3-azure): {missing}")

GROUP, STORE, BATCH = "management", "managestore", "managebatch"
LATER = datetime.datetime(2037, 1, 1, tzinfo=datetime.timezone.utc)


def names(items):
    return sorted(item.name for item in items)


class Management(AzureCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.enterClassContext(cls.within(cls()))
        credential = identity.EnvironmentCredential()
        cls.subscriptions = resource.SubscriptionClient(credential)
        cls.resources = resource.ResourceManagementClient(credential, cls.subscription)
        cls.storage = StorageManagementClient(credential, cls.subscription)
        cls.batch = BatchManagementClient(credential, cls.subscription)
        cls.resources.resource_groups.create_or_update(GROUP, {"location": "East US"})
        cls.addClassCleanup(cls.resources.resource_groups.begin_delete, GROUP)
        sku = {"location": "eastus", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
        cls.store = cls.storage.storage_accounts.begin_create(GROUP, STORE, sku).result()
        cls.account = cls.batch.batch_account.begin_create(GROUP, BATCH, models.BatchAccountCreateParameters(
            location="eastus", auto_storage=models.AutoStorageBaseProperties(storage_account_id=cls.store.id))).result()

    def refuses(self, code, status, call, *arguments, **options):
        with self.assertRaises(exceptions.HttpResponseError) as caught:
            call(*arguments, **options)
        self.assertEqual((caught.exception.error.code, caught.exception.status_code), (code, status))
        return caught.exception.error.message

    def arm(self, method, path, **options):
        """A request of our own, with a token unless it says otherwise."""
        token = identity.EnvironmentCredential().get_token("https://management.azure.com/.default").token
        headers = options.pop("headers", {"Authorization": f"Bearer {token}"})
        return requests.request(method, f"https://management.azure.com{path}", headers=headers, timeout=30, **options)

    # Subscriptions and groups

    def test_subscriptions(self):
        (one,) = self.subscriptions.subscriptions.list()
        self.assertEqual((one.subscription_id, one.tenant_id, one.state), (self.subscription, self.tenant, "Enabled"))
        self.assertEqual(self.subscriptions.subscriptions.get(self.subscription).display_name, one.display_name)
        self.assertEqual([tenant.tenant_id for tenant in self.subscriptions.tenants.list()], [self.tenant])
        self.assertIn("eastus", names(self.subscriptions.subscriptions.list_locations(self.subscription)))
        self.assertEqual(self.resources.providers.get("Microsoft.Batch").registration_state, "Registered")

    def test_another_subscription(self):
        other = resource.ResourceManagementClient(identity.EnvironmentCredential(), "00000000-0000-0000-0000-00000000000f")
        self.refuses("SubscriptionNotFound", 404, other.resource_groups.get, GROUP)

    def test_groups(self):
        groups = self.resources.resource_groups
        group = groups.get(GROUP.upper())
        self.assertEqual((group.name, group.location, group.type), (GROUP, "eastus", "Microsoft.Resources/resourceGroups"))
        self.assertTrue(groups.check_existence(GROUP))
        self.assertFalse(groups.check_existence("no-such"))
        self.refuses("ResourceGroupNotFound", 404, groups.get, "no-such")
        self.refuses("InvalidResourceGroupLocation", 409, groups.create_or_update, GROUP, {"location": "westeurope"})
        groups.create_or_update("management-gone", {"location": "eastus", "tags": {"a": "b"}})
        self.assertEqual([one.name for one in groups.list(filter="tagName eq 'a' and tagValue eq 'b'")], ["management-gone"])
        groups.begin_delete("management-gone").result()
        self.assertFalse(groups.check_existence("management-gone"))

    def test_a_group_of_another_alphabet(self):
        self.resources.resource_groups.create_or_update("grün", {"location": "eastus"})
        made = self.batch.batch_account.begin_create("grün", "managegreen", models.BatchAccountCreateParameters(location="eastus")).result()
        self.assertIn("/resourceGroups/grün/", made.id)
        self.resources.resource_groups.begin_delete("grün").result()
        self.refuses("ResourceGroupNotFound", 404, self.batch.batch_account.get, "grün", "managegreen")

    # What every request is asked for

    def test_who_may_come_in(self):
        path = f"/subscriptions/{self.subscription}/resourcegroups"
        version = {"api-version": "2021-04-01"}
        nobody = self.arm("GET", path, params=version, headers={})
        self.assertEqual((nobody.status_code, nobody.json()["error"]["code"]), (401, "AuthenticationFailed"))
        self.assertTrue(nobody.headers["WWW-Authenticate"].startswith("Bearer authorization_uri="))
        self.assertNotIn("claims=", nobody.headers["WWW-Authenticate"])
        token = identity.EnvironmentCredential().get_token("https://batch.core.windows.net/.default").token
        wrong = self.arm("GET", path, params=version, headers={"Authorization": f"Bearer {token}"})
        self.assertEqual((wrong.status_code, wrong.json()["error"]["code"]), (401, "InvalidAuthenticationTokenAudience"))
        broken = self.arm("GET", path, params=version, headers={"Authorization": "Bearer nonsense"})
        self.assertEqual((broken.status_code, broken.json()["error"]["code"]), (401, "InvalidAuthenticationToken"))
        self.assertEqual(self.arm("GET", path).json()["error"]["code"], "MissingApiVersionParameter")

    def test_a_long_operation(self):
        path = f"{self.store.id[:-len(STORE)]}managelong"
        begun = self.arm("PUT", path, params={"api-version": "2022-09-01"},
                         json={"location": "eastus", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}})
        self.assertEqual((begun.status_code, begun.content), (202, b""))
        self.assertGreaterEqual(int(begun.headers["Retry-After"]), 1)
        place = begun.headers["Location"].removeprefix("https://management.azure.com")
        self.assertIn("api-version=2022-09-01", place)
        done = wait_until(lambda: (answer := self.arm("GET", place)).status_code != 202 and answer, 30, "the operation ends")
        self.assertEqual((done.status_code, done.json()["properties"]["provisioningState"]), (200, "Succeeded"))

    # Storage

    def test_a_storage_account(self):
        accounts = self.storage.storage_accounts
        self.assertEqual(accounts.get_properties(GROUP.upper(), STORE).id, self.store.id)
        self.assertEqual(self.store.primary_endpoints.blob, f"https://{STORE}.blob.core.windows.net/")
        self.assertIn(STORE, names(accounts.list()))
        self.assertIn(STORE, names(accounts.list_by_resource_group(GROUP)))
        self.assertEqual(accounts.update(GROUP, STORE, {"tags": {"a": "b"}}).tags, {"a": "b"})
        check = {"name": STORE, "type": "Microsoft.Storage/storageAccounts"}
        self.assertEqual(accounts.check_name_availability(check).reason, "AlreadyExists")
        self.refuses("ResourceNotFound", 404, accounts.get_properties, GROUP, "nosuch")
        self.refuses("ResourceGroupNotFound", 404, accounts.get_properties, "no-such", STORE)
        accounts.delete(GROUP, "nosuch")

    def test_what_a_storage_account_can_be(self):
        accounts = self.storage.storage_accounts
        whole = {"location": "eastus", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
        self.refuses("InvalidResourceLocation", 409, accounts.begin_create, GROUP, STORE, {**whole, "location": "westus"})
        self.refuses("InvalidValuesForRequestParameters", 400, accounts.update, GROUP, STORE, {"access_tier": "Lukewarm"})
        path = {"url": self.store.id, "params": {"api-version": "2022-09-01"}}
        without = self.arm("PUT", f"{path['url']}x", params=path["params"], json={"location": "eastus", "kind": "StorageV2"})
        self.assertEqual((without.status_code, without.json()["error"]["code"]), (400, "MissingRequiredAccountProperty"))
        # What was shown can be sent again.
        shown = self.arm("GET", path["url"], params=path["params"]).json()
        again = self.arm("PUT", path["url"], params=path["params"], json=shown)
        self.assertEqual((again.status_code, again.json()), (200, shown))

    def test_keys_of_a_storage_account(self):
        accounts = self.storage.storage_accounts
        before = {key.key_name: key.value for key in accounts.list_keys(GROUP, STORE).keys}
        after = {key.key_name: key.value for key in accounts.regenerate_key(GROUP, STORE, {"key_name": "key2"}).keys}
        self.assertEqual(before["key1"], after["key1"])
        self.assertNotEqual(before["key2"], after["key2"])
        self.refuses("InvalidValuesForRequestParameters", 400, accounts.regenerate_key, GROUP, STORE, {"key_name": "key9"})

    def test_signatures(self):
        accounts = self.storage.storage_accounts
        self.storage.blob_containers.create(GROUP, STORE, "signed", {})
        of_account = accounts.list_account_sas(GROUP, STORE, {
            "services": "b", "resource_types": "sco", "permissions": "rwl", "shared_access_expiry_time": LATER,
            "key_to_sign": "key1"}).account_sas_token
        of_service = accounts.list_service_sas(GROUP, STORE, {
            "canonicalized_resource": f"/blob/{STORE}/signed", "resource": "c", "permissions": "rwl",
            "shared_access_expiry_time": LATER}).service_sas_token
        for token, member in ((of_account, "srt=sco"), (of_service, "sr=c")):
            self.assertIn(member, token)
            self.assertFalse(token.startswith("?"))
        self.only_data_planes()
        for token in (of_account, of_service):
            container = storage.ContainerClient(f"https://{STORE}.blob.core.windows.net", "signed", credential=token, retry_total=0)
            container.upload_blob("a", b"a", overwrite=True)
            self.assertEqual([blob.name for blob in container.list_blobs()], ["a"])

    def test_containers(self):
        containers = self.storage.blob_containers
        made = containers.create(GROUP, STORE, "films", {"metadata": {"a": "b"}})
        self.assertEqual(made.id, f"{self.store.id}/blobServices/default/containers/films")
        shown = containers.get(GROUP, STORE, "films")
        self.assertEqual((shown.public_access, shown.metadata, shown.lease_state), ("None", {"a": "b"}, "Available"))
        self.assertIn("films", names(containers.list(GROUP, STORE)))
        containers.delete(GROUP, STORE, "films")
        self.refuses("ContainerNotFound", 404, containers.get, GROUP, STORE, "films")

    # Batch

    def test_a_batch_account(self):
        accounts = self.batch.batch_account
        self.assertEqual((self.account.account_endpoint, self.account.provisioning_state, self.account.identity.type),
                         (f"{BATCH}.eastus.batch.azure.com", "Succeeded", "None"))
        self.assertEqual(self.account.allowed_authentication_modes, ["SharedKey", "AAD", "TaskAuthenticationToken"])
        self.assertEqual(self.account.auto_storage.storage_account_id, self.store.id)
        self.assertIn(BATCH, names(accounts.list()))
        self.assertIn(BATCH, names(accounts.list_by_resource_group(GROUP)))
        self.assertEqual(accounts.update(GROUP, BATCH, models.BatchAccountUpdateParameters(tags={"a": "b"})).tags, {"a": "b"})
        before = accounts.get_keys(GROUP, BATCH)
        after = accounts.regenerate_key(GROUP, BATCH, models.BatchAccountRegenerateKeyParameters(key_name="Secondary"))
        self.assertEqual((before.account_name, before.primary), (BATCH, after.primary))
        self.assertNotEqual(before.secondary, after.secondary)
        accounts.synchronize_auto_storage_keys(GROUP, BATCH)
        self.refuses("ResourceNotFound", 404, accounts.get, GROUP, "nosuch")
        self.refuses("ResourceGroupNotFound", 404, accounts.begin_create, "no-such", BATCH,
                     models.BatchAccountCreateParameters(location="eastus"))

    def test_places(self):
        places = self.batch.location
        self.assertGreaterEqual(places.get_quotas("eastus").account_quota, 1)
        kind = "Microsoft.Batch/batchAccounts"
        self.assertTrue(places.check_name_availability("eastus", {"name": "managefree", "type": kind}).name_available)
        taken = places.check_name_availability("eastus", {"name": BATCH, "type": kind})
        self.assertEqual((taken.name_available, taken.reason), (False, "AlreadyExists"))
        self.assertTrue(any(sku.family_name for sku in places.list_supported_virtual_machine_skus("eastus")))

    def test_applications(self):
        applications, packages = self.batch.application, self.batch.application_package
        applications.create(GROUP, BATCH, "tool", models.Application(display_name="Tool", allow_updates=True))
        self.assertEqual(applications.create(GROUP, BATCH, "bare").name, "bare")
        self.assertLessEqual({"tool", "bare"}, set(names(applications.list(GROUP, BATCH))))
        package = packages.create(GROUP, BATCH, "tool", "1.0")
        self.assertEqual(package.state, "Pending")
        zipped = models.ActivateApplicationPackageParameters(format="zip")
        self.refuses("ApplicationPackageBlobNotFound", 409, packages.activate, GROUP, BATCH, "tool", "1.0", zipped)
        self.refuses("RequestedDefaultVersionNotActive", 409, applications.update, GROUP, BATCH, "tool",
                     models.Application(default_version="1.0"))
        storage.BlobClient.from_blob_url(package.storage_url, retry_total=0).upload_blob(EMPTY_ARCHIVE, overwrite=True)
        self.assertEqual(packages.activate(GROUP, BATCH, "tool", "1.0", zipped).state, "Active")
        self.assertEqual(applications.update(GROUP, BATCH, "tool", models.Application(default_version="1.0")).default_version, "1.0")
        shown = packages.get(GROUP, BATCH, "tool", "1.0")
        self.assertEqual((shown.state, shown.format), ("Active", "zip"))
        self.assertIn("sp=r", shown.storage_url.split("&"))
        self.assertEqual([(one.name, one.storage_url) for one in packages.list(GROUP, BATCH, "tool")], [("1.0", None)])
        self.refuses("ApplicationPackagesNotEmpty", 409, applications.delete, GROUP, BATCH, "tool")
        self.refuses("ApplicationNotFound", 404, applications.get, GROUP, BATCH, "no-such")

    def pool(self, **more):
        image = models.ImageReference(publisher="canonical", offer="0001-com-ubuntu-server-focal", sku="20_04-lts")
        machine = models.VirtualMachineConfiguration(image_reference=image, node_agent_sku_id="batch.node.ubuntu 20.04")
        fixed = models.FixedScaleSettings(target_dedicated_nodes=1, resize_timeout=datetime.timedelta(minutes=10))
        return models.Pool(
            vm_size="Standard_A1_v2", deployment_configuration=models.DeploymentConfiguration(virtual_machine_configuration=machine),
            scale_settings=models.ScaleSettings(fixed_scale=fixed), **more)

    def test_pools(self):
        pools = self.batch.pool
        start = models.StartTask(command_line="/bin/true", wait_for_success=True, user_identity=models.UserIdentity(
            auto_user=models.AutoUserSpecification(elevation_level="Admin", scope="Pool")))
        made = pools.create(GROUP, BATCH, "made", self.pool(
            display_name="P", start_task=start, task_slots_per_node=2, metadata=[models.MetadataItem(name="k", value="v")]))
        self.assertEqual((made.name, made.type, made.provisioning_state), ("made", "Microsoft.Batch/batchAccounts/pools", "Succeeded"))
        self.assertEqual((made.vm_size, made.task_slots_per_node, made.inter_node_communication), ("STANDARD_A1_V2", 2, "Disabled"))
        # The emulator's nodes are there at once, unless they are told to take their time.
        self.assertIn(made.allocation_state, ("Resizing", "Steady"))
        self.assertEqual(made.deployment_configuration.virtual_machine_configuration.image_reference.version, "latest")
        self.assertEqual(made.scale_settings.fixed_scale.target_dedicated_nodes, 1)
        self.assertTrue(made.etag.startswith('W/"'))
        with self.assertRaises(exceptions.HttpResponseError) as caught:
            pools.create(GROUP, BATCH, "made", self.pool(), if_none_match="*")
        self.assertEqual(caught.exception.status_code, 412)
        self.assertEqual(names(pools.list_by_batch_account(GROUP, BATCH, filter="startswith(name, 'ma')")), ["made"])
        scaled = pools.update(GROUP, BATCH, "made", models.Pool(scale_settings=models.ScaleSettings(
            auto_scale=models.AutoScaleSettings(formula="$TargetDedicatedNodes=0"))))
        self.assertEqual(scaled.scale_settings.auto_scale.formula, "$TargetDedicatedNodes=0")
        self.assertIsNotNone(pools.disable_auto_scale(GROUP, BATCH, "made").scale_settings.fixed_scale)
        pools.begin_delete(GROUP, BATCH, "made").result()
        self.refuses("PoolNotFound", 404, pools.get, GROUP, BATCH, "made")

    def test_what_a_pool_keeps(self):
        pools = self.batch.pool
        user = models.UserAccount(name="u", password="secret", elevation_level="Admin")
        start = models.StartTask(command_line="/bin/true")
        made = pools.create(GROUP, BATCH, "kept", self.pool(display_name="P", start_task=start, user_accounts=[user]))
        wait_until(lambda: pools.get(GROUP, BATCH, "kept").allocation_state == "Steady", 60, "the pool is steady")
        path = {"url": made.id, "params": {"api-version": "2022-10-01"}}
        # What was shown can be sent again.
        shown = self.arm("GET", path["url"], params=path["params"]).json()
        again = self.arm("PUT", path["url"], params=path["params"], json=shown)
        self.assertEqual((again.status_code, again.json()["properties"]["startTask"]["commandLine"]), (200, "/bin/true"), again.text)
        with self.assertRaises(exceptions.HttpResponseError) as caught:
            pools.update(GROUP, BATCH, "kept", models.Pool(vm_size="Standard_A2_v2", metadata=[]))
        error = caught.exception.error
        self.assertEqual((caught.exception.status_code, error.code, error.target), (400, "PropertyCannotBeUpdated", "BatchAccount"))
        self.assertEqual([(detail.code, detail.message) for detail in error.details][1:],
                         [("PropertyName", "vmSize"), ("PropertyPath", "properties.vmSize")])
        bare = self.arm("PATCH", path["url"], params=path["params"], json={"properties": {"startTask": {}}})
        self.assertEqual(bare.status_code, 200, bare.text)
        self.assertIsNone(pools.get(GROUP, BATCH, "kept").start_task)
        self.assertEqual(pools.get(GROUP, BATCH, "kept").display_name, "P")
        unknown = self.arm("PUT", path["url"], params=path["params"], json={"properties": {**shown["properties"], "id": "other"}})
        self.assertEqual((unknown.status_code, unknown.json()["error"]["code"]), (400, "InvalidRequestBody"))
        self.refuses("PoolNotFound", 404, pools.get, GROUP, BATCH, "other")

    def test_a_pool_is_the_same_on_both_sides(self):
        self.only_data_planes()
        self.batch.pool.create(GROUP, BATCH, "both", self.pool())
        token = identity.EnvironmentCredential().get_token("https://batch.core.windows.net/.default").token
        answer = requests.get(f"https://{self.account.account_endpoint}/pools/both", params={"api-version": "2022-10-01.16.0"},
                              headers={"Authorization": f"Bearer {token}"}, timeout=30)
        self.assertEqual(answer.status_code, 200, answer.text)
        pool = answer.json()
        self.assertEqual((pool["vmSize"], pool["targetDedicatedNodes"], pool["resizeTimeout"]), ("standard_a1_v2", 1, "PT10M"))
        wait_until(lambda: self.batch.pool.get(GROUP, BATCH, "both").allocation_state == "Steady", 60, "the pool is steady")
        self.assertEqual(self.batch.pool.get(GROUP, BATCH, "both").current_dedicated_nodes, 1)


EMPTY_ARCHIVE = b"PK\x05\x06" + bytes(18)

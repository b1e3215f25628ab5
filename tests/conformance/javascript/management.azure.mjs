// @azure/arm-storage and @azure/arm-batch: accounts, keys, a container and a pool through the resource manager.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { BatchManagementClient } from "@azure/arm-batch";
import { StorageManagementClient } from "@azure/arm-storage";
import { createHttpHeaders, createPipelineRequest } from "@azure/core-rest-pipeline";
import { EnvironmentCredential } from "@azure/identity";

const subscription = process.env.AZURE_SUBSCRIPTION_ID;
const group = "javascript-management";
const [store, account] = ["jsmanagestore", "jsmanagebatch"];
const credential = new EnvironmentCredential();
const storage = new StorageManagementClient(credential, subscription);
const batch = new BatchManagementClient(credential, subscription);
const quick = { updateIntervalInMs: 100 };

function askGroup(method, body) {
    return storage.sendRequest(createPipelineRequest({
        url: `https://management.azure.com/subscriptions/${subscription}/resourcegroups/${group}?api-version=2021-04-01`,
        method, body, headers: createHttpHeaders({ "Content-Type": "application/json" }),
    }));
}

async function namesOf(pages) {
    const names = [];
    for await (const item of pages) names.push(item.name);
    return names;
}

const refusal = (code, statusCode) => (error) => {
    assert.deepEqual([error.code, error.statusCode], [code, statusCode]);
    return true;
};

let made;

before(async () => {
    assert.equal((await askGroup("PUT", JSON.stringify({ location: "eastus" }))).status, 201);
    made = await storage.storageAccounts.beginCreateAndWait(
        group, store, { location: "eastus", kind: "StorageV2", sku: { name: "Standard_LRS" } }, quick);
    await batch.batchAccountOperations.beginCreateAndWait(
        group, account, { location: "eastus", autoStorage: { storageAccountId: made.id } }, quick);
});

after(async () => {
    assert.equal((await askGroup("DELETE")).status, 202);
});

test("a storage account with its keys", async () => {
    const accounts = storage.storageAccounts;
    assert.equal(made.primaryEndpoints.blob, `https://${store}.blob.core.windows.net/`);
    assert.ok((await namesOf(accounts.listByResourceGroup(group))).includes(store));
    assert.equal((await accounts.update(group, store, { accessTier: "Cool" })).accessTier, "Cool");
    assert.deepEqual((await accounts.listKeys(group, store)).keys.map((key) => key.keyName), ["key1", "key2"]);
    assert.equal((await accounts.checkNameAvailability({ name: store, type: "Microsoft.Storage/storageAccounts" })).nameAvailable, false);
    await assert.rejects(accounts.getProperties(group, "nosuch"), refusal("ResourceNotFound", 404));
});

test("a container", async () => {
    const containers = storage.blobContainers;
    await containers.create(group, store, "films", { metadata: { a: "b" } });
    assert.deepEqual((await containers.get(group, store, "films")).metadata, { a: "b" });
    assert.deepEqual(await namesOf(containers.list(group, store)), ["films"]);
    await containers.delete(group, store, "films");
});

test("a Batch account with its keys", async () => {
    const accounts = batch.batchAccountOperations;
    const shown = await accounts.get(group, account);
    assert.deepEqual([shown.accountEndpoint, shown.autoStorage.storageAccountId], [`${account}.eastus.batch.azure.com`, made.id]);
    assert.ok((await namesOf(accounts.listByResourceGroup(group))).includes(account));
    assert.equal((await accounts.getKeys(group, account)).accountName, account);
    await assert.rejects(accounts.get(group, "nosuch"), refusal("ResourceNotFound", 404));
});

test("a pool", async () => {
    const pools = batch.poolOperations;
    const pool = await pools.create(group, account, "made", {
        vmSize: "Standard_A1_v2",
        deploymentConfiguration: {
            virtualMachineConfiguration: {
                imageReference: { publisher: "canonical", offer: "0001-com-ubuntu-server-focal", sku: "20_04-lts" },
                nodeAgentSkuId: "batch.node.ubuntu 20.04",
            },
        },
        scaleSettings: { fixedScale: { targetDedicatedNodes: 0 } },
    });
    assert.deepEqual([pool.name, pool.vmSize, pool.provisioningState], ["made", "STANDARD_A1_V2", "Succeeded"]);
    await assert.rejects(pools.update(group, account, "made", { vmSize: "Standard_A2_v2" }), refusal("PropertyCannotBeUpdated", 400));
    const metadata = [{ name: "a", value: "b" }];
    assert.deepEqual((await pools.update(group, account, "made", { metadata })).metadata, metadata);
    assert.deepEqual(await namesOf(pools.listByBatchAccount(group, account)), ["made"]);
    await pools.beginDeleteAndWait(group, account, "made", quick);
    await assert.rejects(pools.get(group, account, "made"), refusal("PoolNotFound", 404));
});

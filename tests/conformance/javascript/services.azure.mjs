// Programs with Azure's own host names in them: the SDKs, and node's own ways to ask.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { get } from "node:https";
import { createRequire } from "node:module";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { DefaultAzureCredential } from "@azure/identity";
import { BlobServiceClient, StorageSharedKeyCredential } from "@azure/storage-blob";

const { BatchServiceClient, BatchSharedKeyCredentials } = createRequire(import.meta.url)("@azure/batch");

const {
    AZURE_BATCH_ACCOUNT_NAME: batchAccount, AZURE_BATCH_ACCESS_KEY: batchKey, AZURE_BATCH_ACCOUNT_URL: batchUrl,
    AZURE_STORAGE_ACCOUNT_NAME: storageAccount, AZURE_STORAGE_KEY: storageKey,
} = process.env;
const blobUrl = `https://${storageAccount}.blob.core.windows.net`;
const inPool = { imageReference: { publisher: "canonical", offer: "0001-com-ubuntu-server-jammy", sku: "22_04-lts" },
    nodeAgentSKUId: "batch.node.ubuntu 22.04" };

async function roundTrip(credential) {
    const container = new BlobServiceClient(blobUrl, credential).getContainerClient(`films-${randomUUID()}`);
    await container.create();
    const blob = container.getBlockBlobClient("a b/ü.txt");
    await blob.upload("content", 7);
    assert.equal((await blob.downloadToBuffer()).toString(), "content");
    await container.delete();
}

test("blobs by the account's key", () => roundTrip(new StorageSharedKeyCredential(storageAccount, storageKey)));
test("blobs by the credential of the environment", () => roundTrip(new DefaultAzureCredential()));

test("a task by the account's key", async () => {
    const batch = new BatchServiceClient(new BatchSharedKeyCredentials(batchAccount, batchKey), batchUrl);
    const id = `js-${randomUUID()}`;
    await batch.pool.add({ id, vmSize: "standard_a1_v2", targetDedicatedNodes: 1, virtualMachineConfiguration: inPool });
    await batch.job.add({ id, poolInfo: { poolId: id } });
    await batch.task.add(id, { id: "task", commandLine: "/bin/echo done" });
    let task;
    for (const end = Date.now() + 60_000; task?.state !== "completed"; await sleep(50)) {
        assert.ok(Date.now() < end, `the task is still ${task?.state}`);
        task = await batch.task.get(id, "task");
    }
    assert.equal(task.executionInfo.exitCode, 0);
    await batch.job.deleteMethod(id);
    await batch.pool.deleteMethod(id);
});

// Releases of node before 24 know no proxy by themselves.
test("fetch, which knows nothing of proxies", async () => {
    const response = await fetch(`${blobUrl}/?comp=list`);
    assert.match(response.headers.get("server"), /^Windows-Azure-Blob/);
    assert.ok(response.headers.get("x-ms-request-id"));
});

test("https.get, which knows nothing of proxies either", async () => {
    const response = await new Promise((resolve, reject) => get(`${blobUrl}/?comp=list`, resolve).on("error", reject));
    assert.match(response.headers.server, /^Windows-Azure-Blob/);
    response.resume();
});

test("hosts of others are refused where the program is to stay offline", async () => {
    await assert.rejects(fetch("https://example.com/"), (error) => {
        assert.match(`${error.cause?.message}`, /403/);
        return true;
    });
});

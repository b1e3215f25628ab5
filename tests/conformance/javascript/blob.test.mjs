// Blob through the official JavaScript SDK, beyond what the tutorial touches.

import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";
import { AnonymousCredential, BlobClient, BlobSASPermissions, BlobServiceClient, StorageSharedKeyCredential } from "@azure/storage-blob";
import { blobService, blobUrl, storageCredential } from "./setup.mjs";

let container;
let number = 0;

beforeEach(async () => {
    container = blobService().getContainerClient(`js-${++number}`);
    await container.create();
});

test("a blob in many blocks comes back whole and in ranges", async () => {
    const data = Buffer.alloc(1_000_003, "0123456789abcdef");
    const blob = container.getBlockBlobClient("big.bin");
    await blob.uploadData(data, { blockSize: 128 * 1024, maxSingleShotSize: 64 * 1024, concurrency: 4 });
    assert.ok((await blob.downloadToBuffer()).equals(data));
    const part = await blob.downloadToBuffer(1000, 77);
    assert.ok(part.equals(data.subarray(1000, 1077)));
    const list = await blob.getBlockList("committed");
    assert.equal(list.committedBlocks.length, 8);
});

test("lists come by page and by hierarchy", async () => {
    for (let i = 0; i < 12; ++i) await container.getBlockBlobClient(`f${i % 2}/n${i}`).upload("x", 1);
    const sizes = [];
    for await (const page of container.listBlobsFlat().byPage({ maxPageSize: 5 })) sizes.push(page.segment.blobItems.length);
    assert.deepEqual(sizes, [5, 5, 2]);
    const folders = [];
    for await (const item of container.listBlobsByHierarchy("/")) folders.push(item.name);
    assert.deepEqual(folders, ["f0/", "f1/"]);
});

test("names of all kinds survive", async () => {
    const names = ["with blank.txt", "Füße/日本語.txt", "a%2Fb", "plus+and&amp.txt"];
    for (const name of names) await container.getBlockBlobClient(name).upload(name, Buffer.byteLength(name));
    const found = [];
    for await (const item of container.listBlobsFlat()) found.push(item.name);
    assert.deepEqual(found.sort(), [...names].sort());
    for (const name of names) assert.equal((await container.getBlobClient(name).downloadToBuffer()).toString(), name);
});

test("metadata and headers are kept", async () => {
    const blob = container.getBlockBlobClient("song.mp3");
    await blob.upload("la", 2, { metadata: { artist: "nobody" }, blobHTTPHeaders: { blobContentType: "audio/mpeg" } });
    const found = await blob.getProperties();
    assert.deepEqual(found.metadata, { artist: "nobody" });
    assert.equal(found.contentType, "audio/mpeg");
    assert.equal(found.contentLength, 2);
});

test("conditions are obeyed", async () => {
    const blob = container.getBlockBlobClient("one");
    const first = await blob.upload("1", 1);
    await assert.rejects(blob.upload("2", 1, { conditions: { ifNoneMatch: "*" } }), { statusCode: 409 });
    await blob.upload("2", 1, { conditions: { ifMatch: first.etag } });
    await assert.rejects(blob.delete({ conditions: { ifMatch: first.etag } }), { statusCode: 412 });
});

test("a SAS opens what it names and nothing else", async () => {
    const open = container.getBlockBlobClient("open");
    await open.upload("sesame", 6);
    const url = await open.generateSasUrl({ permissions: BlobSASPermissions.parse("r"), expiresOn: new Date(Date.now() + 600_000) });
    const holder = new BlobClient(url, new AnonymousCredential());
    assert.equal((await holder.downloadToBuffer()).toString(), "sesame");
    await assert.rejects(holder.delete(), { statusCode: 403 });
});

test("wrong keys and missing things have the service's codes", async () => {
    const wrong = new BlobServiceClient(blobUrl, new StorageSharedKeyCredential(storageCredential.accountName, "d3Jvbmc="));
    await assert.rejects(wrong.getProperties(), { statusCode: 403, code: "AuthenticationFailed" });
    // An answer to HEAD has no body, so the code is in a header.
    await assert.rejects(
        container.getBlobClient("nothing").getProperties(), (error) => error.details.errorCode === "BlobNotFound");
    await assert.rejects(container.create(), { statusCode: 409, code: "ContainerAlreadyExists" });
});

test("a batch deletes blobs and sets tiers", async () => {
    const blobs = ["a", "b b", "c"].map((name) => container.getBlockBlobClient(name));
    for (const blob of blobs) await blob.upload("x", 1);
    const tiers = await blobService().getBlobBatchClient().setBlobsAccessTier(blobs, "Cool");
    assert.deepEqual(tiers.subResponses.map((answer) => answer.status), [200, 200, 200]);
    assert.equal((await blobs[1].getProperties()).accessTier, "Cool");
    const none = container.getBlobClient("none");
    const gone = await container.getBlobBatchClient().deleteBlobs([blobs[0], none, blobs[1]]);
    assert.deepEqual(gone.subResponses.map((answer) => answer.status), [202, 404, 202]);
    assert.equal(gone.subResponses[1].errorCode, "BlobNotFound");
    assert.equal(gone.subResponsesFailedCount, 1);
    assert.deepEqual([await blobs[0].exists(), await blobs[2].exists()], [false, true]);
});

test("tags are set, found and conditions", async () => {
    const blob = container.getBlockBlobClient("tagged");
    await blob.upload("x", 1, { tags: { state: "in progress", "a:b": "c+d" } });
    assert.deepEqual((await blob.getTags()).tags, { state: "in progress", "a:b": "c+d" });
    await blob.setTags({ state: "js done" });
    const found = [];
    for await (const item of blobService().findBlobsByTags(`"state" = 'js done'`)) found.push([item.containerName, item.name, item.tags]);
    assert.deepEqual(found, [[container.containerName, "tagged", { state: "js done" }]]);
    await assert.rejects(blob.delete({ conditions: { tagConditions: `state = 'new'` } }), { statusCode: 412 });
});

test("blobs come from urls", async () => {
    const source = container.getBlockBlobClient("source");
    await source.upload("0123456789", 10);
    const copy = container.getBlockBlobClient("copy");
    assert.equal((await copy.syncCopyFromURL(source.url)).copyStatus, "success");
    const poller = await copy.beginCopyFromURL(source.url, { metadata: { a: "1" } });
    assert.equal((await poller.pollUntilDone()).copyStatus, "success");
    assert.deepEqual((await copy.getProperties()).metadata, { a: "1" });
    await copy.stageBlockFromURL("MDE=", source.url, 2, 3);
    await copy.commitBlockList(["MDE="]);
    assert.equal((await copy.downloadToBuffer()).toString(), "234");
    await copy.syncUploadFromURL(source.url);
    assert.equal((await copy.downloadToBuffer()).toString(), "0123456789");
    await assert.rejects(copy.syncCopyFromURL(container.getBlobClient("none").url), { code: "CannotVerifyCopySource" });
});

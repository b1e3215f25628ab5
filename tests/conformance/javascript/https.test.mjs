// Both services by HTTPS, with the emulator's own authority in NODE_EXTRA_CA_CERTS.

import assert from "node:assert/strict";
import test from "node:test";
import { BlobClient, BlobSASPermissions, BlobServiceClient, SASProtocol } from "@azure/storage-blob";
import { batchKey, batchService, batchUrl, blobUrl, poolBody, secure, storageCredential } from "./setup.mjs";

const service = new BlobServiceClient(secure(blobUrl), storageCredential);

test("a blob goes there and back by https", async () => {
    const container = service.getContainerClient("js-https");
    await container.create();
    const data = Buffer.alloc(3_000_001, "0123456789abcdef");
    const blob = container.getBlockBlobClient("big.bin");
    await blob.uploadData(data, { blockSize: 512 * 1024, maxSingleShotSize: 64 * 1024, concurrency: 4 });
    assert.ok((await blob.downloadToBuffer()).equals(data));
});

test("a signature for https only opens nothing by http", async () => {
    const container = service.getContainerClient("js-https-sas");
    await container.create();
    const blob = container.getBlockBlobClient("b");
    await blob.upload("text", 4);
    const url = await blob.generateSasUrl({
        permissions: BlobSASPermissions.parse("r"), protocol: SASProtocol.Https,
        expiresOn: new Date(Date.now() + 600_000),
    });
    assert.ok(url.startsWith("https:"));
    assert.equal((await new BlobClient(url).downloadToBuffer()).toString(), "text");
    const plain = new BlobClient(url.replace("https:", "http:"), undefined, { retryOptions: { maxTries: 1 } });
    await assert.rejects(plain.downloadToBuffer(), (error) => error.statusCode === 403);
});

test("pages of a list lead on by https", async () => {
    const batch = batchService(batchKey, secure(batchUrl));
    for (const pool of ["js-https-1", "js-https-2", "js-https-3"]) await batch.pool.add(poolBody(pool, { targetDedicatedNodes: 0 }));
    const first = await batch.pool.list({ poolListOptions: { maxResults: 2 } });
    assert.equal(first.length, 2);
    assert.ok(first.odatanextLink.startsWith(secure(batchUrl)), first.odatanextLink);
    const rest = await batch.pool.listNext(first.odatanextLink);
    assert.equal(rest.length, 1);
    assert.ok(rest[0].url.startsWith(secure(batchUrl)), rest[0].url);
});

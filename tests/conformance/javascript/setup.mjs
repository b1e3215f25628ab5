// What the suites share: clients for the emulator that the runner started, and patience.

import { Agent } from "node:http";
import { Agent as SecureAgent } from "node:https";
import { createRequire } from "node:module";
import { BlobServiceClient, StorageSharedKeyCredential } from "@azure/storage-blob";

// The Batch SDK is CommonJS only.
const { BatchServiceClient, BatchSharedKeyCredentials } = createRequire(import.meta.url)("@azure/batch");

function fromEnvironment(name) {
    const value = process.env[name];
    if (!value) throw new Error(`${name} is not set; run tests/run.py conformance --filter javascript`);
    return value;
}

export const films = fromEnvironment("TEST_FILMS");
export const blobUrl = fromEnvironment("TEST_BLOB_URL");
export const batchUrl = fromEnvironment("TEST_BATCH_URL");
export const batchAccount = fromEnvironment("TEST_BATCH_ACCOUNT");
export const batchKey = fromEnvironment("TEST_BATCH_KEY");

export const storageCredential = new StorageSharedKeyCredential(
    fromEnvironment("TEST_BLOB_ACCOUNT"), fromEnvironment("TEST_BLOB_KEY"));

export function blobService() {
    return new BlobServiceClient(blobUrl, storageCredential);
}

// The SDK fetches with node-fetch 2, which takes the end of a chunked answer on a kept-alive connection for a
// broken one under some releases of node, Debian 13's 20.19.2 among them. So a connection for each call.
const agentSettings = { http: new Agent({ keepAlive: false }), https: new SecureAgent({ keepAlive: false }) };

export function batchService(key = batchKey, url = batchUrl) {
    const credentials = new BatchSharedKeyCredentials(batchAccount, key);
    return new BatchServiceClient(credentials, url, { agentSettings });
}

// The same port, which speaks HTTPS as well; node trusts its certificate by NODE_EXTRA_CA_CERTS.
export function secure(url) {
    return url.replace(/^http:/, "https:");
}

export async function waitUntil(condition, what, seconds = 120) {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
        const answer = await condition();
        if (answer) return answer;
        if (Date.now() > deadline) throw new Error(`${what} did not come true within ${seconds} s`);
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}

export async function readAll(stream) {
    const chunks = [];
    for await (const chunk of stream) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks);
}

export function poolBody(id, nodes) {
    return {
        id,
        vmSize: "STANDARD_A1_v2",
        virtualMachineConfiguration: {
            imageReference: { publisher: "canonical", offer: "0001-com-ubuntu-server-focal", sku: "20_04-lts" },
            nodeAgentSKUId: "batch.node.ubuntu 20.04",
        },
        ...nodes,
    };
}

// Connections of node's own that `bluebatch run` leads through its proxy: what is slow, ends early or goes wrong.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { get } from "node:https";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "node:tls";
import { BlobServiceClient, StorageSharedKeyCredential } from "@azure/storage-blob";

const { AZURE_STORAGE_ACCOUNT_NAME: account, AZURE_STORAGE_KEY: key } = process.env;
const service = new BlobServiceClient(
    `https://${account}.blob.core.windows.net`, new StorageSharedKeyCredential(account, key));

function ask(url, options) {
    return new Promise((resolve, reject) => get(url, options, resolve).on("error", reject));
}

test("who reads slowly over a connection that ends gets all", async () => {
    const container = service.getContainerClient(`slow-${randomUUID()}`);
    await container.create();
    for (const size of [50_000, 300_000, 3_000_000]) {
        const content = randomBytes(size);
        const blob = container.getBlockBlobClient(`${size}`);
        await blob.uploadData(content);
        const url = await blob.generateSasUrl({ permissions: "r", expiresOn: new Date(Date.now() + 600_000) });
        const response = await ask(url, { agent: false });
        const pieces = [];
        await sleep(100);  // the reader's slowness, not a wait for something
        for await (const piece of response) {
            pieces.push(piece);
            await sleep(1);
        }
        assert.ok(Buffer.concat(pieces).equals(content), `${size} bytes`);
    }
    await container.delete();
});

test("a certificate of one's own that is none is refused and nothing stays", () => {
    assert.throws(() => connect({ host: "example.com", port: 443, cert: "none", key: "none" }), /PEM|no start line/i);
});

test("a time-out holds", async () => {
    const socket = connect({ host: `${account}.blob.core.windows.net`, port: 443, timeout: 50 });
    await new Promise((resolve) => socket.once("timeout", resolve));
    socket.destroy();
});

test("a program without the proxy's variable starts", () => {
    for (const HTTPS_PROXY of ["", "proxy:8080", undefined]) {
        const env = { ...process.env, HTTPS_PROXY };
        if (HTTPS_PROXY === undefined) delete env.HTTPS_PROXY;
        const run = spawnSync(process.execPath, ["-e", "console.log('here')"], { env, encoding: "utf8" });
        assert.equal(run.stdout, "here\n", run.stderr);
    }
});

test("a connection that nobody uses any more does not keep a program", () => {
    const program = `require("https").get("https://${account}.blob.core.windows.net/?comp=list", (answer) => answer.resume())`;
    const run = spawnSync(process.execPath, ["-e", program], { encoding: "utf8", timeout: 20_000 });
    assert.equal(run.status, 0, run.stderr);
});

// Batch through the official JavaScript SDK, beyond what the tutorial touches.

import assert from "node:assert/strict";
import test, { before } from "node:test";
import { batchService, poolBody, readAll, waitUntil } from "./setup.mjs";

const batch = batchService();
const codeOf = (code) => (error) => error.body?.code === code || error.code === code;

before(async () => {
    await batch.pool.add(poolBody("js", { targetDedicatedNodes: 2 }));
    await waitUntil(async () => (await batch.pool.get("js")).allocationState === "steady", "the pool is steady");
    await batch.job.add({ id: "js-job", poolInfo: { poolId: "js" } });
});

test("a task's output is read back", async () => {
    await batch.task.add("js-job", { id: "hello", commandLine: "/bin/sh -c 'echo hello; echo trouble >&2'" });
    await waitUntil(async () => (await batch.task.get("js-job", "hello")).state === "completed", "the task is completed");

    const standardOut = await batch.file.getFromTask("js-job", "hello", "stdout.txt");
    assert.equal((await readAll(standardOut.readableStreamBody)).toString(), "hello\n");
    const standardError = await batch.file.getFromTask("js-job", "hello", "stderr.txt");
    assert.equal((await readAll(standardError.readableStreamBody)).toString(), "trouble\n");
    const files = await batch.file.listFromTask("js-job", "hello", { recursive: true });
    assert.ok(files.some((file) => file.name === "stdout.txt" && file.properties.contentLength === 6));
});

test("a failing task says why", async () => {
    await batch.task.add("js-job", { id: "sad", commandLine: "/bin/sh -c 'exit 3'" });
    const task = await waitUntil(async () => {
        const found = await batch.task.get("js-job", "sad");
        return found.state === "completed" && found;
    }, "the task is completed");
    assert.equal(task.executionInfo.exitCode, 3);
    assert.equal(task.executionInfo.result, "failure");
    assert.equal(task.executionInfo.failureInfo.code, "FailureExitCode");
});

test("nodes and pools are listed", async () => {
    const nodes = await batch.computeNode.list("js");
    assert.equal(nodes.length, 2);
    assert.ok(nodes.every((node) => node.id.startsWith("tvmps_") && node.isDedicated));
    assert.ok((await batch.pool.list()).some((pool) => pool.id === "js"));
    assert.equal((await batch.pool.exists("js")).body, true);
});

test("tasks are counted by state", async () => {
    const counts = await batch.job.getTaskCounts("js-job");
    assert.equal(typeof counts.taskCounts.completed, "number");
});

test("what is not there, or there already, says so", async () => {
    await assert.rejects(batch.pool.get("nowhere"), codeOf("PoolNotFound"));
    await assert.rejects(batch.job.get("nothing"), codeOf("JobNotFound"));
    await assert.rejects(batch.job.add({ id: "js-job", poolInfo: { poolId: "js" } }), codeOf("JobExists"));
});

test("a wrong key is refused", async () => {
    await assert.rejects(batchService("d3Jvbmc=").pool.list(), (error) => error.statusCode === 403);
});

test("a job is ended and removed", async () => {
    await batch.job.add({ id: "js-short", poolInfo: { poolId: "js" } });
    await batch.job.terminate("js-short");
    await waitUntil(async () => (await batch.job.get("js-short")).state === "completed", "the job is completed");
    await batch.job.deleteMethod("js-short");
    await waitUntil(
        () => batch.job.get("js-short").then(() => false, (error) => error.statusCode === 404), "the job is gone");
});

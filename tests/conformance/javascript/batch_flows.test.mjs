// The flows of the service's well-known sample programs through the official JavaScript SDK.

import assert from "node:assert/strict";
import test from "node:test";
import { BlobSASPermissions, ContainerSASPermissions } from "@azure/storage-blob";
import { batchService, blobService, poolBody, readAll, waitUntil } from "./setup.mjs";

const batch = batchService();
const soon = () => new Date(Date.now() + 3600 * 1000);

async function completed(job, ids) {
    return waitUntil(async () => {
        const tasks = new Map((await batch.task.list(job)).map((task) => [task.id, task]));
        return ids.every((id) => tasks.get(id)?.state === "completed") && tasks;
    }, `tasks ${ids} are completed`);
}

async function outputOf(job, task, file = "stdout.txt") {
    return (await readAll((await batch.file.getFromTask(job, task, file)).readableStreamBody)).toString();
}

test("hello world on an auto pool", async () => {
    const { id, ...pool } = poolBody("unused", { targetDedicatedNodes: 1 });
    await batch.job.add({
        id: "hello",
        poolInfo: { autoPoolSpecification: { poolLifetimeOption: "job", autoPoolIdPrefix: "js", pool } },
        onAllTasksComplete: "noaction",
    });
    await batch.task.addCollection("hello", [{ id: "t", commandLine: "/bin/echo Hello world" }]);
    await completed("hello", ["t"]);
    assert.equal(await outputOf("hello", "t"), "Hello world\n");
    const { poolId } = (await batch.job.get("hello")).executionInfo;
    assert.match(poolId, /^js/);
    await batch.job.terminate("hello");
    await waitUntil(() => batch.pool.exists(poolId).then((found) => !found.body), "the pool is gone");
});

test("a start task fetches its resource file", async () => {
    const container = blobService().getContainerClient("resources");
    await container.create();
    const blob = container.getBlockBlobClient("words.txt");
    await blob.upload("from a blob\n", 12);
    const httpUrl = await blob.generateSasUrl({ permissions: BlobSASPermissions.parse("r"), expiresOn: soon() });
    await batch.pool.add(poolBody("started", {
        targetDedicatedNodes: 1,
        startTask: {
            commandLine: "/bin/sh -c 'cp words.txt $AZ_BATCH_NODE_SHARED_DIR/'",
            resourceFiles: [{ httpUrl, filePath: "words.txt" }],
            waitForSuccess: true,
        },
    }));
    await batch.job.add({ id: "started", poolInfo: { poolId: "started" } });
    await batch.task.add("started", { id: "t", commandLine: "/bin/sh -c 'cat $AZ_BATCH_NODE_SHARED_DIR/words.txt'" });
    await completed("started", ["t"]);
    assert.equal(await outputOf("started", "t"), "from a blob\n");
});

test("nodes are prepared and released", async () => {
    await batch.pool.add(poolBody("prepared", { targetDedicatedNodes: 1 }));
    await batch.job.add({
        id: "prepared",
        poolInfo: { poolId: "prepared" },
        jobPreparationTask: { commandLine: "/bin/sh -c 'echo ready > $AZ_BATCH_NODE_SHARED_DIR/sign'" },
        jobReleaseTask: { commandLine: "/bin/sh -c 'rm $AZ_BATCH_NODE_SHARED_DIR/sign'" },
    });
    await batch.task.add("prepared", { id: "t", commandLine: "/bin/sh -c 'cat $AZ_BATCH_NODE_SHARED_DIR/sign'" });
    await completed("prepared", ["t"]);
    assert.equal(await outputOf("prepared", "t"), "ready\n");
    await batch.job.terminate("prepared");
    const [status] = await waitUntil(async () => {
        const all = await batch.job.listPreparationAndReleaseTaskStatus("prepared");
        return all[0]?.jobReleaseTaskExecutionInfo?.state === "completed" && all;
    }, "the release task is completed");
    assert.equal(status.jobPreparationTaskExecutionInfo.exitCode, 0);
    assert.equal(status.jobReleaseTaskExecutionInfo.exitCode, 0);
});

test("a schedule makes a job", async () => {
    await batch.pool.add(poolBody("scheduled", { targetDedicatedNodes: 1 }));
    await batch.jobSchedule.add({
        id: "nightly",
        schedule: { recurrenceInterval: "P1D" },
        jobSpecification: {
            poolInfo: { poolId: "scheduled" },
            jobManagerTask: { id: "manager", commandLine: "/bin/sh -c 'echo $AZ_BATCH_JOB_ID'" },
        },
    });
    await waitUntil(async () => {
        const jobs = await batch.job.listFromJobSchedule("nightly");
        return jobs.length === 1 && jobs[0].state === "completed";
    }, "the first job is completed");
    assert.equal(await outputOf("nightly:job-1", "manager"), "nightly:job-1\n");
    assert.equal((await batch.jobSchedule.get("nightly")).executionInfo.recentJob.id, "nightly:job-1");
    await batch.jobSchedule.terminate("nightly");
    await waitUntil(async () => (await batch.jobSchedule.get("nightly")).state === "completed", "it is over");
    await batch.jobSchedule.deleteMethod("nightly");
    await waitUntil(() => batch.jobSchedule.exists("nightly").then((found) => !found.body), "it is gone");
});

test("tasks depend on each other", async () => {
    await batch.pool.add(poolBody("rain", { targetDedicatedNodes: 2 }));
    await batch.job.add({ id: "rain", poolInfo: { poolId: "rain" }, usesTaskDependencies: true });
    const command = (id) => ({ id, commandLine: "/bin/sh -c 'date +%s%N'" });
    await batch.task.addCollection("rain", [
        { ...command("flowers"), dependsOn: { taskIds: ["rain", "sun"] } },
        { ...command("last"), dependsOn: { taskIdRanges: [{ start: 1, end: 3 }] } },
        ...["rain", "sun", "1", "2", "3"].map(command),
    ]);
    await completed("rain", ["flowers", "last", "rain", "sun", "1", "2", "3"]);
    const time = async (id) => BigInt((await outputOf("rain", id)).trim());
    assert.ok(await time("flowers") > await time("rain") && await time("flowers") > await time("sun"));
    assert.ok(await time("last") > await time("3"));
});

function outputFile(containerUrl, filePattern, path, uploadCondition) {
    return { filePattern, destination: { container: { containerUrl, path } }, uploadOptions: { uploadCondition } };
}

test("outputs are persisted in a container", async () => {
    const container = blobService().getContainerClient("persisted");
    await container.create();
    const containerUrl = await container.generateSasUrl(
        { permissions: ContainerSASPermissions.parse("rwl"), expiresOn: soon() });
    await batch.pool.add(poolBody("persist", { targetDedicatedNodes: 1 }));
    await batch.job.add({ id: "persist", poolInfo: { poolId: "persist" } });
    await batch.task.add("persist", {
        id: "t",
        commandLine: "/bin/sh -c 'mkdir -p a/b; echo one > a/one.txt; echo two > a/b/two.txt; echo said'",
        outputFiles: [
            outputFile(containerUrl, "**/*.txt", "texts", "taskSuccess"),
            outputFile(containerUrl, "../std*.txt", "logs", "taskCompletion"),
            outputFile(containerUrl, "**/*.txt", "never", "taskFailure"),
        ],
    });
    await completed("persist", ["t"]);
    const names = [];
    for await (const blob of container.listBlobsFlat()) names.push(blob.name);
    assert.deepEqual(names, ["logs/stderr.txt", "logs/stdout.txt", "texts/a/b/two.txt", "texts/a/one.txt"]);
    assert.equal((await container.getBlobClient("logs/stdout.txt").downloadToBuffer()).toString(), "said\n");
});

test("an upload that fails is told and ends the job", async () => {
    const container = blobService().getContainerClient("sealed");
    await container.create();
    const containerUrl = await container.generateSasUrl(
        { permissions: ContainerSASPermissions.parse("rl"), expiresOn: soon() });
    await batch.pool.add(poolBody("sealed", { targetDedicatedNodes: 1 }));
    await batch.job.add(
        { id: "sealed", poolInfo: { poolId: "sealed" }, onTaskFailure: "performexitoptionsjobaction" });
    await batch.task.add("sealed", {
        id: "t",
        commandLine: "/bin/sh -c 'echo one > one.txt'",
        outputFiles: [outputFile(containerUrl, "*.txt", "texts", "taskSuccess")],
        exitConditions: { fileUploadError: { jobAction: "terminate" }, defaultProperty: { jobAction: "none" } },
    });
    const { executionInfo } = (await completed("sealed", ["t"])).get("t");
    assert.deepEqual([executionInfo.exitCode, executionInfo.result], [0, "failure"]);
    assert.equal(executionInfo.failureInfo.code, "FileUploadAccessDenied");
    const job = await waitUntil(async () => {
        const found = await batch.job.get("sealed");
        return found.state === "completed" && found;
    }, "the job is completed");
    assert.equal(job.executionInfo.terminateReason, "TaskFailed");
});

test("lists are narrowed by queries", async () => {
    await batch.job.add({ id: "many", poolInfo: { poolId: "nowhere" } });
    const tasks = Array.from({ length: 100 }, (_, number) => ({ id: `t${number}`, commandLine: "/bin/true" }));
    await batch.task.addCollection("many", tasks);
    const some = await batch.task.list("many", {
        taskListOptions: { filter: "state eq 'active' and startswith(id, 't9')", select: "id,state" } });
    assert.deepEqual(some.map((task) => task.id).sort(), ["t9", ...Array.from({ length: 10 }, (_, n) => `t9${n}`)]);
    assert.equal(some[0].commandLine, undefined);
    let page = await batch.task.list("many", { taskListOptions: { maxResults: 30 } });
    const sizes = [page.length];
    while (page.odatanextLink) {
        page = await batch.task.listNext(page.odatanextLink);
        sizes.push(page.length);
    }
    assert.deepEqual(sizes, [30, 30, 30, 10]);
    const [job] = await batch.job.list({ jobListOptions: { filter: "id eq 'many'", expand: "stats" } });
    assert.equal(job.stats.numSucceededTasks, 0);
});

test("lists are narrowed to what has failed, with its statistics", async () => {
    await batch.pool.add(poolBody("failed", { targetDedicatedNodes: 1 }));
    await batch.job.add({ id: "failed", poolInfo: { poolId: "failed" } });
    await batch.task.addCollection("failed", [
        { id: "good", commandLine: "/bin/true" }, { id: "bad", commandLine: "/bin/false" }]);
    await completed("failed", ["good", "bad"]);
    const tasks = await batch.task.list("failed", { taskListOptions: {
        filter: "executionInfo/result eq 'failure'", select: "id,executionInfo,stats", expand: "stats" } });
    assert.deepEqual(tasks.map((task) => [task.id, task.executionInfo.exitCode]), [["bad", 1]]);
    assert.deepEqual([tasks[0].commandLine, tasks[0].state], [undefined, undefined]);
    assert.match(tasks[0].stats.wallClockTime, /^PT/);
    const [job] = await batch.job.list({ jobListOptions: {
        filter: "state eq 'active' and id eq 'failed'", select: "id,stats", expand: "stats" } });
    assert.deepEqual([job.state, job.stats.numSucceededTasks, job.stats.numFailedTasks], [undefined, 1, 1]);
    const [pool] = await batch.pool.list({ poolListOptions: {
        filter: "startswith(id, 'fail')", select: "id,stats", expand: "stats" } });
    assert.deepEqual([pool.id, pool.vmSize], ["failed", undefined]);
    assert.match(pool.stats.usageStats.dedicatedCoreTime, /^PT/);
});

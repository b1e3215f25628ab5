// The flow of the service's sample for message passing through the official JavaScript SDK.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { batchService, poolBody, readAll, waitUntil } from "./setup.mjs";

const INSTANCES = 3;
const batch = batchService();
let meeting;

before(async () => {
    meeting = await mkdtemp(join(tmpdir(), "bluebatch-test-"));
    await batch.pool.add(poolBody("mpi", {
        targetDedicatedNodes: INSTANCES, taskSlotsPerNode: 1, enableInterNodeCommunication: true }));
    await batch.job.add({ id: "mpi", poolInfo: { poolId: "mpi" } });
});

after(() => rm(meeting, { recursive: true }));

async function completed(id) {
    return waitUntil(async () => {
        const found = await batch.task.get("mpi", id);
        return found.state === "completed" && found;
    }, `task ${id} is completed`);
}

async function text(answer) {
    return (await readAll((await answer).readableStreamBody)).toString();
}

test("subtasks coordinate and the primary finds what they left", async () => {
    await batch.task.add("mpi", {
        id: "mpi",
        commandLine: `/bin/sh -c 'cat ${meeting}/*; echo $AZ_BATCH_HOST_LIST > hosts'`,
        multiInstanceSettings: {
            numberOfInstances: INSTANCES,
            coordinationCommandLine:
                `/bin/sh -c 'echo coordinating on $AZ_BATCH_NODE_ID; echo $AZ_BATCH_NODE_ID > ${meeting}/$AZ_BATCH_NODE_ID'`,
        },
    });
    const task = await completed("mpi");
    assert.equal(task.executionInfo.result, "success");
    assert.equal(task.multiInstanceSettings.numberOfInstances, INSTANCES);
    const nodes = new Map((await batch.computeNode.list("mpi")).map((node) => [node.id, node]));
    const primary = task.nodeInfo.nodeId;
    const said = (await text(batch.file.getFromTask("mpi", "mpi", "stdout.txt"))).trim().split("\n");
    assert.deepEqual(said, [`coordinating on ${primary}`, ...[...nodes.keys()].sort()]);
    const hosts = (await text(batch.file.getFromTask("mpi", "mpi", "wd/hosts"))).trim().split(",");
    assert.equal(hosts[0], nodes.get(primary).ipAddress);
    assert.deepEqual(hosts.sort(), [...nodes.values()].map((node) => node.ipAddress).sort());

    const subtasks = (await batch.task.listSubtasks("mpi", "mpi")).value;
    assert.deepEqual(subtasks.map((subtask) => subtask.id), [1, 2]);
    for (const subtask of subtasks) {
        assert.deepEqual([subtask.state, subtask.exitCode, subtask.result], ["completed", 0, "success"]);
        const { poolId, nodeId, taskRootDirectory } = subtask.nodeInfo;
        const output = await text(batch.file.getFromComputeNode(poolId, nodeId, `${taskRootDirectory}/stdout.txt`));
        assert.equal(output, `coordinating on ${nodeId}\n`);
    }
    assert.equal(new Set([primary, ...subtasks.map((subtask) => subtask.nodeInfo.nodeId)]).size, INSTANCES);
});

test("a coordination that fails fails the task", async () => {
    await batch.task.add("mpi", {
        id: "sad",
        commandLine: "/bin/true",
        multiInstanceSettings: { numberOfInstances: 2, coordinationCommandLine: "/bin/sh -c 'exit 4'" },
    });
    const { executionInfo } = await completed("sad");
    assert.equal(executionInfo.result, "failure");
    assert.equal(executionInfo.failureInfo.code, "FailureExitCode");
});

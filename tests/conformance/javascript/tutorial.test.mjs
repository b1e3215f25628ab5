// The media tutorial with the official JavaScript SDKs: films in, pool, job, tasks, music out.

import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { BlobSASPermissions, ContainerSASPermissions } from "@azure/storage-blob";
import { batchService, blobService, films, poolBody, waitUntil } from "./setup.mjs";

const POOL = "LinuxFFmpegPool";
const JOB = "LinuxFFmpegJob";

const inAnHour = () => new Date(Date.now() + 3600_000);
const musicOf = (film) => film.replace(/\.mp4$/, ".mp3");

async function upload(container, name) {
    const client = container.getBlockBlobClient(name);
    await client.uploadFile(join(films, name));
    return client.generateSasUrl({ permissions: BlobSASPermissions.parse("r"), expiresOn: inAnHour() });
}

function taskOf(number, film, inputUrl, outputUrl) {
    return {
        id: `Task${number}`,
        commandLine: `/bin/bash -c "ffmpeg -i '${film}' '${musicOf(film)}'"`,
        resourceFiles: [{ httpUrl: inputUrl, filePath: film }],
        outputFiles: [{
            filePattern: musicOf(film),
            destination: { container: { containerUrl: outputUrl } },
            uploadOptions: { uploadCondition: "taskSuccess" },
        }],
    };
}

test("the media tutorial", async () => {
    const blob = blobService();
    const batch = batchService();
    const names = (await readdir(films)).filter((name) => name.endsWith(".mp4")).sort();
    assert.ok(names.length >= 5);

    const input = blob.getContainerClient("input");
    const output = blob.getContainerClient("output");
    await input.create();
    await output.create();
    const inputUrls = await Promise.all(names.map((name) => upload(input, name)));
    const outputUrl = await output.generateSasUrl({
        permissions: ContainerSASPermissions.parse("w"), expiresOn: inAnHour(),
    });

    await batch.pool.add({
        ...poolBody(POOL, { targetDedicatedNodes: 0, targetLowPriorityNodes: 5 }),
        startTask: {
            commandLine: '/bin/bash -c "apt-get update && apt-get install -y ffmpeg"',
            userIdentity: { autoUser: { scope: "pool", elevationLevel: "admin" } },
            waitForSuccess: true,
        },
    });
    await batch.job.add({ id: JOB, poolInfo: { poolId: POOL } });
    const added = await batch.task.addCollection(
        JOB, names.map((film, number) => taskOf(number, film, inputUrls[number], outputUrl)));
    assert.deepEqual(added.value.map((result) => result.status.toLowerCase()), names.map(() => "success"));

    const tasks = await waitUntil(async () => {
        const found = await batch.task.list(JOB);
        return found.every((task) => task.state === "completed") && found;
    }, "every task is completed");
    for (const task of tasks) assert.equal(task.executionInfo.result, "success", JSON.stringify(task.executionInfo));

    for (const film of names) {
        const music = await output.getBlobClient(musicOf(film)).downloadToBuffer();
        assert.ok(music.length > 4096, film);
        assert.equal(music.subarray(0, 3).toString("latin1"), "ID3", film);
    }

    await input.delete();
    await batch.job.deleteMethod(JOB);
    await batch.pool.deleteMethod(POOL);
    await waitUntil(() => batch.pool.get(POOL).then(() => false, (error) => error.statusCode === 404), "the pool is gone");
});

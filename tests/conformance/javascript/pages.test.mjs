// Page blobs and append blobs through the official JavaScript SDK.

import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";
import { blobService } from "./setup.mjs";

const page = 512;
let container;
let number = 0;

beforeEach(async () => {
    container = blobService().getContainerClient(`js-pages-${++number}`);
    await container.create();
});

test("pages are written, cleared, listed and compared", async () => {
    const blob = container.getPageBlobClient("b");
    await blob.create(10 * page);
    await blob.uploadPages(Buffer.alloc(4 * page, "a"), 0, 4 * page);
    const { snapshot } = await blob.createSnapshot();
    await blob.clearPages(page, page);
    await blob.uploadPages(Buffer.alloc(page, "b"), 8 * page, page);
    const expected = Buffer.alloc(10 * page);
    expected.fill("a", 0, page).fill("a", 2 * page, 4 * page).fill("b", 8 * page, 9 * page);
    assert.ok((await blob.downloadToBuffer()).equals(expected));
    const ranges = await blob.getPageRanges(0, 10 * page);
    assert.deepEqual(ranges.pageRange, [
        { offset: 0, count: 511 }, { offset: 1024, count: 1023 }, { offset: 4096, count: 511 }]);
    const changes = await blob.getPageRangesDiff(0, 10 * page, snapshot);
    assert.deepEqual(changes.pageRange, [{ offset: 4096, count: 511 }]);
    assert.deepEqual(changes.clearRange, [{ offset: 512, count: 511 }]);
    const starts = [];
    for await (const found of blob.listPageRanges().byPage({ maxPageSize: 2 })) starts.push((found.pageRange ?? []).length);
    assert.deepEqual(starts, [2, 1]);
});

test("sequence numbers guard pages, and sizes change", async () => {
    const blob = container.getPageBlobClient("b");
    await blob.create(page, { blobSequenceNumber: 3 });
    await blob.updateSequenceNumber("max", 5);
    assert.equal((await blob.updateSequenceNumber("increment")).blobSequenceNumber, 6);
    const data = Buffer.alloc(page, "a");
    await assert.rejects(
        blob.uploadPages(data, 0, page, { conditions: { ifSequenceNumberLessThan: 6 } }),
        { statusCode: 412, code: "SequenceNumberConditionNotMet" });
    await blob.uploadPages(data, 0, page, { conditions: { ifSequenceNumberEqualTo: 6 } });
    await blob.resize(2 * page);
    assert.equal((await blob.getProperties()).contentLength, 2 * page);
});

test("blocks are appended until the blob is sealed", async () => {
    const blob = container.getAppendBlobClient("b");
    await blob.create();
    await blob.appendBlock("one ", 4);
    const second = await blob.appendBlock("two", 3, { conditions: { appendPosition: 4, maxSize: 7 } });
    assert.equal(second.blobAppendOffset, "4");
    assert.equal(second.blobCommittedBlockCount, 2);
    await assert.rejects(
        blob.appendBlock("x", 1, { conditions: { maxSize: 7 } }), { statusCode: 412, code: "MaxBlobSizeConditionNotMet" });
    await blob.seal();
    await assert.rejects(blob.appendBlock("x", 1), { statusCode: 409, code: "BlobIsSealed" });
    assert.equal((await blob.getProperties()).isSealed, true);
    assert.equal((await blob.downloadToBuffer()).toString(), "one two");
});

// Query Blob Contents through the official JavaScript SDK.

import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";
import { blobService } from "./setup.mjs";

let container;
let number = 0;

beforeEach(async () => {
    container = blobService().getContainerClient(`js-query-${++number}`);
    await container.create();
});

// What a query on a blob of this content answers, and the errors and progress it told on the way.
async function query(content, sql, options = {}) {
    const blob = container.getBlockBlobClient("data");
    await blob.upload(content, Buffer.byteLength(content));
    const errors = [];
    const progress = [];
    const response = await blob.query(sql, {
        ...options,
        onError: (error) => errors.push(error),
        onProgress: (event) => progress.push(event.loadedBytes),
    });
    const pieces = [];
    for await (const piece of response.readableStreamBody) pieces.push(piece);
    return { text: Buffer.concat(pieces).toString(), errors, progress, response };
}

test("delimited text is filtered", async () => {
    const content = "100,200,300,400\n150,250,350,450\n";
    const all = await query(content, "select * from BlobStorage");
    assert.equal(all.text, content);
    assert.equal(all.progress[0], content.length);
    assert.equal(all.response.acceptRanges, "bytes");
    assert.equal(all.response.contentType, "avro/binary");
    assert.equal((await query(content, "select _2 from BlobStorage where _1 > 120")).text, "250\n");
    assert.equal((await query(content, "select count(*) from BlobStorage")).text, "2\n");
    assert.equal((await query(content, "select _1 from BlobStorage limit 1")).text, "100\n");
});

test("other separators and headers are understood", async () => {
    const format = { kind: "csv", recordSeparator: "!", columnSeparator: "." };
    const { text } = await query("100.200.300.400!150.250.350.450!180.280.380.480!", "select _1 from BlobStorage", {
        inputTextConfiguration: { ...format, hasHeaders: true },
        outputTextConfiguration: { ...format, hasHeaders: false },
    });
    assert.equal(text, "150!180!");
});

test("lines of JSON are filtered", async () => {
    const format = { kind: "json", recordSeparator: "\n" };
    const content = [100, 150, 180].map((first) => JSON.stringify({ _1: String(first), _2: "200" }) + "\n").join("");
    const options = { inputTextConfiguration: format, outputTextConfiguration: format };
    assert.equal((await query(content, "select * from BlobStorage", options)).text, content);
    assert.equal((await query(content, "select _1 from BlobStorage where _1 > 160", options)).text, '{"_1":"180"}\n');
});

test("a record that cannot be compared is reported and left out", async () => {
    const content = "100,hello,300,400\n150,250,350,450\n";
    const { text, errors } = await query(content, "select _2 from BlobStorage where _2 > 100");
    assert.equal(text, "250\n");
    assert.deepEqual(errors, [
        { isFatal: false, name: "InvalidTypeConversion", position: 0, description: "Invalid type conversion." },
    ]);
});

test("a fatal error ends the answer", async () => {
    const { text, errors } = await query("100,200,300,400\n150,250,350,450\n", "select * from BlobStorage", {
        inputTextConfiguration: { kind: "json", recordSeparator: "\n" },
    });
    assert.equal(text, "\n");
    assert.equal(errors.length, 1);
    assert.equal(errors[0].isFatal, true);
    assert.equal(errors[0].name, "ParseError");
    assert.equal(errors[0].position, 0);
    assert.ok(errors[0].description.startsWith("Unexpected token ',' at [byte: 3]. Expecting tokens '{', or '['."));
});

test("a query that is none is refused", async () => {
    await assert.rejects(query("1\n", "select * from"), { statusCode: 400, code: "ErrorProcessingQueryExpression" });
});

test("a large answer arrives whole", async () => {
    const content = "100,200,300,400\n150,250,350,450\n".repeat(65_536);
    const { text, progress } = await query(content, "select * from BlobStorage");
    assert.ok(text === content);
    assert.equal(progress.at(-1), content.length);
});

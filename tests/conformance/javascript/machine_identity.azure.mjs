// The managed identity of a machine: no IDENTITY_ENDPOINT, only the address that every machine of Azure knows.
// In a file of its own, because the SDK looks at the environment once.

import assert from "node:assert/strict";
import { test } from "node:test";
import { DefaultAzureCredential, ManagedIdentityCredential } from "@azure/identity";

for (const name of Object.keys(process.env)) {
    if (/^(AZURE_(CLIENT|TENANT)_|IDENTITY_)/.test(name)) delete process.env[name];
}

test("a managed identity as on a machine", async () => {
    for (const credential of [new ManagedIdentityCredential(), new DefaultAzureCredential()]) {
        const { token } = await credential.getToken("https://batch.core.windows.net/.default");
        assert.equal(JSON.parse(Buffer.from(token.split(".")[1], "base64url")).aud, "https://batch.core.windows.net");
    }
});

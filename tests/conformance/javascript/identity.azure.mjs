// @azure/identity's credentials in a program that `bluebatch run` has started.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { test } from "node:test";
import {
    ClientSecretCredential, DefaultAzureCredential, DeviceCodeCredential, EnvironmentCredential, ManagedIdentityCredential,
    WorkloadIdentityCredential,
} from "@azure/identity";

const tenant = process.env.AZURE_TENANT_ID;
const client = process.env.AZURE_CLIENT_ID;
const secret = process.env.AZURE_CLIENT_SECRET;
const management = "https://management.azure.com";
const nobody = "99999999-9999-9999-9999-999999999999";

function claimsOf({ token }) {
    return JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
}

async function claims(credential, resource = management) {
    const token = await credential.getToken(`${resource}/.default`);
    assert.ok(token.expiresOnTimestamp > Date.now() + 3_000_000);
    return claimsOf(token);
}

async function without(names, work) {
    const kept = { ...process.env };
    for (const name of names) delete process.env[name];
    try {
        return await work();
    } finally {
        Object.assign(process.env, kept);
    }
}

function refusal(code, ...principal) {
    return assert.rejects(new ClientSecretCredential(...principal).getToken(`${management}/.default`), (error) => {
        assert.match(error.message, new RegExp(`Error\\(s\\): ${code} - .*AADSTS${code}: `, "s"));
        return true;
    });
}

test("a client secret is worth a token for each service", async () => {
    const credential = new ClientSecretCredential(tenant, client, secret);
    for (const resource of [management, "https://batch.core.windows.net", "https://storage.azure.com"]) {
        const found = await claims(credential, resource);
        assert.deepEqual([found.aud, found.iss, found.appid, found.idtyp],
            [resource, `https://sts.windows.net/${tenant}/`, client, "app"]);
    }
});

test("a wrong secret", () => refusal(7000215, tenant, client, "wrong"));
test("an unknown client", () => refusal(700016, tenant, nobody, "any"));
test("an unknown tenant", () => refusal(90002, "nowhere", client, secret));

test("the environment holds a principal", async () => {
    assert.equal((await claims(new EnvironmentCredential())).appid, client);
    assert.equal((await claims(new DefaultAzureCredential())).appid, client);
});

test("a managed identity as in App Service", async () => {
    const found = await claims(new ManagedIdentityCredential());
    assert.deepEqual([found.tid, found.idtyp], [tenant, "app"]);
});

test("a default credential without a principal is the managed identity", () => without(
    ["AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_TENANT_ID"],
    async () => assert.ok((await claims(new DefaultAzureCredential())).xms_mirid)));

test("a federated token", async () => {
    const file = `${process.env.TEST_SCRATCH}/federated.jwt`;
    const part = (content) => Buffer.from(JSON.stringify(content)).toString("base64url");
    writeFileSync(file, [part({ alg: "RS256" }), part({ sub: "worker", exp: Date.now() / 1000 + 600 }), part("x")].join("."));
    const credential = new WorkloadIdentityCredential({ tenantId: tenant, clientId: client, tokenFilePath: file });
    assert.equal((await claims(credential)).appid, client);
});

test("a device code", async () => {
    const told = [];
    const credential = new DeviceCodeCredential({ tenantId: tenant, userPromptCallback: (info) => told.push(info) });
    const found = await claims(credential);
    const other = await claims(credential, "https://storage.azure.com");
    assert.equal(told.length, 1);
    assert.match(told[0].message, new RegExp(told[0].userCode));
    assert.deepEqual([other.aud, other.oid], ["https://storage.azure.com", found.oid]);
});

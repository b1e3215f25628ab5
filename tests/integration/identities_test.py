"""User-assigned identities of pools, and resource files in all their forms."""

import unittest

from emulator import Emulator, wait_until
from wire import Batch, Blob

KNOWN = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/worker"
UNKNOWN = KNOWN + "-of-nobody"


class Identities(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator("--pool-identity", KNOWN)
        cls.addClassCleanup(cls.emulator.end)
        cls.batch = Batch(cls.emulator.batch)
        cls.blob = Blob(cls.emulator.blob)
        for container in ("input", "output"):
            cls.blob.create_container(container)
        for name in ("a.txt", "sub/b.txt", "sub/c.txt"):
            cls.blob.put(f"input/{name}", name.encode()).expect(201)
        cls.batch.add_pool("pool", 1)
        cls.batch.add_job("job", "pool")

    def run_task(self, task, command, **members):
        self.batch.add_task("job", task, f"/bin/sh -c '{command}'", **members)
        return self.batch.wait_for_task("job", task)

    def output(self, task):
        return self.batch.file("job", task, "stdout.txt").decode().split()

    def reference(self, identity=KNOWN):
        return {"identityReference": {"resourceId": identity}}

    def sas(self, path, permissions="rl"):
        return self.blob.url(path, self.blob.container_sas("input", permissions))

    # RES-7, OUT-10
    def test_files_need_no_signature(self):
        task = self.run_task(
            "plain", "cat one.txt all/sub/b.txt; echo out > result.txt",
            resourceFiles=[
                {"httpUrl": self.blob.url("input/a.txt"), "filePath": "one.txt", **self.reference(KNOWN.upper())},
                {"storageContainerUrl": self.blob.url("input"), "filePath": "all", **self.reference()},
            ],
            outputFiles=[{
                "filePattern": "result.txt", "uploadOptions": {"uploadCondition": "tasksuccess"},
                "destination": {"container": {"containerUrl": self.blob.url("output"), "path": "plain/r.txt", **self.reference()}},
            }],
        )
        self.assertEqual(task["executionInfo"]["result"], "success", task)
        self.assertEqual(self.output("plain"), ["a.txtsub/b.txt"])
        self.assertEqual(self.blob.get("output/plain/r.txt").expect(200).body, b"out\n")
        shown = self.batch.task("job", "plain")
        self.assertEqual(shown["resourceFiles"][1]["identityReference"], {"resourceId": KNOWN})

    def test_an_identity_that_the_pool_does_not_have_opens_nothing(self):
        task = self.run_task("denied", "true", resourceFiles=[
            {"httpUrl": self.blob.url("input/a.txt"), "filePath": "x", **self.reference(UNKNOWN)}])
        info = task["executionInfo"]
        self.assertNotIn("exitCode", info)
        self.assertEqual(info["failureInfo"]["code"], "BlobAccessDenied")
        self.assertTrue(any(UNKNOWN in detail["value"] for detail in info["failureInfo"]["details"]), info)
        task = self.run_task("foreign", "true", resourceFiles=[
            {"storageContainerUrl": "https://elsewhere.blob.core.windows.net/in", **self.reference()}])
        self.assertEqual(task["executionInfo"]["failureInfo"]["code"], "ResourceContainerAccessDenied")
        task = self.run_task("kept", "echo x > x", outputFiles=[{
            "filePattern": "x", "uploadOptions": {"uploadCondition": "taskcompletion"},
            "destination": {"container": {"containerUrl": self.blob.url("output"), **self.reference(UNKNOWN)}}}])
        info = task["executionInfo"]
        self.assertEqual((info["exitCode"], info["result"], info["failureInfo"]["code"]), (0, "failure", "FileUploadAccessDenied"))

    def test_pools_show_their_identities(self):
        pool = self.batch.get("/pools/pool").json
        self.assertEqual(pool["identity"], {"type": "UserAssigned", "userAssignedIdentities": [{"resourceId": KNOWN}]})
        self.assertNotIn("identity", self.batch.call("GET", "/pools/pool", version="2020-09-01.12.0").json)

    def test_logs_of_nodes_need_no_signature(self):
        (node,) = self.batch.get("/pools/pool/nodes").json["value"]
        answer = self.batch.post(f"/pools/pool/nodes/{node['id']}/uploadbatchservicelogs", {
            "containerUrl": self.blob.url("output"), "startTime": "2020-01-01T00:00:00Z", **self.reference()}).expect(200)
        folder = answer.json["virtualDirectoryName"]
        wait_until(lambda: any(name.startswith(folder) for name in self.blob.names("output")), 20, "the log")

    # RES-2, RES-3, RES-6, RES-7
    def test_resource_files_of_every_form(self):
        command = ("cd forms && for f in $(find . -type f | sort); do echo $f $(stat -c %a $f) $(cat $f); done")
        self.run_task("forms", command, resourceFiles=[
            {"httpUrl": self.sas("input/a.txt"), "filePath": "forms/url/x", "fileMode": "0640"},
            {"storageContainerUrl": self.sas("input"), "blobPrefix": "su", "filePath": "forms/prefix"},
            {"autoStorageContainerName": "input", "blobPrefix": "sub/c", "filePath": "forms/auto", "fileMode": "600"},
        ])
        self.assertEqual(self.output("forms"), [
            "./auto/sub/c.txt", "600", "sub/c.txt", "./prefix/sub/b.txt", "770", "sub/b.txt",
            "./prefix/sub/c.txt", "770", "sub/c.txt", "./url/x", "640", "a.txt"])
        missing = self.run_task("no-container", "true", resourceFiles=[{"autoStorageContainerName": "nothing"}])
        self.assertEqual(missing["executionInfo"]["failureInfo"]["code"], "ResourceContainerNotFound")


if __name__ == "__main__":
    unittest.main()

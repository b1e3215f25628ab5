"""Application packages over the control interface, and what is left of them after a restart."""

import io
import json
import os
import pathlib
import shutil
import tempfile
import unittest
import urllib.error
import urllib.request
import zipfile

from emulator import BATCH_ACCOUNT, Emulator, wait_until
from wire import Batch


def zip_of(size):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as content:
        content.writestr("data", os.urandom(size))
    return archive.getvalue()


def zip_with(**files):
    """Names stand for files; a text that begins with #! becomes a program."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as content:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name.replace("__", "/"))
            entry.create_system = 3
            entry.external_attr = (0o100755 if text.startswith("#!") else 0o100644) << 16
            content.writestr(entry, text)
    return archive.getvalue()


def ask(emulator, method, path, body=None, **headers):
    url = f"{emulator.batch}/_bluebatch/applications/{BATCH_ACCOUNT}/{path}"
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data=body, method=method, headers=headers)) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


class ApplicationPackages(unittest.TestCase):
    def setUp(self):
        self.location = pathlib.Path(tempfile.mkdtemp(prefix="bluebatch-test-"))
        self.addCleanup(shutil.rmtree, self.location, ignore_errors=True)

    def files(self):
        return [path.stat().st_size for path in (self.location / "applications" / BATCH_ACCOUNT).iterdir()]

    def test_packages_outlast_the_emulator(self):
        package = zip_of(5 << 20)
        emulator = Emulator(location=self.location)
        self.addCleanup(emulator.end)
        self.assertEqual(ask(emulator, "PUT", "tool/versions/1.0", package)[0], 201)
        self.assertEqual(ask(emulator, "PATCH", "tool", b'{"defaultVersion": "1.0"}')[0], 200)
        emulator.kill()

        again = Emulator(location=self.location)
        self.addCleanup(again.end)
        status, application = ask(again, "GET", "tool")
        self.assertEqual((status, application["defaultVersion"]), (200, "1.0"))
        self.assertEqual([one["size"] for one in application["packages"]], [len(package)])
        self.assertEqual(self.files(), [len(package)])
        self.assertEqual(Batch(again.batch).get("/applications/tool").expect(200).json["versions"], ["1.0"])
        self.assertEqual(ask(again, "DELETE", "tool/versions/1.0")[0], 200)
        self.assertEqual(self.files(), [])
        self.assertEqual(list((self.location / "spool").iterdir()), [])

    def test_what_is_no_package_leaves_nothing(self):
        emulator = Emulator(location=self.location)
        self.addCleanup(emulator.end)
        self.assertEqual(ask(emulator, "PUT", "tool/versions/1.0", b"no zip file" * 100_000)[0], 400)
        self.assertEqual(ask(emulator, "PUT", "tool/versions/1.0", zip_of(1), Origin="http://evil.example")[0], 403)
        self.assertEqual(ask(emulator, "GET", "tool")[0], 404)
        self.assertEqual(self.files(), [])
        self.assertEqual(list((self.location / "spool").iterdir()), [])


class PackagesOnNodes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator()
        cls.addClassCleanup(cls.emulator.end)
        cls.batch = Batch(cls.emulator.batch)

    def put(self, application, version, package, default=None):
        self.assertEqual(ask(self.emulator, "PUT", f"{application}/versions/{version}", package)[0], 201)
        if default:
            body = json.dumps({"defaultVersion": default}).encode()
            self.assertEqual(ask(self.emulator, "PATCH", application, body)[0], 200)

    def run_task(self, job, task, command, **members):
        self.batch.add_task(job, task, f"/bin/sh -c '{command}'", **members)
        return self.batch.wait_for_task(job, task)

    def output(self, job, task):
        return self.batch.file(job, task, "stdout.txt").decode()

    def nodes(self, pool):
        return self.batch.get(f"/pools/{pool}/nodes").json["value"]

    def nodes_are(self, pool, state):
        wait_until(lambda: {node["state"] for node in self.nodes(pool)} == {state}, 20, f"nodes of {pool} {state}")

    def reboot(self, pool):
        (node,) = self.nodes(pool)
        self.batch.post(f"/pools/{pool}/nodes/{node['id']}/reboot").expect(202)

    # APP-2, APP-4: start tasks, preparation tasks and tasks have what the pool refers to
    def test_packages_of_a_pool_are_there_before_its_start_task(self):
        self.put("greeter", "1.0-beta", zip_with(bin__greet="#!/bin/sh\necho hello from $0\n", data="x"), "1.0-beta")
        self.batch.add_pool(
            "pool", 1,
            applicationPackageReferences=[{"applicationId": "greeter", "version": "1.0-beta"}, {"applicationId": "Greeter"}],
            startTask={"commandLine": "/bin/sh -c '$AZ_BATCH_APP_PACKAGE_GREETER/bin/greet > $AZ_BATCH_NODE_SHARED_DIR/said'"},
        )
        self.nodes_are("pool", "idle")
        self.batch.add_job("job", "pool", jobPreparationTask={"commandLine": "/bin/sh -c '$AZ_BATCH_APP_PACKAGE_greeter_1_0_beta/bin/greet'"})
        self.run_task("job", "task", "cat $AZ_BATCH_NODE_SHARED_DIR/said; echo $AZ_BATCH_APP_PACKAGE_GREETER_1_0_BETA")
        said, folder = self.output("job", "task").splitlines()
        self.assertEqual(said, f"hello from {folder}/bin/greet")
        self.assertIn("/applications/greeter/", folder)

    # APP-1, APP-3, POOL-26, TASK-57
    def test_tasks_bring_packages_of_their_own(self):
        self.put("tool", "1", zip_with(data="one"), "1")
        self.put("tool", "2", zip_with(data="two"))
        self.batch.add_pool("own", 1)
        self.batch.add_job("own", "own")
        references = [{"applicationId": "TOOL", "version": "2"}, {"applicationId": "tool"}]
        task = self.run_task("own", "both", "cat $AZ_BATCH_APP_PACKAGE_tool_2/data $AZ_BATCH_APP_PACKAGE_tool/data",
                             applicationPackageReferences=references)
        self.assertEqual(self.output("own", "both"), "twoone")
        self.assertEqual(task["applicationPackageReferences"], references)
        # Others do not see them.
        self.run_task("own", "other", "env | grep -c APP_PACKAGE")
        self.assertEqual(self.output("own", "other"), "0\n")
        # What is missing fails the task and not the request.
        missing = self.run_task("own", "missing", "true", applicationPackageReferences=[{"applicationId": "nothing"}])
        info = missing["executionInfo"]
        self.assertNotIn("exitCode", info)
        self.assertEqual((info["result"], info["retryCount"]), ("failure", 0))
        self.assertEqual((info["failureInfo"]["code"], info["failureInfo"]["category"]), ("ApplicationPackageError", "UserError"))
        # The default version is the one of the moment.
        self.put("tool", "3", zip_with(data="three"), "3")
        self.run_task("own", "later", "cat $AZ_BATCH_APP_PACKAGE_TOOL/data", applicationPackageReferences=[{"applicationId": "tool"}])
        self.assertEqual(self.output("own", "later"), "three")

    # APP-3, JM-7
    def test_a_job_manager_has_packages(self):
        self.put("manager", "1", zip_with(run="#!/bin/sh\necho managed\n"))
        self.batch.add_pool("managers", 1)
        self.batch.add_job("managed", "managers", jobManagerTask={
            "id": "jm", "commandLine": "/bin/sh -c '$AZ_BATCH_APP_PACKAGE_manager_1/run'", "killJobOnCompletion": False,
            "applicationPackageReferences": [{"applicationId": "manager", "version": "1"}],
        })
        self.batch.wait_for_task("managed", "jm")
        self.assertEqual(self.output("managed", "jm"), "managed\n")
        manager = self.batch.get("/jobs/managed").json["jobManagerTask"]
        self.assertEqual(manager["applicationPackageReferences"], [{"applicationId": "manager", "version": "1"}])

    # APP-2, NODE-16, POOL-26
    def test_a_package_that_is_gone_makes_nodes_unusable(self):
        self.put("gone", "1", zip_with(data="x"))
        references = [{"applicationId": "gone", "version": "1"}]
        self.batch.add_pool("unlucky", 1)
        self.batch.call("PATCH", "/pools/unlucky", {"applicationPackageReferences": references}).expect(200)
        self.assertEqual(ask(self.emulator, "DELETE", "gone/versions/1")[0], 200)
        self.nodes_are("unlucky", "idle")
        self.reboot("unlucky")
        self.nodes_are("unlucky", "unusable")
        (node,) = self.nodes("unlucky")
        (error,) = node["errors"]
        self.assertEqual(error["code"], "ApplicationPackageError")
        self.assertIn({"name": "ApplicationId", "value": "gone"}, error["errorDetails"])
        self.put("gone", "1", zip_with(data="x"))
        self.reboot("unlucky")
        self.nodes_are("unlucky", "idle")
        self.assertNotIn("errors", self.nodes("unlucky")[0])

    def test_a_hostile_package_harms_nothing(self):
        self.put("evil", "1", zip_with(good="x", **{"..__..__..__evil": "x"}))
        self.batch.add_pool("hostile", 1)
        self.batch.add_job("hostile", "hostile")
        task = self.run_task("hostile", "t", "true", applicationPackageReferences=[{"applicationId": "evil", "version": "1"}])
        info = task["executionInfo"]["failureInfo"]
        self.assertEqual(info["code"], "ApplicationPackageError")
        self.assertTrue(any("leads out" in detail["value"] for detail in info["details"]), info)


if __name__ == "__main__":
    unittest.main()

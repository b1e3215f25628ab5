"""Tasks in containers. A script stands in for podman: it notes how it was called and runs the command where it is."""

import base64
import json
import os
import pathlib
import shutil
import tempfile
import unittest

from emulator import Emulator, clean_environment, gated, is_running, wait_until
from wire import Batch, pool_body

PODMAN = """#!/usr/bin/python3
import json, os, pathlib, sys
folder = pathlib.Path(__file__).parent
arguments = sys.argv[1:]
auth = os.environ.get("REGISTRY_AUTH_FILE")
with open(folder / "calls", "a") as calls:
    calls.write(json.dumps([arguments, json.load(open(auth)) if auth else None]) + "\\n")
if arguments[:2] == ["image", "inspect"]:
    sys.exit(0 if (folder / arguments[2].replace("/", "_")).exists() else 1)
if arguments[0] == "pull":
    if "nothing" in arguments[1]:
        sys.exit("Error: manifest unknown")
    (folder / arguments[1].replace("/", "_")).touch()
    sys.exit(0)
if arguments[0] in ("kill", "rm"):
    sys.exit(0)
at = 1
while arguments[at].startswith("-"):
    name, at = arguments[at], at + 1
    if name in ("--name", "--mount", "--env", "--workdir", "--memory"):
        value, at = arguments[at], at + 1
        if name == "--workdir":
            os.chdir(value)
        if name == "--env" and "=" in value:
            os.environ.__setitem__(*value.split("=", 1))
if arguments[at] == "broken":
    print("Error: no such runtime", file=sys.stderr)
    sys.exit(125)
command = arguments[at + 1:] or ["/bin/echo", "the image's own"]
os.execvp(command[0], command)
"""


def settings(image="busybox", **more):
    return {"containerSettings": {"imageName": image, **more}}


class Containers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bin = pathlib.Path(tempfile.mkdtemp(prefix="bluebatch-test-"))
        cls.addClassCleanup(shutil.rmtree, cls.bin, ignore_errors=True)
        (cls.bin / "podman").write_text(PODMAN)
        (cls.bin / "podman").chmod(0o755)
        cls.emulator = Emulator(environment=clean_environment(PATH=f"{cls.bin}:{os.environ['PATH']}"))
        cls.addClassCleanup(cls.emulator.end)
        cls.batch = Batch(cls.emulator.batch)
        cls.add_pool("pool", images=["busybox"])
        cls.batch.add_job("job", "pool")

    @classmethod
    def add_pool(cls, pool, images=(), registries=(), version=None, **members):
        body = pool_body(pool, 1, **members)
        body["virtualMachineConfiguration"]["containerConfiguration"] = {
            "type": "dockerCompatible", "containerImageNames": list(images), "containerRegistries": list(registries)}
        cls.batch.post("/pools", body).expect(201)
        wait_until(lambda: cls.states(pool) and cls.states(pool) <= {"idle", "unusable", "starttaskfailed"}, 20, f"nodes of {pool}")

    @classmethod
    def states(cls, pool):
        return {node["state"] for node in cls.batch.get(f"/pools/{pool}/nodes").json["value"]}

    def calls(self, verb):
        return [call for call in map(json.loads, (self.bin / "calls").read_text().splitlines()) if call[0][0] == verb]

    def run_task(self, task, command, job="job", **members):
        self.batch.add_task(job, task, command, **members)
        return self.batch.wait_for_task(job, task)

    def output(self, task):
        return self.batch.file("job", task, "stdout.txt").decode().strip()

    # TASK-54
    def test_a_command_runs_in_its_container(self):
        task = self.run_task(
            "t", "/bin/sh -c 'pwd; echo $GREETING $AZ_BATCH_TASK_ID; echo out > out.txt'",
            **settings(containerRunOptions="--rm --memory 1g"), environmentSettings=[{"name": "GREETING", "value": "hello"}])
        self.assertEqual(task["executionInfo"]["exitCode"], 0)
        folder, said = self.output("t").splitlines()
        self.assertTrue(folder.endswith("/workitems/job/job-1/t/wd"), folder)
        self.assertEqual(said, "hello t")
        self.assertEqual(self.batch.file("job", "t", "wd/out.txt"), b"out\n")
        self.assertEqual(task["containerSettings"], settings(containerRunOptions="--rm --memory 1g")["containerSettings"])
        arguments = next(call[0] for call in self.calls("run") if "GREETING" in call[0])
        root = folder.split("/workitems/")[0]
        self.assertIn(f"type=bind,source={root},target={root}", arguments)
        self.assertNotIn("hello", arguments)

    # TASK-55
    def test_an_image_may_have_a_command_of_its_own(self):
        self.run_task("own", "", **settings(workingDirectory="containerImageDefault"))
        self.assertEqual(self.output("own"), "the image's own")

    # TASK-20, TASK-34
    def test_what_fails_within_a_container_and_around_it(self):
        self.assertEqual(self.run_task("seven", "/bin/sh -c 'exit 7'", **settings())["executionInfo"]["exitCode"], 7)
        for image, code in (("nothing/here", "ContainerInvalidImage"), ("broken", "ContainerMiscError"), ("-evil", "ContainerInvalidImage")):
            info = self.run_task("f" + code + str(len(image)), "/bin/true", **settings(image))["executionInfo"]
            self.assertNotIn("exitCode", info)
            self.assertEqual((info["failureInfo"]["code"], info["retryCount"]), (code, 0))

    # TASK-34, TASK-36
    def test_a_registry_without_the_name_of_a_server_is_no_registry(self):
        registry = {"registryServer": "no server", "username": "me", "password": "secret"}
        info = self.run_task("registry", "/bin/true", **settings("my.azurecr.io/tool:9", registry=registry))["executionInfo"]
        self.assertNotIn("exitCode", info)
        failure = info["failureInfo"]
        self.assertEqual((failure["category"], failure["code"]), ("UserError", "ContainerInvalidRegistry"))
        self.assertIn("no server", json.dumps(failure["details"]))
        self.assertNotIn("my.azurecr.io/tool:9", [call[0][1] for call in self.calls("pull")])

    # POOL-33
    def test_pools_and_tasks_agree_about_containers(self):
        info = self.run_task("without", "/bin/true")["executionInfo"]
        self.assertEqual(info["failureInfo"]["code"], "ContainerInvalidSettings")
        self.batch.add_pool("plain", 1)
        self.batch.add_job("plain", "plain")
        info = self.run_task("with", "/bin/true", job="plain", **settings())["executionInfo"]
        self.assertEqual(info["failureInfo"]["code"], "ContainerInvalidSettings")

    # POOL-33, NODE-16
    def test_images_are_brought_when_a_node_joins(self):
        registry = {"registryServer": "my.azurecr.io", "username": "me", "password": "secret"}
        self.add_pool("private", ["my.azurecr.io/tool:1"], [registry])
        self.assertEqual(self.states("private"), {"idle"})
        (pull,) = [call for call in self.calls("pull") if call[0][1] == "my.azurecr.io/tool:1"]
        self.assertEqual(pull[1], {"auths": {"my.azurecr.io": {"auth": base64.b64encode(b"me:secret").decode()}}})
        self.assertNotIn("secret", json.dumps(self.batch.get("/pools/private").json))
        shown = self.batch.get("/pools/private").json["virtualMachineConfiguration"]["containerConfiguration"]
        self.assertEqual(shown["containerRegistries"], [{"registryServer": "my.azurecr.io", "username": "me"}])
        self.add_pool("impossible", ["nothing/there"])
        self.assertEqual(self.states("impossible"), {"unusable"})
        (node,) = self.batch.get("/pools/impossible/nodes").json["value"]
        (error,) = node["errors"]
        self.assertEqual(error["code"], "ContainerPoolConfigurationError")
        self.assertIn({"name": "Message", "value": "Error: manifest unknown"}, error["errorDetails"])

    def test_a_start_task_may_run_outside(self):
        self.add_pool("outside", ["busybox"], startTask={"commandLine": "/bin/true"})
        self.assertEqual(self.states("outside"), {"idle"})
        self.add_pool("inside", ["busybox"], startTask={"commandLine": "/bin/false", **settings()})
        self.assertEqual(self.states("inside"), {"starttaskfailed"})

    def test_a_container_ends_when_its_task_is_ended(self):
        gate, mark = self.emulator.folder / "gate", self.emulator.folder / "mark"
        self.batch.add_task("job", "long", f"/bin/sh -c 'echo $$ > {mark}; {gated(gate)}'", **settings())
        pid = wait_until(lambda: mark.exists() and mark.read_text().strip(), 20, "the command")
        self.batch.post("/jobs/job/tasks/long/terminate").expect(204)
        info = self.batch.wait_for_task("job", "long")["executionInfo"]
        self.assertEqual(info["failureInfo"]["code"], "TaskEnded")
        wait_until(lambda: not is_running(pid), 20, "the end of the command")
        words = next(call[0] for call in self.calls("run") if any(str(mark) in word for word in call[0]))
        name = words[words.index("--name") + 1]
        self.assertIn(["kill", name], [call[0] for call in self.calls("kill")])
        self.assertIn(["rm", "--force", name], [call[0] for call in self.calls("rm")])


class WithoutContainers(unittest.TestCase):
    def test_pools_with_containers_are_refused_by_name(self):
        with tempfile.TemporaryDirectory() as empty:
            emulator = Emulator(environment=clean_environment(PATH=empty))
            self.addCleanup(emulator.end)
            body = pool_body("pool", 1)
            body["virtualMachineConfiguration"]["containerConfiguration"] = {"type": "dockerCompatible"}
            answer = Batch(emulator.batch).post("/pools", body).expect(400)
            self.assertEqual(answer.json["code"], "UnsupportedProperty")
            self.assertIn("podman", json.dumps(answer.json["values"]))


if __name__ == "__main__":
    unittest.main()

"""Rules of the folders of nodes and tasks, and of reading them through the service."""

import http.client
import json
import pathlib
import tempfile
import unittest
import urllib.parse

from emulator import Emulator, wait_until
from wire import Batch


class NodeFolders(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator("--spot-return-delay", "60m")
        cls.addClassCleanup(cls.emulator.end)
        cls.batch = Batch(cls.emulator.batch)

    def only_node(self, pool):
        (node,) = self.batch.get(f"/pools/{pool}/nodes").expect(200).json["value"]
        return node

    def wait_until_idle(self, pool):
        wait_until(lambda: self.only_node(pool)["state"] == "idle", 20, f"the node of {pool}")

    def run_task(self, job, task, command):
        self.batch.add_task(job, task, command)
        execution = self.batch.wait_for_task(job, task)["executionInfo"]
        self.assertEqual(execution["exitCode"], 0, execution)
        return self.batch.file(job, task, "stdout.txt").decode()

    def names(self, path, **query):
        return [file["name"] for file in self.batch.get(f"{path}/files", **query).expect(200).json["value"]]

    def node_path(self, pool):
        return f"/pools/{pool}/nodes/{self.only_node(pool)['id']}"

    # FILE-7
    def test_a_task_that_puts_a_link_in_the_place_of_its_folder_opens_nothing(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        outside = pathlib.Path(folder.name)
        (outside / "kept").write_text("kept")
        self.batch.add_pool("links", dedicated=1)
        self.batch.add_job("links", "links")
        swap = f"/bin/sh -c 'cd ../..; mv $AZ_BATCH_TASK_ID moved; ln -s {outside} $AZ_BATCH_TASK_ID'"
        self.batch.add_task("links", "swapped", swap)
        self.batch.wait_for_task("links", "swapped")
        path = "/jobs/links/tasks/swapped/files"
        for answer in (self.batch.get(path), self.batch.get(f"{path}/kept"), self.batch.call("DELETE", f"{path}/kept")):
            self.assertIn(answer.status, (404, 409), answer)
        self.assertTrue((outside / "kept").exists())

    # ENV-1, ENV-2, ENV-3, FILE-1
    def test_a_node_has_the_folders_of_the_service(self):
        start_task = {"commandLine": "/bin/sh -c 'echo start; echo x > x'", "waitForSuccess": True}
        self.batch.add_pool("tree", dedicated=1, startTask=start_task)
        self.batch.add_job("tree", "tree", jobPreparationTask={"commandLine": "/bin/echo prepared"},
                           jobReleaseTask={"commandLine": "/bin/echo released"})
        root = self.run_task("tree", "t", "/bin/sh -c 'echo y > y; echo $AZ_BATCH_NODE_ROOT_DIR'").strip()
        self.batch.post("/jobs/tree/terminate").expect(202)
        wait_until(lambda: self.batch.get("/jobs/tree").json["state"] == "completed", 20, "the end of the job")
        node = self.node_path("tree")
        self.assertEqual(self.names(node), ["applications", "fsmounts", "shared", "startup", "volatile", "workitems"])
        files = set(self.names(node, recursive="true"))
        self.assertLessEqual({"startup/stdout.txt", "startup/stderr.txt", "startup/wd", "startup/wd/x"}, files)
        for run in ("t", "jobpreparation", "jobrelease"):
            task = f"workitems/tree/job-1/{run}"
            self.assertLessEqual({task, f"{task}/stdout.txt", f"{task}/stderr.txt", f"{task}/wd"}, files)
        self.assertEqual(self.names("/jobs/tree/tasks/t", recursive="true"), ["stderr.txt", "stdout.txt", "wd", "wd/y"])
        path = urllib.parse.quote("workitems/tree/job-1/t/stdout.txt", safe="")
        self.assertEqual(self.batch.get(f"{node}/files/{path}").expect(200).body.decode().strip(), root)

    # ENV-4
    def test_a_second_try_writes_its_streams_anew(self):
        self.batch.add_pool("anew", dedicated=1)
        self.batch.add_job("anew", "anew")
        tries = self.emulator.folder / "tries"
        self.batch.add_task("anew", "t", f"/bin/sh -c 'echo x >> {tries}; wc -l < {tries}; wc -l < {tries} >&2; exit 1'",
                            constraints={"maxTaskRetryCount": 1})
        self.batch.wait_for_task("anew", "t")
        for stream in ("stdout.txt", "stderr.txt"):
            self.assertEqual(self.batch.file("anew", "t", stream).split(), [b"2"])

    # ENV-5
    def test_what_is_shared_outlives_tasks_and_boots_but_no_new_image(self):
        self.batch.add_pool("shared", dedicated=1)
        self.batch.add_job("shared", "shared")
        self.run_task("shared", "write", "/bin/sh -c 'echo kept > $AZ_BATCH_NODE_SHARED_DIR/file'")
        self.batch.call("DELETE", "/jobs/shared/tasks/write").expect(200)
        read = "/bin/sh -c 'cat $AZ_BATCH_NODE_SHARED_DIR/file || echo gone'"
        self.assertEqual(self.run_task("shared", "same", read), "kept\n")
        self.assertNotIn("workitems/shared/job-1/write", self.names(self.node_path("shared"), recursive="true"))
        for action, expected in (("reboot", "kept\n"), ("reimage", "gone\n")):
            self.batch.post(f"{self.node_path('shared')}/{action}").expect(202)
            self.wait_until_idle("shared")
            self.assertEqual(self.run_task("shared", action, read), expected)
        self.assertEqual(self.batch.get("/jobs/shared/tasks/same/files/stdout.txt").expect(409).json["code"], "TaskFilesUnavailable")

    # FILE-9
    def test_files_of_a_node_that_is_gone_are_unavailable(self):
        self.batch.add_pool("spot", low_priority=1)
        self.batch.add_job("spot", "spot")
        self.run_task("spot", "t", "/bin/echo here")
        node = self.node_path("spot")
        address = self.batch.address
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
        connection.request("POST", "/_bluebatch/preempt", json.dumps({"pool": "spot", "count": 1}))
        self.assertEqual(connection.getresponse().status, 200)
        connection.close()
        wait_until(lambda: self.only_node("spot")["state"] == "preempted", 20, "the preemption")
        self.assertEqual(self.batch.get("/jobs/spot/tasks/t/files/stdout.txt").expect(409).json["code"], "TaskFilesUnavailable")
        self.batch.get("/jobs/spot/tasks/t/files").expect(409)
        self.batch.get(f"{node}/files").expect(409)

    # FILE-10
    def test_folders_in_urls_are_divided_by_either_slash(self):
        self.batch.add_pool("slashes", dedicated=1)
        self.batch.add_job("slashes", "slashes")
        self.run_task("slashes", "t", "/bin/sh -c 'mkdir -p a/b; echo deep > a/b/file; echo odd > \"a\\b\"'")
        path = "/jobs/slashes/tasks/t/files/"
        self.assertIn("wd/a/b/file", self.names(path[:-len("/files/")], recursive="true"))
        for name in ("wd%2Fa%2Fb%2Ffile", "wd/a/b/file", "wd%5Ca%5Cb%5Cfile"):
            self.assertEqual(self.batch.get(path + name).expect(200).body, b"deep\n")
        self.assertEqual(self.batch.get(path + "wd%2Fa%5Cb").expect(200).body, b"odd\n")
        self.batch.call("DELETE", path + "wd%5Ca%5Cb%5Cfile").expect(200)
        self.batch.get(path + "wd/a/b/file").expect(404)


if __name__ == "__main__":
    unittest.main()

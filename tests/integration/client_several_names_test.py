"""Commands of several names do to each what they can, and say what became of which."""

import unittest

from client_commands import USAGE, Commands


class SeveralNames(Commands):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.batch.add_pool("pool", dedicated=1)

    def left_out(self, document, done, failed, error):
        self.assertEqual(document[done], ["a", "c"])
        (missing,) = document["failed"]
        self.assertEqual(missing["name"], failed)
        self.assertIn(error, missing["error"])

    def test_pools_and_jobs(self):
        for name in ("a", "c"):
            self.client("pool", "create", name)
        run = self.client("pool", "delete", "a", "b", "c", "--wait", status=USAGE)
        self.assertEqual(run.stdout, "Pool a is being deleted.\nPool c is being deleted.\n")
        self.assertIn("Failed to delete pool b: PoolNotFound (404)", run.stderr)
        for name in ("a", "c"):
            self.batch.get(f"/pools/{name}").expect(404)
            self.client("job", "create", name, "--pool", "pool")
        self.left_out(self.client_json("job", "delete", "a", "b", "c", status=USAGE), "deleted", "b", "JobNotFound (404)")

    def test_tasks_and_their_files(self):
        self.client("job", "create", "job", "--pool", "pool")
        for task in ("a", "c"):
            self.client("task", "create", "job", task, "--command", "/bin/bash -c 'touch a c'")
        self.client("task", "wait", "job", "a", "c")
        files = self.client_json("file", "delete", "job", "a", "wd/a", "wd", "wd/c", status=USAGE)
        self.assertEqual(files["deleted"], ["wd/a", "wd/c"])
        self.assertIn("wd is a folder.", files["failed"][0]["error"])
        self.left_out(self.client_json("task", "delete", "job", "a", "b", "c", status=USAGE), "deleted", "b", "TaskNotFound (404)")

    def test_containers_and_blobs(self):
        (self.folder / "blob").write_text("blob")
        for container in ("one", "two"):
            self.client("container", "create", container)
            self.client("blob", "upload", str(self.folder / "blob"), container)
        deleted = self.client_json("blob", "delete", "one/blob", "one/none", "two/blob", status=USAGE)
        self.assertEqual(deleted["deleted"], ["one/blob", "two/blob"])
        self.assertEqual([failed["name"] for failed in deleted["failed"]], ["one/none"])
        run = self.client("container", "delete", "none", "one", "two", status=USAGE)
        self.assertEqual(run.stdout, "Container one deleted.\nContainer two deleted.\n")


if __name__ == "__main__":
    unittest.main()

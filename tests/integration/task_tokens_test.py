"""Tokens with which tasks ask the service about their own job."""

import json
import unittest

from emulator import Emulator
from wire import Batch

# Runs in the task: what it was given is all that it needs.
SCRIPT = """
import json, os, sys, urllib.error, urllib.request

def ask(method, path, body=None):
    request = urllib.request.Request(
        os.environ["AZ_BATCH_ACCOUNT_URL"] + path + "?api-version=2022-10-01.16.0", method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": "Bearer " + os.environ["AZ_BATCH_AUTHENTICATION_TOKEN"],
                 "Content-Type": "application/json; odata=minimalmetadata"})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return [error.code, json.loads(error.read())["code"]]

job = "/jobs/" + os.environ["AZ_BATCH_JOB_ID"]
print(json.dumps({
    "job": ask("GET", job),
    "tasks": ask("GET", job + "/tasks"),
    "files": ask("GET", job + "/tasks/" + os.environ["AZ_BATCH_TASK_ID"] + "/files"),
    "add": ask("POST", job + "/tasks", {"id": "added", "commandLine": "/bin/true"}),
    "other": ask("GET", "/jobs/other"),
    "pools": ask("GET", "/pools"),
}))
"""


class TaskTokens(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator("--log-level", "debug")
        cls.addClassCleanup(cls.emulator.end)
        cls.batch = Batch(cls.emulator.batch)
        cls.batch.add_pool("pool", 1)
        cls.batch.add_job("other", "pool")
        cls.script = cls.emulator.folder / "script.py"
        cls.script.write_text(SCRIPT)

    def check(self, job, task):
        self.assertEqual(self.batch.wait_for_task(job, task)["executionInfo"]["exitCode"], 0)
        said = json.loads(self.batch.file(job, task, "stdout.txt"))
        self.assertEqual(said, {"job": 200, "tasks": 200, "files": 200, "add": 201,
                                "other": [403, "Forbidden"], "pools": [403, "Forbidden"]})
        self.assertEqual(self.batch.wait_for_task(job, "added")["executionInfo"]["exitCode"], 0)

    # TASK-56
    def test_a_task_works_on_its_own_job(self):
        self.batch.add_job("job", "pool")
        settings = {"access": ["job"]}
        self.batch.add_task("job", "t", f"/usr/bin/python3 {self.script}", authenticationTokenSettings=settings)
        self.check("job", "t")
        self.assertEqual(self.batch.task("job", "t")["authenticationTokenSettings"], settings)

    # JM-6
    def test_a_job_manager_adds_tasks(self):
        self.batch.add_job("managed", "pool", jobManagerTask={
            "id": "manager", "commandLine": f"/usr/bin/python3 {self.script}", "killJobOnCompletion": False,
            "runExclusive": False, "authenticationTokenSettings": {"access": ["job"]},
        })
        self.check("managed", "manager")

    def test_a_token_ends_with_its_task_and_is_never_logged(self):
        self.batch.add_job("ended", "pool")
        self.batch.add_task("ended", "t", "/bin/sh -c 'echo $AZ_BATCH_AUTHENTICATION_TOKEN'",
                            authenticationTokenSettings={"access": ["job"]})
        self.batch.wait_for_task("ended", "t")
        token = self.batch.file("ended", "t", "stdout.txt").decode().strip()
        self.assertRegex(token, "^[0-9a-f]{64}$")
        answer = self.batch.send("GET", "/jobs/ended?api-version=2022-10-01.16.0", {"Authorization": f"Bearer {token}"}, None)
        self.assertEqual((answer.status, answer.json["code"]), (403, "AuthenticationFailed"))
        self.assertNotIn(token, self.emulator.output())
        self.assertNotIn(token, json.dumps(self.batch.task("ended", "t")))


if __name__ == "__main__":
    unittest.main()

"""Batch accounts that a resource manager removes while they are at work."""

import json
import pathlib
import tempfile
import unittest
import urllib.parse

from emulator import Emulator, is_running, wait_until
from wire import Batch, Wire

ACCOUNTS = "/resourceGroups/group/providers/Microsoft.Batch/batchAccounts"


class Manager(Wire):
    """The resource manager, as whoever signs in may use it."""

    def __init__(self, emulator):
        super().__init__(emulator.batch)
        form = urllib.parse.urlencode({
            "grant_type": "client_credentials", "client_id": "c", "client_secret": "s",
            "scope": "https://management.azure.com/.default"})
        fields = {"Host": "login.microsoftonline.com", "Content-Type": "application/x-www-form-urlencoded"}
        self.token = self.send("POST", "/common/oauth2/v2.0/token", fields, form).expect(200).json["access_token"]
        self.subscription = self.call("GET", "/subscriptions", "2022-12-01").expect(200).json["value"][0]["id"]

    def call(self, method, path, version="2024-07-01", body=None):
        fields = {"Host": "management.azure.com", "Authorization": f"Bearer {self.token}",
                  "Content-Type": "application/json"}
        root = path if path == "/subscriptions" else self.subscription + path
        return self.send(method, f"{root}?api-version={version}", fields, None if body is None else json.dumps(body))

    def make(self, name):
        self.call("PUT", "/resourceGroups/group", "2021-04-01", {"location": "eastus"})
        self.call("PUT", f"{ACCOUNTS}/{name}", body={"location": "eastus"}).expect(200, 201, 202)

    def names(self):
        return [account["name"] for account in self.call("GET", ACCOUNTS).expect(200).json["value"]]

    def batch_of(self, emulator, name):
        keys = self.call("POST", f"{ACCOUNTS}/{name}/listKeys", body={}).expect(200).json
        return Batch(emulator.batch, name, keys["primary"])


class Removal(unittest.TestCase):
    def setUp(self):
        self.location = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="removal-")))
        self.emulator = self.start()
        self.manager = Manager(self.emulator)

    def start(self):
        emulator = Emulator(location=self.location)
        self.addCleanup(emulator.end)
        return emulator

    def account_at_work(self):
        """One whose task has left folders without rights and goes on, and the task's process."""
        self.manager.make("gone")
        batch = self.manager.batch_of(self.emulator, "gone")
        batch.add_pool("p", dedicated=1)
        batch.add_job("j", "p")
        trace = self.location / "trace"
        batch.add_task("j", "t", "/bin/sh -c 'mkdir -p cache/module; echo x > cache/module/file;"
                       f" chmod -R a-w cache; echo $$ > {trace}.new; mv {trace}.new {trace}; sleep 600'")
        wait_until(trace.exists, 20, "the task")
        return int(trace.read_text())

    def traces_of(self, name):
        found = [path for folder in ("batch", "applications", "nodes", "trash")
                 for path in (self.location / folder).glob(f"{name}*")]
        return [path.relative_to(self.location).as_posix() for path in found]

    def test_an_account_at_work_goes_with_all_that_it_has(self):
        process = self.account_at_work()
        self.manager.call("DELETE", f"{ACCOUNTS}/gone").expect(200, 202, 204)
        self.assertFalse(is_running(process))
        self.assertEqual(self.traces_of("gone"), [])
        self.assertEqual(self.manager.names(), [])
        wait_until(lambda: not any((self.location / "removed").iterdir()), 20, "the end of its files")
        self.manager.make("gone")
        self.assertEqual(self.manager.batch_of(self.emulator, "gone").get("/pools").json["value"], [])

    def test_what_was_removed_stays_away(self):
        self.account_at_work()
        self.manager.call("DELETE", f"{ACCOUNTS}/gone").expect(200, 202, 204)
        self.emulator.kill()
        self.emulator = self.start()
        self.assertEqual(Manager(self.emulator).names(), [])
        self.assertEqual(self.traces_of("gone"), [])


if __name__ == "__main__":
    unittest.main()

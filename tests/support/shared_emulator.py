"""Tests of one class that share an emulator: each makes its own pools and jobs in it."""

import json
import unittest

from emulator import Emulator, wait_until
from wire import Batch


class SharedEmulator(unittest.TestCase):
    arguments = ()

    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator(*cls.arguments)
        cls.addClassCleanup(cls.emulator.end)
        cls.batch = Batch(cls.emulator.batch)
        cls.addClassCleanup(cls.batch.close)

    def control(self, method, path, **members):
        """A request of the control interface, which nobody signs."""
        answer = self.batch.send(method, f"/_bluebatch/{path}", {}, json.dumps(members))
        return answer.expect(200).json

    def advance(self, duration):
        self.control("PUT", "clock", advance=duration)

    def gate(self, name):
        return self.emulator.folder / f"gate-{name}"

    def pool(self, pool):
        return self.batch.get(f"/pools/{pool}").expect(200).json

    def nodes(self, pool):
        return self.batch.get(f"/pools/{pool}/nodes").expect(200).json["value"]

    def only_node(self, pool):
        (node,) = self.nodes(pool)
        return node["id"]

    def node(self, pool, node):
        return self.batch.get(f"/pools/{pool}/nodes/{node}").expect(200).json

    def job(self, job):
        return self.batch.get(f"/jobs/{job}").expect(200).json

    def wait_for_pool(self, pool, state="steady"):
        return wait_until(lambda: (found := self.pool(pool))["allocationState"] == state and found, 20, f"pool {pool} {state}")

    def wait_for_node(self, pool, node, state):
        return wait_until(lambda: (found := self.node(pool, node))["state"] == state and found, 20, f"node {state}")

    def wait_for_job(self, job, state):
        return wait_until(lambda: (found := self.job(job))["state"] == state and found, 20, f"job {job} {state}")

    def ids(self, path, **query):
        return [item["id"] for item in self.batch.get(path, **query).expect(200).json["value"]]

    def refusal(self, answer, code="InvalidPropertyValue", status=400):
        """What a refusal tells of itself, by key."""
        answer.expect(status)
        self.assertEqual(answer.json["code"], code, answer)
        return {value["key"]: value["value"] for value in answer.json.get("values", [])}

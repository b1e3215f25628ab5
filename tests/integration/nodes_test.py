"""Nodes really work at the same time, and what waits says so."""

import pathlib
import tempfile
import unittest

from emulator import Emulator, gated, is_running, wait_until
from wire import Batch


class Nodes(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="nodes-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def start(self, *arguments):
        emulator = Emulator(*arguments)
        self.addCleanup(emulator.end)
        return Batch(emulator.batch)

    def gated(self, task):
        """A command that says that it began, and ends when the gate opens."""
        begun, gate = self.folder / f"begun-{task}", self.folder / "gate"
        return f"/bin/sh -c 'touch {begun}; {gated(gate)}'"

    def begun(self):
        return len(list(self.folder.glob("begun-*")))

    def states(self, batch, job="j"):
        return sorted(task["state"] for task in batch.get(f"/jobs/{job}/tasks").json["value"])

    def test_five_nodes_work_at_the_same_time(self):
        batch = self.start()
        batch.add_pool("p", dedicated=3, low_priority=2)
        batch.add_job("j", "p")
        for number in range(5):
            batch.add_task("j", f"t{number}", self.gated(number))
        # None of them can end before the gate opens, so all five run at once.
        wait_until(lambda: self.begun() == 5, 20, "five tasks running together")
        self.assertEqual(self.states(batch), ["running"] * 5)
        nodes = {task["nodeInfo"]["nodeId"] for task in batch.get("/jobs/j/tasks").json["value"]}
        self.assertEqual(len(nodes), 5)
        (self.folder / "gate").touch()
        for number in range(5):
            batch.wait_for_task("j", f"t{number}")

    # SLOT-2
    def test_slots_let_one_node_run_several_tasks(self):
        batch = self.start()
        batch.add_pool("p", dedicated=1, taskSlotsPerNode=3)
        batch.add_job("j", "p")
        for number in range(4):
            batch.add_task("j", f"t{number}", self.gated(number))
        wait_until(lambda: self.begun() == 3, 20, "three tasks on one node")
        self.assertEqual(self.states(batch), ["active", "running", "running", "running"])
        (self.folder / "gate").touch()
        batch.wait_for_task("j", "t3")

    def test_beyond_max_parallel_tasks_are_preparing(self):
        batch = self.start("--max-parallel", "2")
        batch.add_pool("p", dedicated=4)
        batch.add_job("j", "p")
        for number in range(4):
            batch.add_task("j", f"t{number}", self.gated(number))
        wait_until(lambda: self.states(batch) == ["preparing", "preparing", "running", "running"], 20, "two of four run")
        wait_until(lambda: self.begun() == 2, 20, "two commands have begun")
        self.assertEqual(self.states(batch), ["preparing", "preparing", "running", "running"])
        (self.folder / "gate").touch()
        for number in range(4):
            self.assertEqual(batch.wait_for_task("j", f"t{number}")["executionInfo"]["result"], "success")

    def test_a_pool_is_steady_within_a_second_by_default(self):
        batch = self.start()
        batch.add_pool("p", dedicated=10, low_priority=10, seconds=1)
        states = {node["state"] for node in batch.get("/pools/p/nodes").json["value"]}
        self.assertEqual(states, {"idle"})

    # NODE-5, LAT-1
    def test_nodes_start_slowly_on_request(self):
        batch = self.start("--node-start-delay", "1500ms")
        batch.post("/pools", {**POOL, "id": "slow", "targetDedicatedNodes": 1}).expect(201)
        batch.add_job("j", "slow")
        batch.add_task("j", "t", "/bin/true")
        self.assertEqual(batch.get("/pools/slow").json["allocationState"], "resizing")
        self.assertEqual(batch.task("j", "t")["state"], "active")
        batch.wait_for_task("j", "t")

    # START-3
    def test_a_start_task_holds_tasks_back_until_it_succeeded(self):
        batch = self.start()
        gate = self.folder / "gate"
        start_task = {"commandLine": f"/bin/sh -c '{gated(gate)}'", "waitForSuccess": True}
        batch.post("/pools", {**POOL, "id": "p", "targetDedicatedNodes": 1, "startTask": start_task}).expect(201)
        batch.add_job("j", "p")
        batch.add_task("j", "t", "/bin/true")
        wait_until(
            lambda: [node["state"] for node in batch.get("/pools/p/nodes").json["value"]] == ["waitingforstarttask"],
            20, "the node waits for its start task")
        self.assertEqual(batch.task("j", "t")["state"], "active")
        gate.touch()
        batch.wait_for_task("j", "t")

    # START-3
    def test_a_node_whose_start_task_fails_runs_nothing(self):
        batch = self.start()
        batch.add_pool("p", dedicated=1, startTask={"commandLine": "/bin/sh -c 'exit 9'", "waitForSuccess": True})
        wait_until(
            lambda: [node["state"] for node in batch.get("/pools/p/nodes").json["value"]] == ["starttaskfailed"],
            20, "the node's start task failed")
        batch.add_job("j", "p")
        batch.add_task("j", "t", "/bin/true")
        self.assertEqual(batch.task("j", "t")["state"], "active")

    # TASK-29, ENV-14
    def test_terminating_a_task_ends_its_whole_process_group_within_a_second(self):
        batch = self.start()
        batch.add_pool("p", dedicated=1)
        batch.add_job("j", "p")
        pids = self.folder / "pids"
        batch.add_task("j", "t", f"/bin/sh -c 'sleep 600 & echo $! $$ > {pids}; wait'")
        wait_until(lambda: pids.exists() and len(pids.read_text().split()) == 2, 20, "two processes")
        batch.post("/jobs/j/tasks/t/terminate").expect(204)
        task = batch.wait_for_task("j", "t", seconds=1)
        self.assertEqual(task["executionInfo"]["result"], "failure")
        wait_until(lambda: not any(map(is_running, pids.read_text().split())), 1, "the end of both processes")


POOL = {
    "vmSize": "standard_a1_v2",
    "virtualMachineConfiguration": {
        "imageReference": {"publisher": "canonical", "offer": "0001-com-ubuntu-server-jammy", "sku": "22_04-lts"},
        "nodeAgentSKUId": "batch.node.ubuntu 22.04",
    },
}

"""Formulas and the resizes that they ask for."""

import unittest

from emulator import Emulator, wait_until
from shared_emulator import SharedEmulator
from wire import Batch, Blob, pool_body


def scaling(pool, formula, **members):
    body = pool_body(pool, enableAutoScale=True, autoScaleFormula=formula, **members)
    return {name: value for name, value in body.items() if not name.startswith("target")}


class AutoScale(SharedEmulator):
    # Nodes are created for twenty minutes, longer than a resize may take.
    arguments = ("--node-start-delay", "60m")

    def wait_for_target(self, pool, target):
        return wait_until(lambda: (found := self.pool(pool))["targetDedicatedNodes"] == target and found, 20, f"target {target}")

    # AS-9, AS-10
    def test_the_target_may_change_while_nodes_are_created_and_there_is_no_timeout(self):
        self.batch.post("/pools", scaling(
            "grows", "$TargetDedicatedNodes = $TargetDedicatedNodes + 1;", autoScaleEvaluationInterval="PT8M")).expect(201)
        self.wait_for_target("grows", 1)
        for target in (2, 3):
            wait_until(lambda: self.pool("grows")["currentDedicatedNodes"] == target - 1, 20, "the nodes wanted so far")
            self.advance("PT8M")
            pool = self.wait_for_target("grows", target)
            self.assertEqual(pool["allocationState"], "resizing")
            self.assertNotIn("resizeErrors", pool)
        # Sixteen minutes after the pool was added, each node that was asked for is still on its way.
        wait_until(lambda: [node["state"] for node in self.nodes("grows")] == ["creating"] * 3, 20, "three nodes")

    # AS-8
    def test_a_formula_begins_with_the_targets_and_is_not_bound_by_them(self):
        self.batch.post("/pools", pool_body("begins", 3)).expect(201)
        wait_until(lambda: len(self.nodes("begins")) == 3, 20, "three nodes")
        self.advance("PT20M")
        self.wait_for_pool("begins")
        formula = {"autoScaleFormula": "was = $TargetDedicatedNodes; $TargetDedicatedNodes = was - 2;"}
        self.batch.post("/pools/begins/enableautoscale", formula).expect(200)
        pool = self.wait_for_target("begins", 1)
        self.assertTrue(pool["autoScaleRun"]["results"].endswith(";was=3"))

    # AS-53, AS-54, AS-55
    def test_an_evaluation_tells_when_what_and_why_not(self):
        self.batch.post("/pools", scaling("tells", "$TargetDedicatedNodes = 0;")).expect(201)
        fine = self.batch.post("/pools/tells/evaluateautoscale", {"autoScaleFormula": "$TargetDedicatedNodes = 2.9;"}).expect(200).json
        self.assertEqual(set(fine), {"odata.metadata", "timestamp", "results"})
        self.assertEqual(fine["results"].split(";")[0], "$TargetDedicatedNodes=2")
        failed = self.batch.post("/pools/tells/evaluateautoscale", {"autoScaleFormula": "$TargetDedicatedNodes = 1 / 0;"}).expect(200).json
        self.assertEqual(set(failed["error"]), {"code", "message", "values"})
        self.assertEqual([set(value) for value in failed["error"]["values"]], [{"name", "value"}])
        self.assertEqual(self.pool("tells")["targetDedicatedNodes"], 0)


class Resources(SharedEmulator):
    FORMULA = (
        "cpu = max($CPUPercent.GetSample(100)); memory = max($MemoryBytes.GetSample(100)); wall = max($WallClockSeconds.GetSample(100));"
        "disk = min($DiskBytes.GetSample(100)); writes = sum($DiskWriteOps.GetSample(100));"
        "reads = sum($DiskReadOps.GetSample(100)); received = sum($NetworkInBytes.GetSample(100)); sent = sum($NetworkOutBytes.GetSample(100));")

    def sample(self):
        """What the formula finds after one more sample; nothing while there is none."""
        self.advance("PT30S")
        answer = self.batch.post("/pools/works/evaluateautoscale", {"autoScaleFormula": self.FORMULA}).expect(200).json
        found = dict(pair.split("=") for pair in answer["results"].split(";")[3:])
        return {name: float(number) for name, number in found.items()} if "error" not in answer else None

    # AS-37
    def test_formulas_see_what_tasks_use_of_processors_memory_disks_and_network(self):
        storage = Blob(self.emulator.blob)
        self.addCleanup(storage.close)
        storage.create_container("given")
        storage.put("given/file", b"x" * 100_000).expect(201)
        self.batch.post("/pools", scaling("works", "$TargetDedicatedNodes = 1;")).expect(201)
        wait_until(lambda: [node["state"] for node in self.nodes("works")] == ["idle"], 20, "a node")
        self.batch.add_job("j", "works")
        gate = self.gate("busy")
        self.batch.add_task(
            "j", "t", f"/bin/sh -c 'dd if=/dev/zero of=out bs=64k count=4 conv=fsync; while [ ! -e {gate} ]; do :; done'",
            resourceFiles=[{"filePath": "file", "httpUrl": storage.url("given/file", storage.container_sas("given", "r"))}])
        wait_until(lambda: self.batch.task("j", "t")["state"] == "running", 20, "the task")
        seen = wait_until(
            lambda: (found := self.sample()) and found["cpu"] > 0 and found["writes"] > 0 and found, 30, "a busy node")
        gate.touch()
        self.assertLess(seen["cpu"], 1)
        self.assertLess(0, seen["memory"])
        self.assertLess(seen["memory"], 100)
        self.assertGreaterEqual(seen["wall"], 29)
        self.assertGreater(seen["disk"], 0)
        self.assertGreaterEqual(seen["writes"], 4)
        self.assertGreater(seen["reads"], 0)
        self.assertEqual((seen["received"], seen["sent"]), (100_000, 0))


class Counts(SharedEmulator):
    FORMULA = (
        "good = max($SucceededTasks.GetSample(1)); bad = max($FailedTasks.GetSample(1)); nodes = max($SampleNodeCount.GetSample(1));"
        "slots = max($TaskSlotsPerNode.GetSample(1)); room = $SampleNodeCount * $TaskSlotsPerNode;")

    def counts(self):
        """What the formula finds after one more sample; nothing while there is none."""
        self.advance("PT30S")
        answer = self.batch.post("/pools/counts/evaluateautoscale", {"autoScaleFormula": self.FORMULA}).expect(200).json
        found = dict(pair.split("=") for pair in answer["results"].split(";")[3:])
        return None if "error" in answer else {name: int(number) for name, number in found.items()}

    def wait_for_counts(self, are_there):
        return wait_until(lambda: (found := self.counts()) and are_there(found) and found, 20, "a sample")

    # AS-37
    def test_formulas_see_what_tasks_came_to_on_how_many_nodes_of_how_many_slots(self):
        self.batch.post("/pools", scaling("counts", "$TargetDedicatedNodes = 2;", taskSlotsPerNode=3)).expect(201)
        wait_until(lambda: [node["state"] for node in self.nodes("counts")] == ["idle"] * 2, 20, "two nodes")
        seen = self.wait_for_counts(lambda found: found["nodes"] == 2)
        self.assertEqual(seen, {"good": 0, "bad": 0, "nodes": 2, "slots": 3, "room": 6})
        for job, good, bad in (("first", 2, 1), ("second", 1, 1)):
            self.batch.add_job(job, "counts")
            commands = ["/bin/true"] * good + ["/bin/false"] * bad
            for number, command in enumerate(commands):
                self.batch.add_task(job, f"t{number}", command)
            for number in range(len(commands)):
                self.batch.wait_for_task(job, f"t{number}")
        seen = self.wait_for_counts(lambda found: found["good"] + found["bad"] == 5)
        self.assertEqual(seen, {"good": 3, "bad": 2, "nodes": 2, "slots": 3, "room": 6})


class Quota(unittest.TestCase):
    # AS-10, SPOT-9
    def test_a_formula_that_asks_for_too_much_ends_with_errors_of_the_resize(self):
        emulator = Emulator("--batch-dedicated-core-quota", "1", "--batch-low-priority-core-quota", "2")
        self.addCleanup(emulator.end)
        batch = Batch(emulator.batch)
        self.addCleanup(batch.close)
        batch.post("/pools", scaling("wants", "$TargetDedicatedNodes = 3; $TargetLowPriorityNodes = 2;")).expect(201)
        pool = wait_until(lambda: (found := batch.get("/pools/wants").json).get("resizeErrors") and found, 20, "the error")
        self.assertEqual(pool["allocationState"], "steady")
        self.assertEqual([error["code"] for error in pool["resizeErrors"]], ["AccountCoreQuotaReached"])
        self.assertEqual((pool["currentDedicatedNodes"], pool["currentLowPriorityNodes"]), (1, 2))


if __name__ == "__main__":
    unittest.main()

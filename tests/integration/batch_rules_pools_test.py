"""How pools of Batch come to their nodes, and lose them."""

import unittest

from emulator import gated, wait_until
from shared_emulator import SharedEmulator
from wire import pool_body

MANAGER = {"id": "manager", "runExclusive": True}


class Pools(SharedEmulator):
    # A node is created for ten minutes and starts for twenty; tests move the clock.
    arguments = ("--node-start-delay", "30m", "--spot-return-delay", "60m")

    def add_pool(self, pool, dedicated, low_priority=0, **members):
        self.batch.post("/pools", pool_body(pool, dedicated, low_priority, **members)).expect(201)
        return self.pool(pool)

    def add_ready_pool(self, pool, dedicated, low_priority=0, **members):
        self.add_pool(pool, dedicated, low_priority, **members)
        wait_until(lambda: len(self.nodes(pool)) == dedicated + low_priority, 20, "nodes")
        self.advance("PT10M")
        self.wait_for_pool(pool)
        self.advance("PT20M")
        wait_until(lambda: {node["state"] for node in self.nodes(pool)} == {"idle"}, 20, f"idle nodes of {pool}")

    def add_gated(self, job, *tasks):
        for task in tasks:
            self.batch.add_task(job, task, f"/bin/sh -c '{gated(self.gate(job))}'")

    # POOL-1, POOL-3, NODE-4, NODE-5
    def test_the_sizing_and_the_life_of_a_pool_are_two_things(self):
        pool = self.add_pool("life", 1)
        self.assertEqual((pool["state"], pool["allocationState"]), ("active", "resizing"))
        wait_until(lambda: [node["state"] for node in self.nodes("life")] == ["creating"], 20, "a node")
        node = self.only_node("life")
        self.assertNotIn("lastBootTime", self.node("life", node))
        self.advance("PT10M")
        pool = self.wait_for_pool("life")
        self.assertEqual(pool["state"], "active")
        self.assertGreater(pool["allocationStateTransitionTime"], pool["stateTransitionTime"])
        self.assertIn("lastBootTime", self.wait_for_node("life", node, "starting"))
        self.advance("PT20M")
        self.wait_for_node("life", node, "idle")
        self.batch.post("/pools/life/resize", {"targetDedicatedNodes": 2}).expect(202)
        self.assertEqual(self.pool("life")["allocationState"], "resizing")
        wait_until(lambda: len(self.nodes("life")) == 2, 20, "a second node")
        self.batch.post("/pools/life/stopresize").expect(202)
        pool = self.wait_for_pool("life")
        self.assertEqual([error["code"] for error in pool["resizeErrors"]], ["ResizeStopped"])
        self.batch.call("DELETE", "/pools/life").expect(202)
        wait_until(lambda: self.batch.get("/pools/life").status == 404, 20, "the end of the pool")

    # POOL-5, POOL-15, POOL-16, POOL-17
    def test_a_steady_pool_may_have_missed_its_target_and_says_why(self):
        self.add_ready_pool("missed", 1)
        self.batch.add_job("missed", "missed")
        self.add_gated("missed", "t")
        self.batch.wait_for_task("missed", "t", "running")
        shrink = {"targetDedicatedNodes": 0, "nodeDeallocationOption": "taskcompletion", "resizeTimeout": "PT5M"}
        self.batch.post("/pools/missed/resize", shrink).expect(202)
        self.assertNotIn("resizeErrors", self.pool("missed"))
        self.advance("PT5M")
        pool = self.wait_for_pool("missed")
        self.assertEqual((pool["currentDedicatedNodes"], pool["targetDedicatedNodes"]), (1, 0))
        (error,) = pool["resizeErrors"]
        self.assertEqual(error["code"], "AllocationTimedout")
        self.assertTrue(error["message"])
        self.batch.post("/pools/missed/resize", shrink).expect(202)
        self.assertNotIn("resizeErrors", self.pool("missed"))
        self.gate("missed").touch()
        self.assertNotIn("resizeErrors", self.wait_for_pool("missed"))

    # POOL-4, POOL-8, SPOT-1
    def test_a_preempted_node_counts_until_it_is_back(self):
        self.add_ready_pool("spot", 1, 1)
        kinds = {node["isDedicated"]: node["id"] for node in self.nodes("spot")}
        self.assertRegex(kinds[True], r"^tvmps_[0-9a-f]{64}_d$")
        self.assertRegex(kinds[False], r"^tvmps_[0-9a-f]{64}_p$")
        self.control("POST", "preempt", pool="spot", count=1)
        self.wait_for_node("spot", kinds[False], "preempted")
        pool = self.pool("spot")
        self.assertEqual((pool["currentDedicatedNodes"], pool["targetDedicatedNodes"]), (1, 1))
        self.assertEqual((pool["currentLowPriorityNodes"], pool["targetLowPriorityNodes"]), (1, 1))
        self.assertEqual(pool["allocationState"], "steady")
        for duration, state in (("PT60M", "creating"), ("PT10M", "starting"), ("PT20M", "idle")):
            self.advance(duration)
            self.wait_for_node("spot", kinds[False], state)

    # POOL-21
    def test_a_node_with_a_job_manager_goes_last(self):
        self.add_ready_pool("managed", 2, taskSlotsPerNode=4)
        command = f"/bin/sh -c '{gated(self.gate('managed'))}'"
        self.batch.add_job("managed", "managed", jobManagerTask={"commandLine": command, **MANAGER})
        kept = self.batch.wait_for_task("managed", "manager", "running")["nodeInfo"]["nodeId"]
        self.batch.add_job("others", "managed")
        self.add_gated("others", "a", "b", "c")
        for task in ("a", "b", "c"):
            self.assertNotEqual(self.batch.wait_for_task("others", task, "running")["nodeInfo"]["nodeId"], kept)
        self.batch.post("/pools/managed/resize", {"targetDedicatedNodes": 1}).expect(202)
        self.wait_for_pool("managed")
        self.assertEqual(self.only_node("managed"), kept)
        manager = self.batch.task("managed", "manager")
        self.assertEqual((manager["state"], manager["executionInfo"]["requeueCount"]), ("running", 0))
        for job in ("managed", "others"):
            self.gate(job).touch()

    # POOL-29
    def test_jobs_outlive_their_pool_and_go_on_in_another_of_its_name(self):
        self.add_ready_pool("again", 1)
        self.batch.add_job("outlives", "again")
        self.add_gated("outlives", "t")
        self.batch.wait_for_task("outlives", "t", "running")
        self.batch.call("DELETE", "/pools/again").expect(202)
        wait_until(lambda: self.batch.get("/pools/again").status == 404, 20, "the end of the pool")
        self.assertEqual(self.job("outlives")["state"], "active")
        self.assertEqual(self.batch.task("outlives", "t")["state"], "active")
        self.gate("outlives").touch()
        self.add_ready_pool("again", 1)
        self.assertEqual(self.batch.wait_for_task("outlives", "t")["executionInfo"]["result"], "success")

    # SLOT-10
    def test_tasks_start_before_the_pool_is_complete(self):
        self.add_ready_pool("grows", 1)
        first = self.only_node("grows")
        self.batch.post("/pools/grows/resize", {"targetDedicatedNodes": 2}).expect(202)
        wait_until(lambda: len(self.nodes("grows")) == 2, 20, "a second node")
        self.batch.add_job("early", "grows")
        self.batch.add_task("early", "t", "/bin/true")
        self.assertEqual(self.batch.wait_for_task("early", "t")["nodeInfo"]["nodeId"], first)
        self.assertEqual(self.pool("grows")["allocationState"], "resizing")


if __name__ == "__main__":
    unittest.main()

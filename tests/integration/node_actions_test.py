"""What users and the cloud do to single nodes."""

import http.client
import json
import unittest

from emulator import Emulator, gated, wait_until
from wire import Batch


class NodeActions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator("--spot-return-delay", "60m")
        cls.addClassCleanup(cls.emulator.end)
        cls.batch = Batch(cls.emulator.batch)

    def control(self, method, path, **members):
        address = self.batch.address
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
        connection.request(method, "/_bluebatch/" + path, json.dumps(members))
        response = connection.getresponse()
        answer = json.loads(response.read())
        connection.close()
        return response.status, answer

    def nodes(self, pool, **query):
        return self.batch.get(f"/pools/{pool}/nodes", **query).expect(200).json["value"]

    def node(self, pool, node):
        return self.batch.get(f"/pools/{pool}/nodes/{node}").expect(200).json

    def only_node(self, pool):
        (node,) = self.nodes(pool)
        return node["id"]

    def wait_for_node(self, pool, node, state):
        return wait_until(lambda: (found := self.node(pool, node))["state"] == state and found, 20, f"node {state}")

    def act(self, pool, node, action, body=None, **more):
        return self.batch.post(f"/pools/{pool}/nodes/{node}/{action}", body, **more)

    def run_task(self, job, pool, gate=None):
        """A task that runs until its gate opens."""
        self.gate = gate or self.emulator.folder / f"gate-{job}"
        self.batch.add_job(job, pool)
        self.batch.add_task(job, "t", f"/bin/sh -c '{gated(self.gate)}'")
        return self.batch.wait_for_task(job, "t", "running")

    def pool_is_steady(self, pool):
        wait_until(lambda: self.batch.get(f"/pools/{pool}").json["allocationState"] == "steady", 20, "a steady pool")
        return self.batch.get(f"/pools/{pool}").json

    # NODE-9, START-1
    def test_a_reboot_runs_the_start_task_again_and_keeps_the_files(self):
        marks = self.emulator.folder / "boots"
        self.batch.add_pool("reboot", dedicated=1, startTask={"commandLine": f"/bin/sh -c 'echo boot >> {marks}'"})
        node = self.only_node("reboot")
        booted = self.node("reboot", node)["lastBootTime"]
        self.batch.add_job("before", "reboot")
        self.batch.add_task("before", "t", "/bin/echo kept")
        self.batch.wait_for_task("before", "t")
        answer = self.act("reboot", node, "reboot").expect(202)
        self.assertTrue(answer.headers["dataserviceid"].endswith(f"/nodes/{node}/reboot"))
        self.assertNotIn("etag", answer.headers)
        wait_until(lambda: marks.read_text().split() == ["boot", "boot"], 20, "a second boot")
        self.assertGreater(self.wait_for_node("reboot", node, "idle")["lastBootTime"], booted)
        self.assertEqual(self.batch.file("before", "t", "stdout.txt"), b"kept\n")

    # NODE-9, POOL-20
    def test_a_reboot_may_wait_for_tasks_or_stop_them(self):
        self.batch.add_pool("options", dedicated=1)
        node = self.only_node("options")
        booted = self.node("options", node)["lastBootTime"]
        self.run_task("completion", "options")
        self.act("options", node, "reboot", {"nodeRebootOption": "taskcompletion"}).expect(202)
        self.batch.add_job("next", "options")
        self.batch.add_task("next", "t", "/bin/true")
        self.assertEqual(self.act("options", node, "reboot").expect(409).json["code"], "NodeBeingRebooted")
        self.assertEqual(self.node("options", node)["lastBootTime"], booted)
        self.assertEqual(self.batch.task("next", "t")["state"], "active")
        self.gate.touch()
        self.batch.wait_for_task("next", "t")
        self.assertGreater(self.node("options", node)["lastBootTime"], booted)
        self.assertEqual(self.batch.task("completion", "t")["executionInfo"]["result"], "success")
        self.run_task("ended", "options")
        self.act("options", node, "reboot", {"nodeRebootOption": "terminate"}).expect(202)
        self.assertEqual(self.batch.wait_for_task("ended", "t")["executionInfo"]["failureInfo"]["code"], "TaskEnded")
        self.wait_for_node("options", node, "idle")
        self.run_task("requeued", "options")
        self.act("options", node, "reboot").expect(202)
        wait_until(lambda: self.batch.task("requeued", "t")["executionInfo"]["requeueCount"] == 1, 20, "a requeue")
        self.gate.touch()
        self.batch.wait_for_task("requeued", "t")

    # NODE-10, PREP-5
    def test_a_new_image_takes_the_files_and_what_was_prepared(self):
        self.batch.add_pool("image", dedicated=1)
        node = self.only_node("image")
        marks = self.emulator.folder / "prepared"
        self.batch.add_job("image", "image", jobPreparationTask={
            "commandLine": f"/bin/sh -c 'echo x >> {marks}'", "rerunOnNodeRebootAfterSuccess": False,
        })
        self.batch.add_task("image", "a", "/bin/true")
        self.batch.wait_for_task("image", "a")
        self.act("image", node, "reboot").expect(202)
        self.batch.add_task("image", "b", "/bin/true")
        self.batch.wait_for_task("image", "b")
        self.assertEqual(marks.read_text().split(), ["x"])
        self.act("image", node, "users", {"name": "ann", "password": "secret"}).expect(201)
        self.act("image", node, "reimage").expect(202)
        self.batch.add_task("image", "c", "/bin/true")
        self.batch.wait_for_task("image", "c")
        self.assertEqual(marks.read_text().split(), ["x", "x"])
        user = self.batch.call("DELETE", f"/pools/image/nodes/{node}/users/ann").expect(404)
        self.assertEqual(user.json["code"], "NodeUserNotFound")
        gone = self.batch.get("/jobs/image/tasks/a/files/stdout.txt")
        self.assertIn(gone.status, (404, 409))
        old = self.act("image", node, "reimage", version="2022-10-01.16.0")
        self.assertEqual(old.expect(409).json["code"], "OperationNotValidOnNode")

    # NODE-11, NODE-3, NODE-12
    def test_scheduling_can_be_disabled(self):
        self.batch.add_pool("disabled", dedicated=1)
        node = self.only_node("disabled")
        self.run_task("goes-on", "disabled")
        answer = self.act("disabled", node, "disablescheduling", {"nodeDisableSchedulingOption": "taskcompletion"})
        self.assertIn("dataserviceid", answer.expect(200).headers)
        shown = self.node("disabled", node)
        self.assertEqual((shown["state"], shown["schedulingState"]), ("running", "disabled"))
        again = self.act("disabled", node, "disablescheduling").expect(409)
        self.assertEqual(again.json["code"], "NodeAlreadyInTargetSchedulingState")
        self.gate.touch()
        self.wait_for_node("disabled", node, "offline")
        self.assertEqual(self.batch.task("goes-on", "t")["executionInfo"]["result"], "success")
        self.batch.add_task("goes-on", "u", "/bin/true")
        self.batch.add_pool("witness", dedicated=1)
        self.assertEqual(self.batch.task("goes-on", "u")["state"], "active")
        self.act("disabled", node, "enablescheduling").expect(200)
        self.batch.wait_for_task("goes-on", "u")
        self.run_task("stopped", "disabled")
        self.act("disabled", node, "disablescheduling").expect(200)
        self.wait_for_node("disabled", node, "offline")
        self.assertEqual(self.batch.task("stopped", "t")["state"], "active")
        self.gate.touch()
        self.act("disabled", node, "enablescheduling").expect(200)
        self.batch.wait_for_task("stopped", "t")

    # 2024-07-01: NODE-1
    def test_a_node_is_deallocated_and_started(self):
        self.batch.add_pool("dealloc", dedicated=1)
        node = self.only_node("dealloc")
        self.assertEqual(self.act("dealloc", node, "start").expect(409).json["code"], "OperationInvalidForCurrentState")
        self.act("dealloc", node, "deallocate").expect(202)
        self.wait_for_node("dealloc", node, "deallocated")
        self.assertEqual(self.batch.get("/pools/dealloc").json["currentDedicatedNodes"], 1)
        self.act("dealloc", node, "reboot").expect(409)
        self.act("dealloc", node, "start").expect(202)
        self.wait_for_node("dealloc", node, "idle")

    # POOL-12
    def test_nodes_are_removed_by_name_and_do_not_grow_again(self):
        self.batch.add_pool("shrink", dedicated=3, low_priority=1)
        task = self.run_task("moves", "shrink")
        victim = task["nodeInfo"]["nodeId"]
        spot = next(n["id"] for n in self.nodes("shrink") if not n["isDedicated"])
        unknown = self.batch.post("/pools/shrink/removenodes", {"nodeList": ["tvmps_nobody_d"]})
        self.assertEqual(unknown.expect(404).json["code"], "NodeNotFound")
        victims = {victim, spot}
        self.batch.post("/pools/shrink/removenodes", {"nodeList": sorted(victims)}).expect(202)
        pool = self.pool_is_steady("shrink")
        expected = (3, 0) if victim == spot else (2, 0)
        self.assertEqual((pool["targetDedicatedNodes"], pool["targetLowPriorityNodes"]), expected)
        self.assertEqual((pool["currentDedicatedNodes"], pool["currentLowPriorityNodes"]), expected)
        self.assertFalse(victims & {n["id"] for n in self.nodes("shrink")})
        self.gate.touch()
        self.assertEqual(self.batch.wait_for_task("moves", "t")["executionInfo"]["requeueCount"], 1)
        self.batch.post("/pools/shrink/removenodes", {"nodeList": []}).expect(400)

    # SPOT-2, SPOT-3, SPOT-5, NODE-8, NODE-15, POOL-8
    def test_a_preempted_node_stays_in_sight_and_comes_back(self):
        self.batch.add_pool("spot", low_priority=1)
        node = self.only_node("spot")
        self.run_task("survives", "spot")
        allocated = self.node("spot", node)["allocationTime"]
        status, answer = self.control("POST", "preempt", pool="spot", count=1)
        self.assertEqual((status, answer), (200, {"nodes": [node]}))
        self.wait_for_node("spot", node, "preempted")
        wait_until(lambda: self.batch.task("survives", "t")["state"] == "active", 20, "the task's return")
        self.assertEqual(self.batch.get("/pools/spot").json["currentLowPriorityNodes"], 1)
        self.gate.touch()
        self.assertEqual(self.control("PUT", "clock", advance="PT61M")[0], 200)
        execution = self.batch.wait_for_task("survives", "t")["executionInfo"]
        self.assertEqual((execution["requeueCount"], execution["retryCount"]), (0, 0))
        shown = self.node("spot", node)
        self.assertEqual(shown["allocationTime"], allocated)
        self.assertGreater(shown["lastBootTime"], allocated)

    # SPOT-2, SPOT-6, PREP-3
    def test_a_node_may_be_preempted_while_it_is_prepared(self):
        self.batch.add_pool("early", low_priority=1)
        node = self.only_node("early")
        gate, begun = (self.emulator.folder / name for name in ("gate-early", "begun-early"))
        self.batch.add_job("early", "early", jobPreparationTask={"commandLine": f"/bin/sh -c 'touch {begun}; {gated(gate)}'"})
        self.batch.add_task("early", "t", "/bin/true")
        wait_until(begun.exists, 20, "the preparation")
        self.assertEqual(self.control("POST", "preempt", pool="early", count=1)[0], 200)
        self.wait_for_node("early", node, "preempted")
        wait_until(lambda: self.batch.task("early", "t")["state"] == "active", 20, "the task's return")
        gate.touch()
        self.assertEqual(self.control("PUT", "clock", advance="PT61M")[0], 200)
        self.batch.wait_for_task("early", "t")
        self.assertNotIn("starting over", self.emulator.output())

    # POOL-12, POOL-16
    def test_what_was_aimed_at_before_does_not_count_for_a_removal(self):
        self.batch.add_pool("aim", dedicated=3)
        gates = self.emulator.folder / "gate-aim"
        self.batch.add_job("aim", "aim")
        for number in range(3):
            self.batch.add_task("aim", f"t{number}", f"/bin/sh -c '{gated(gates)}'")
        for number in range(3):
            self.batch.wait_for_task("aim", f"t{number}", "running")
        self.batch.post("/pools/aim/resize", {"targetDedicatedNodes": 0, "nodeDeallocationOption": "taskcompletion"}).expect(202)
        self.batch.post("/pools/aim/stopresize").expect(202)
        self.pool_is_steady("aim")
        victim = self.nodes("aim")[0]["id"]
        self.batch.post("/pools/aim/removenodes", {"nodeList": [victim, victim.upper()]}).expect(202)
        pool = self.pool_is_steady("aim")
        self.assertEqual((pool["targetDedicatedNodes"], pool["currentDedicatedNodes"]), (2, 2))
        self.assertNotIn(victim, [node["id"] for node in self.nodes("aim")])
        gates.touch()

    def test_only_spot_nodes_that_are_there_can_be_preempted(self):
        self.batch.add_pool("dedicated", dedicated=1)
        node = self.only_node("dedicated")
        self.assertEqual(self.control("POST", "preempt", pool="dedicated", nodes=[node])[0], 409)
        self.assertEqual(self.control("POST", "preempt", pool="dedicated", count=5), (200, {"nodes": []}))
        self.assertEqual(self.control("POST", "preempt", pool="nobody", count=1)[0], 404)
        self.assertEqual(self.control("POST", "preempt", pool="dedicated")[0], 400)
        self.assertEqual(self.control("POST", "preempt", pool="dedicated", count=1, account="nobody")[0], 404)


class CoreQuota(unittest.TestCase):
    # POOL-18, POOL-19, QUO-1, POOL-5, POOL-17, SPOT-9
    def test_a_pool_takes_what_fits_and_says_what_does_not(self):
        emulator = Emulator("--batch-dedicated-core-quota", "5", "--batch-low-priority-core-quota", "2")
        self.addCleanup(emulator.end)
        batch = Batch(emulator.batch)
        batch.add_pool("first", dedicated=1, vmSize="standard_d2_v3")
        batch.add_pool("second", dedicated=3, low_priority=1, vmSize="standard_d2_v3")
        pool = batch.get("/pools/second").json
        self.assertEqual((pool["currentDedicatedNodes"], pool["targetDedicatedNodes"]), (1, 3))
        self.assertEqual(pool["currentLowPriorityNodes"], 1)
        self.assertEqual([error["code"] for error in pool["resizeErrors"]], ["AccountCoreQuotaReached"])
        batch.post("/pools/first/resize", {"targetDedicatedNodes": 0}).expect(202)
        wait_until(lambda: batch.get("/pools/first").json["currentDedicatedNodes"] == 0, 20, "an empty pool")
        batch.post("/pools/second/resize", {"targetDedicatedNodes": 2}).expect(202)
        wait_until(lambda: batch.get("/pools/second").json["currentDedicatedNodes"] == 2, 20, "two nodes")
        self.assertNotIn("resizeErrors", batch.get("/pools/second").json)


if __name__ == "__main__":
    unittest.main()

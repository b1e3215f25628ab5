"""Nodes of Batch: what they count, what restarts them, and their start tasks."""

import unittest

from emulator import gated, wait_until
from shared_emulator import SharedEmulator
from wire import Batch, pool_body

COUNTERS = ("totalTasksRun", "totalTasksSucceeded", "runningTasksCount", "runningTaskSlotsCount")


class Nodes(SharedEmulator):
    arguments = ("--spot-return-delay", "60m")

    def counters(self, pool):
        node = self.node(pool, self.only_node(pool))
        return tuple(node[name] for name in COUNTERS)

    def act(self, pool, action, body=None):
        return self.batch.post(f"/pools/{pool}/nodes/{self.only_node(pool)}/{action}", body)

    def run_gated(self, job, task="t", **members):
        self.batch.add_task(job, task, f"/bin/sh -c '{gated(self.gate(job))}'", **members)
        self.batch.wait_for_task(job, task, "running")

    def node_file(self, pool, path):
        return self.batch.get(f"/pools/{pool}/nodes/{self.only_node(pool)}/files/{path}").expect(200).body.decode()

    def start_info(self, pool):
        return self.node(pool, self.only_node(pool))["startTaskInfo"]

    # NODE-2, NODE-7
    def test_counters_know_tasks_and_neither_start_nor_preparation_tasks(self):
        self.batch.add_pool("counts", 1, taskSlotsPerNode=4, startTask={"commandLine": "/bin/true"})
        node = self.only_node("counts")
        self.assertEqual(self.counters("counts"), (0, 0, 0, 0))
        self.assertNotIn("recentTasks", self.node("counts", node))
        prepare = f"/bin/sh -c '{gated(self.gate('prepared'))}'"
        self.batch.add_job("counts", "counts", jobPreparationTask={"commandLine": prepare})
        self.batch.add_task("counts", "t", f"/bin/sh -c '{gated(self.gate('counts'))}'", requiredSlots=3)
        self.batch.wait_for_task("counts", "t", "preparing")
        self.wait_for_node("counts", node, "running")
        self.gate("prepared").touch()
        self.batch.wait_for_task("counts", "t", "running")
        self.assertEqual(self.counters("counts")[2:], (1, 3))
        self.gate("counts").touch()
        self.batch.wait_for_task("counts", "t")
        self.batch.add_task("counts", "fails", "/bin/false")
        self.batch.wait_for_task("counts", "fails")
        self.assertEqual(self.counters("counts"), (2, 1, 0, 0))
        recent = self.node("counts", node)["recentTasks"]
        self.assertEqual({(task["taskId"], task["taskState"]) for task in recent}, {("t", "completed"), ("fails", "completed")})

    # NODE-6, NODE-8
    def test_a_reboot_changes_the_time_of_the_boot_only(self):
        self.batch.add_pool("boots", 1)
        before = self.node("boots", self.only_node("boots"))
        self.assertEqual(before["affinityId"], f"TVM:{before['id']}")
        self.assertIs(before["isDedicated"], True)
        self.assertRegex(before["ipAddress"], r"^\d+\.\d+\.\d+\.\d+$")
        self.act("boots", "reboot").expect(202)
        after = wait_until(
            lambda: (found := self.node("boots", before["id"]))["lastBootTime"] > before["lastBootTime"] and found, 20, "a boot")
        for name in ("allocationTime", "ipAddress", "affinityId"):
            self.assertEqual(after[name], before[name])

    # NODE-12
    def test_what_is_stopped_by_the_user_is_requeued_and_counted(self):
        self.batch.add_pool("requeue", 1)
        node = self.only_node("requeue")
        self.batch.add_job("requeue", "requeue")
        self.run_gated("requeue")
        self.act("requeue", "disablescheduling", {"nodeDisableSchedulingOption": "requeue"}).expect(200)
        self.wait_for_node("requeue", node, "offline")
        task = self.batch.wait_for_task("requeue", "t", "active")
        self.assertEqual((task["executionInfo"]["requeueCount"], task["executionInfo"]["retryCount"]), (1, 0))
        self.act("requeue", "enablescheduling").expect(200)
        self.batch.wait_for_task("requeue", "t", "running")
        self.act("requeue", "reboot", {"nodeRebootOption": "requeue"}).expect(202)
        wait_until(lambda: self.batch.task("requeue", "t")["executionInfo"]["requeueCount"] == 2, 20, "a second requeue")
        self.gate("requeue").touch()
        self.assertEqual(self.batch.wait_for_task("requeue", "t")["executionInfo"]["retryCount"], 0)

    # NODE-15, NODE-18, SPOT-4
    def test_a_lost_node_costs_no_try_and_holds_up_no_job(self):
        self.batch.add_pool("lost", 0, 1)
        node = self.only_node("lost")
        for job in ("runs", "disabled", "ended", "deleted"):
            self.batch.add_job(job, "lost")
        self.run_gated("runs", constraints={"maxTaskRetryCount": 0})
        self.control("POST", "preempt", pool="lost", count=1)
        self.wait_for_node("lost", node, "preempted")
        self.batch.wait_for_task("runs", "t", "active")
        self.batch.post("/jobs/disabled/disable", {"disableTasks": "terminate"}).expect(202)
        self.wait_for_job("disabled", "disabled")
        self.batch.post("/jobs/ended/terminate").expect(202)
        self.wait_for_job("ended", "completed")
        self.batch.call("DELETE", "/jobs/deleted").expect(202)
        wait_until(lambda: self.batch.get("/jobs/deleted").status == 404, 20, "the end of the job")
        self.gate("runs").touch()
        self.advance("PT60M")
        execution = self.batch.wait_for_task("runs", "t")["executionInfo"]
        self.assertEqual((execution["result"], execution["retryCount"], execution["requeueCount"]), ("success", 0, 0))

    # NODE-19, SPOT-1
    def test_nodes_are_counted_by_kind_and_state(self):
        self.batch.add_pool("kinds", 2, 1)
        self.control("POST", "preempt", pool="kinds", count=1)
        query = {"$filter": "poolId eq 'kinds'"}

        def counted():
            (counts,) = self.batch.get("/nodecounts", **query).expect(200).json["value"]
            return counts["lowPriority"]["preempted"] == 1 and counts
        counts = wait_until(counted, 20, "a preempted node")
        for kind, state, number in (("dedicated", "idle", 2), ("lowPriority", "preempted", 1)):
            total = counts[kind].pop("total")
            self.assertEqual(({name: count for name, count in counts[kind].items() if count}, total), ({state: number}, number))

    # START-3
    def test_start_tasks_are_waited_for_since_2019(self):
        body = pool_body("", startTask={"commandLine": "/bin/true"})
        for version, waits in (("2018-12-01.8.0", False), ("2019-08-01.10.0", True), ("2024-07-01.20.0", True)):
            pool = "start-" + version[:7]
            batch = Batch(self.emulator.batch, version=version)
            batch.post("/pools", {**body, "id": pool}).expect(201)
            batch.close()
            self.assertIs(self.pool(pool)["startTask"]["waitForSuccess"], waits)

    # START-4, START-5, START-8, START-9
    def test_a_start_task_that_nobody_waits_for_may_fail(self):
        command = f"env; pwd; {gated(self.gate('start'))}; exit 3"
        self.batch.add_pool("start", 1, startTask={"commandLine": f"/bin/sh -c '{command}'", "waitForSuccess": False})
        self.assertEqual(self.pool("start")["startTask"]["userIdentity"], {"autoUser": {"scope": "pool", "elevationLevel": "nonadmin"}})
        info = self.start_info("start")
        self.assertEqual((info["state"], info["retryCount"]), ("running", 0))
        for name in ("endTime", "exitCode", "failureInfo", "result", "lastRetryTime"):
            self.assertNotIn(name, info)
        self.batch.add_job("beside", "start")
        self.batch.add_task("beside", "t", "/bin/true")
        self.batch.wait_for_task("beside", "t")
        self.assertEqual(self.start_info("start")["state"], "running")
        self.gate("start").touch()
        wait_until(lambda: self.start_info("start")["state"] == "completed", 20, "the end of the start task")
        info = self.start_info("start")
        self.assertEqual((info["exitCode"], info["result"], info["failureInfo"]["category"]), (3, "failure", "UserError"))
        self.assertGreaterEqual(info["endTime"], info["startTime"])
        self.assertEqual(self.counters("start"), (1, 1, 0, 0))
        self.batch.add_task("beside", "after", "/bin/true")
        self.batch.wait_for_task("beside", "after")
        output = self.node_file("start", "startup/stdout.txt")
        variables = dict(line.split("=", 1) for line in output.splitlines() if "=" in line)
        self.assertTrue(variables["AZ_BATCH_NODE_STARTUP_DIR"].endswith("/startup"))
        self.assertTrue(output.rstrip().endswith("/startup/wd"), output)
        self.assertEqual(variables["AZ_BATCH_NODE_ID"], self.only_node("start"))
        for name in ("AZ_BATCH_JOB_ID", "AZ_BATCH_TASK_ID"):
            self.assertNotIn(name, variables)
        self.assertEqual(self.node_file("start", "startup/stderr.txt"), "")

    # START-5, START-6
    def test_a_reboot_is_the_way_out_of_a_failed_start_task(self):
        flag = self.emulator.folder / "repaired"
        self.batch.add_pool("broken", 1, startTask={
            "commandLine": f"/bin/sh -c 'test -e {flag}'", "maxTaskRetryCount": 1, "waitForSuccess": True})
        node = self.only_node("broken")
        self.wait_for_node("broken", node, "starttaskfailed")
        first = self.start_info("broken")
        self.assertEqual((first["retryCount"], first["result"]), (1, "failure"))
        self.assertIn("lastRetryTime", first)
        self.assertEqual(self.pool("broken")["currentDedicatedNodes"], 1)
        self.advance("PT24H")
        self.assertEqual(self.node("broken", node)["state"], "starttaskfailed")
        flag.touch()
        self.act("broken", "reboot").expect(202)
        self.wait_for_node("broken", node, "idle")
        second = self.start_info("broken")
        self.assertEqual((second["retryCount"], second["result"]), (0, "success"))
        self.assertGreater(second["startTime"], first["startTime"])
        self.assertNotIn("lastRetryTime", second)
        self.assertNotIn("failureInfo", second)


if __name__ == "__main__":
    unittest.main()

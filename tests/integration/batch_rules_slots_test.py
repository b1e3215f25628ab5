"""Which task gets which slots in Batch, and how tasks are counted."""

import unittest

from emulator import gated
from shared_emulator import SharedEmulator
from wire import pool_body


class Slots(SharedEmulator):
    def add_gated(self, job, task, **members):
        self.batch.add_task(job, task, f"/bin/sh -c '{gated(self.gate(job))}'", **members)

    def states(self, job):
        return {task["id"]: task["state"] for task in self.batch.get(f"/jobs/{job}/tasks").expect(200).json["value"]}

    def counts(self, job):
        answer = self.batch.get(f"/jobs/{job}/taskcounts").expect(200).json
        names = ("active", "running", "completed", "succeeded", "failed")
        return tuple(tuple(answer[kind][name] for name in names) for kind in ("taskCounts", "taskSlotCounts"))

    # SLOT-2, SLOT-3
    def test_a_task_starts_when_its_slots_are_free_and_never_when_there_are_not_as_many(self):
        self.batch.add_pool("large", 1, taskSlotsPerNode=4)
        self.batch.add_job("large", "large")
        self.add_gated("large", "three", requiredSlots=3)
        self.batch.wait_for_task("large", "three", "running")
        self.batch.add_task("large", "five", "/bin/true", requiredSlots=5)
        self.batch.add_task("large", "two", "/bin/true", requiredSlots=2)
        self.batch.add_task("large", "one", "/bin/true")
        self.batch.wait_for_task("large", "one")
        self.assertEqual(self.states("large"), {"five": "active", "one": "completed", "three": "running", "two": "active"})
        self.gate("large").touch()
        self.batch.wait_for_task("large", "two")
        self.assertEqual(self.states("large")["five"], "active")
        self.assertEqual(self.counts("large")[0][0], 1)

    # SLOT-5
    def test_tasks_of_nodes_and_jobs_take_no_slot(self):
        start_task = {"commandLine": f"/bin/sh -c '{gated(self.gate('start'))}'", "waitForSuccess": False}
        self.batch.add_pool("single", 1, startTask=start_task)
        self.batch.add_job("first", "single", jobPreparationTask={"commandLine": "/bin/true"}, jobReleaseTask={"commandLine": "/bin/true"})
        self.batch.add_task("first", "t", "/bin/true")
        self.batch.wait_for_task("first", "t")
        self.batch.add_job("second", "single")
        self.add_gated("second", "t")
        self.batch.wait_for_task("second", "t", "running")
        self.batch.post("/jobs/first/terminate").expect(202)
        self.wait_for_job("first", "completed")
        (status,) = self.batch.get("/jobs/first/jobpreparationandreleasetaskstatus").json["value"]
        for name in ("jobPreparationTaskExecutionInfo", "jobReleaseTaskExecutionInfo"):
            self.assertEqual(status[name]["result"], "success")
        self.assertEqual(self.states("second"), {"t": "running"})
        for gate in ("start", "second"):
            self.gate(gate).touch()

    # SLOT-6, SLOT-7
    def test_a_higher_priority_goes_first_and_within_a_job_the_order_of_addition(self):
        log = self.emulator.folder / "order"
        self.batch.add_pool("order", 1)
        self.batch.add_job("holds", "order")
        self.add_gated("holds", "t")
        self.batch.wait_for_task("holds", "t", "running")
        for job, priority in (("low", -5), ("old", 0), ("high", 7)):
            self.batch.add_job(job, "order", priority=priority)
            for task in ("b", "a"):
                self.batch.add_task(job, task, f"/bin/sh -c 'echo {job}-{task} >> {log}'")
        self.gate("holds").touch()
        for job in ("low", "old", "high"):
            for task in ("a", "b"):
                self.batch.wait_for_task(job, task)
        self.assertEqual(log.read_text().split(), ["high-b", "high-a", "old-b", "old-a", "low-b", "low-a"])

    # SLOT-8
    def test_what_runs_is_not_preempted_unasked(self):
        self.batch.add_pool("keeps", 1)
        self.batch.add_job("calm", "keeps", priority=-1000)
        self.add_gated("calm", "t")
        self.batch.wait_for_task("calm", "t", "running")
        self.batch.add_job("urgent", "keeps", priority=1000)
        self.batch.add_task("urgent", "t", "/bin/true")
        self.batch.add_pool("witness", 1)  # is ready after the scheduler has seen the task
        self.assertEqual((self.states("calm"), self.states("urgent")), ({"t": "running"}, {"t": "active"}))
        self.gate("calm").touch()
        self.batch.wait_for_task("urgent", "t")
        self.assertEqual(self.batch.task("calm", "t")["executionInfo"]["requeueCount"], 0)

    # SLOT-8
    def test_what_allows_it_makes_room_for_higher_priority(self):
        self.batch.add_pool("yields", 1)
        self.batch.add_job("patient", "yields", priority=-1000, allowTaskPreemption=True)
        self.add_gated("patient", "t")
        self.batch.wait_for_task("patient", "t", "running")
        self.batch.add_job("pressing", "yields", priority=1000)
        self.batch.add_task("pressing", "t", "/bin/true")
        self.batch.wait_for_task("pressing", "t")
        self.gate("patient").touch()
        info = self.batch.wait_for_task("patient", "t")["executionInfo"]
        self.assertEqual((info["exitCode"], info["retryCount"], info["requeueCount"]), (0, 0, 0))

    # AUTO-7
    def test_priorities_mean_nothing_between_pools(self):
        specification = {name: value for name, value in pool_body("", 1).items() if name != "id"}
        own = {"autoPoolSpecification": {"poolLifetimeOption": "job", "pool": specification}}
        for job, priority in (("pool-high", 1000), ("pool-low", -1000)):
            self.batch.post("/jobs", {"id": job, "priority": priority, "poolInfo": own}).expect(201)
        for task in ("a", "b"):
            self.add_gated("pool-high", task)
        self.batch.wait_for_task("pool-high", "a", "running")
        self.batch.add_task("pool-low", "t", "/bin/true")
        self.batch.wait_for_task("pool-low", "t")
        self.assertEqual(self.states("pool-high"), {"a": "running", "b": "active"})
        self.gate("pool-high").touch()

    # CNT-1
    def test_tasks_and_slots_are_counted_by_state(self):
        self.batch.add_pool("counts", 1, taskSlotsPerNode=4)
        prepare = f"/bin/sh -c '{gated(self.gate('prepare'))}'"
        self.batch.add_job("counts", "counts", usesTaskDependencies=True, jobPreparationTask={"commandLine": prepare})
        self.add_gated("counts", "runs", requiredSlots=3)
        self.batch.add_task("counts", "blocked", "/bin/true", requiredSlots=2, dependsOn={"taskIds": ["runs"]})
        self.batch.wait_for_task("counts", "runs", "preparing")
        self.assertEqual(self.counts("counts"), ((1, 1, 0, 0, 0), (2, 3, 0, 0, 0)))
        self.gate("prepare").touch()
        self.batch.wait_for_task("counts", "runs", "running")
        self.assertEqual(self.counts("counts"), ((1, 1, 0, 0, 0), (2, 3, 0, 0, 0)))
        self.batch.add_task("counts", "fails", "/bin/false")
        self.batch.wait_for_task("counts", "fails")
        self.gate("counts").touch()
        self.batch.wait_for_task("counts", "blocked")
        self.assertEqual(self.counts("counts"), ((0, 0, 3, 2, 1), (0, 0, 6, 5, 1)))


if __name__ == "__main__":
    unittest.main()

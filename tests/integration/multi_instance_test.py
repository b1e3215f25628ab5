"""Multi-instance tasks with their subtasks, and tasks that would like a certain node."""

import unittest

from emulator import Emulator, gated, is_running, wait_until
from wire import Batch, Blob

KILLED = "TaskEnded"


class MultiInstance(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator("--max-parallel", "2")
        cls.addClassCleanup(cls.emulator.end)
        cls.batch = Batch(cls.emulator.batch)
        cls.blob = Blob(cls.emulator.blob)
        cls.batch.add_pool("p", dedicated=3, enableInterNodeCommunication=True)

    def setUp(self):
        self.job = self.id().rsplit(".", 1)[1][-60:]
        self.batch.add_job(self.job, "p")
        self.addCleanup(self.end_job)

    def end_job(self):
        self.batch.post(f"/jobs/{self.job}/terminate").expect(202)
        wait_until(lambda: self.batch.get(f"/jobs/{self.job}").json["state"] == "completed", 20, f"the end of {self.job}")

    def add_gang(self, task, command, coordination, instances=3, common=(), **members):
        settings = {"numberOfInstances": instances, "coordinationCommandLine": coordination, "commonResourceFiles": list(common)}
        self.batch.add_task(self.job, task, command, multiInstanceSettings=settings, **members)

    def subtasks(self, task, **query):
        return self.batch.get(f"/jobs/{self.job}/tasks/{task}/subtasksinfo", **query).expect(200).json["value"]

    def content(self, path):
        return self.batch.get(path).expect(200).body.decode()

    def output(self, task):
        return self.content(f"/jobs/{self.job}/tasks/{task}/files/stdout.txt")

    def file_of(self, node_info, name):
        path = f"{node_info['taskRootDirectory']}/{name}"
        return self.content(f"/pools/{node_info['poolId']}/nodes/{node_info['nodeId']}/files/{path}")

    # MI-3, MI-6, MI-9
    def test_three_nodes_coordinate_and_the_primary_runs_the_command(self):
        self.blob.create_container("common")
        self.blob.put("common/common.txt", b"common data").expect(201)
        url = self.blob.url("common/common.txt", self.blob.container_sas("common"))
        common = {"httpUrl": url, "filePath": "data/common.txt"}
        self.add_gang(
            "gang",
            "/bin/sh -c 'echo $AZ_BATCH_NODE_LIST; echo $AZ_BATCH_HOST_LIST; echo $AZ_BATCH_MASTER_NODE; echo $CCP_NODES;"
            " cat coordinated; cat $AZ_BATCH_TASK_SHARED_DIR/data/common.txt'",
            "/bin/sh -c 'echo $AZ_BATCH_IS_CURRENT_NODE_MASTER $AZ_BATCH_NODE_ID > coordinated; cat $AZ_BATCH_TASK_SHARED_DIR/data/common.txt >> coordinated'",
            common=[common],
        )
        task = self.batch.wait_for_task(self.job, "gang")
        self.assertEqual(task["executionInfo"]["result"], "success", task)
        self.assertEqual(task["multiInstanceSettings"]["numberOfInstances"], 3)
        nodes = {node["id"]: node for node in self.batch.get("/pools/p/nodes").json["value"]}
        subtasks = self.subtasks("gang")
        self.assertEqual([subtask["id"] for subtask in subtasks], [1, 2])
        everywhere = [task["nodeInfo"]] + [subtask["nodeInfo"] for subtask in subtasks]
        self.assertEqual({info["nodeId"] for info in everywhere}, set(nodes))
        addresses = [nodes[info["nodeId"]]["ipAddress"] for info in everywhere]
        lines = self.output("gang").splitlines()
        self.assertEqual(lines[:3], [";".join(addresses), ",".join(addresses), f"{addresses[0]}:6000"])
        self.assertEqual(lines[3], f"3 {addresses[0]} 1 {addresses[1]} 1 {addresses[2]} 1")
        self.assertEqual(lines[4:], [f"true {everywhere[0]['nodeId']}", "common datacommon data"])
        for subtask in subtasks:
            self.assertEqual((subtask["state"], subtask["previousState"]), ("completed", "running"))
            self.assertEqual((subtask["exitCode"], subtask["result"]), (0, "success"))
            self.assertLessEqual(subtask["startTime"], subtask["endTime"])
            info = subtask["nodeInfo"]
            self.assertEqual(self.file_of(info, "wd/coordinated"), f"false {info['nodeId']}\ncommon data")
            self.assertEqual(self.file_of(info, "data/common.txt"), "common data")
            recent = nodes[info["nodeId"]]["recentTasks"][0]
            self.assertEqual((recent["taskId"], recent["subtaskId"], recent["taskState"]), ("gang", subtask["id"], "completed"))
        self.assertEqual(self.subtasks("gang", _select="id,exitCode"), [{"id": 1, "exitCode": 0}, {"id": 2, "exitCode": 0}])

    # MI-3, MI-4: --max-parallel is 2 here, and they wait for each other all the same.
    def test_servers_in_the_background_end_with_the_task(self):
        folder = self.emulator.folder / "servers"
        folder.mkdir()
        self.add_gang(
            "gang",
            f"/bin/sh -c 'cp -r {folder} seen'",
            f"/bin/sh -c 'sleep 600 & echo $! > {folder}/$AZ_BATCH_NODE_ID; while [ $(ls {folder} | wc -l) -lt 3 ]; do sleep 0.02; done'",
        )
        task = self.batch.wait_for_task(self.job, "gang")
        self.assertEqual(task["executionInfo"]["exitCode"], 0)
        servers = [int(file.read_text()) for file in folder.iterdir()]
        self.assertEqual(len(servers), 3)
        for server in servers:
            wait_until(lambda: not is_running(server), 5, f"the end of {server}")

    def test_subtasks_run_as_long_as_the_primary(self):
        gate = self.emulator.folder / "gate-primary"
        self.add_gang("gang", f"/bin/sh -c '{gated(gate)}; exit 4'", "/bin/true", instances=2)
        wait_until(lambda: self.subtasks("gang"), 20, "the subtask")
        (subtask,) = self.subtasks("gang")
        self.assertEqual(subtask["state"], "running")
        self.assertNotIn("exitCode", subtask)
        self.assertNotIn("endTime", subtask)
        gate.touch()
        task = self.batch.wait_for_task(self.job, "gang")
        self.assertEqual(task["executionInfo"]["failureInfo"]["code"], "FailureExitCode")
        self.assertEqual(task["executionInfo"]["exitCode"], 4)
        (subtask,) = self.subtasks("gang")
        self.assertEqual((subtask["state"], subtask["exitCode"], subtask["result"]), ("completed", 0, "success"))

    # MI-5, MI-7
    def test_a_subtask_that_fails_fails_the_task(self):
        tries = self.emulator.folder / "gang-tries"
        self.add_gang(
            "gang", "/bin/echo never",
            f"/bin/sh -c '$AZ_BATCH_IS_CURRENT_NODE_MASTER && exit 0; echo x >> {tries}; exit 9'",
            instances=2, constraints={"maxTaskRetryCount": 1},
        )
        task = self.batch.wait_for_task(self.job, "gang")
        self.assertEqual(tries.read_text().split(), ["x", "x"])
        execution = task["executionInfo"]
        self.assertEqual((execution["retryCount"], execution["result"]), (1, "failure"))
        self.assertEqual(execution["failureInfo"]["code"], "FailureExitCode")
        self.assertNotIn("exitCode", execution)
        (subtask,) = self.subtasks("gang")
        self.assertEqual((subtask["exitCode"], subtask["result"]), (9, "failure"))
        self.assertEqual(subtask["failureInfo"]["code"], "FailureExitCode")
        self.assertEqual(self.output("gang"), "")

    # MI-8
    def test_termination_ends_all_nodes_commands(self):
        folder = self.emulator.folder / "terminated"
        folder.mkdir()
        self.add_gang("gang", f"/bin/sh -c 'echo $$ > {folder}/primary; exec sleep 600'",
                      f"/bin/sh -c 'sleep 600 & echo $! > {folder}/$AZ_BATCH_NODE_ID'", instances=2)
        wait_until(lambda: (folder / "primary").exists() and (folder / "primary").read_text().strip(), 20, "the primary")
        self.batch.post(f"/jobs/{self.job}/tasks/gang/terminate").expect(204)
        task = self.batch.wait_for_task(self.job, "gang")
        self.assertEqual(task["executionInfo"]["failureInfo"]["code"], KILLED)
        for file in folder.iterdir():
            process = int(file.read_text())
            wait_until(lambda: not is_running(process), 5, f"the end of {process}")

    # MI-2, SLOT-9
    def test_it_waits_for_its_nodes_and_lets_others_pass(self):
        gate = self.emulator.folder / "gate-nodes"
        self.batch.add_task(self.job, "small", f"/bin/sh -c '{gated(gate)}'")
        self.batch.wait_for_task(self.job, "small", "running")
        self.add_gang("gang", "/bin/true", "/bin/true")
        self.batch.add_task(self.job, "later", "/bin/true")
        self.batch.wait_for_task(self.job, "later")
        self.assertEqual(self.batch.task(self.job, "gang")["state"], "active")
        gate.touch()
        self.batch.wait_for_task(self.job, "gang")

    # COMM-2
    def test_it_stays_active_where_nodes_do_not_communicate(self):
        self.batch.add_pool("apart", dedicated=2)
        self.batch.add_job("apart", "apart")
        settings = {"numberOfInstances": 2, "coordinationCommandLine": "/bin/true"}
        self.batch.add_task("apart", "gang", "/bin/true", multiInstanceSettings=settings)
        self.batch.add_task("apart", "small", "/bin/true")
        self.batch.wait_for_task("apart", "small")
        self.assertEqual(self.batch.task("apart", "gang")["state"], "active")
        self.assertEqual(self.batch.get("/jobs/apart/tasks/gang/subtasksinfo").expect(200).json["value"], [])

    # SLOT-11
    def test_a_task_goes_where_an_earlier_one_was(self):
        self.batch.add_task(self.job, "first", "/bin/true")
        place = self.batch.wait_for_task(self.job, "first")["nodeInfo"]
        nodes = [node["id"] for node in self.batch.get("/pools/p/nodes").json["value"]]
        other = next(node for node in reversed(nodes) if node != place["nodeId"])
        for name, affinity in (("again", place["affinityId"]), ("there", f"TVM:{other}"), ("nowhere", "TVM:gone")):
            self.batch.add_task(self.job, name, "/bin/true", affinityInfo={"affinityId": affinity})
            task = self.batch.wait_for_task(self.job, name)
            self.assertEqual(task["affinityInfo"], {"affinityId": affinity})
            if name != "nowhere":
                self.assertEqual(task["nodeInfo"]["affinityId"], affinity)

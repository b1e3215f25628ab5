"""Every operation of Batch answers with its own status, and names what is not there."""

import unittest

from emulator import gated, wait_until
from shared_emulator import SharedEmulator
from wire import Blob, pool_body

EMPTY = (201, 202, 204)


class Statuses(SharedEmulator):
    def check(self, method, path, status, body=None, version=None):
        answer = self.batch.call(method, path, body, version=version)
        self.assertEqual(answer.status, status, f"{method} {path}: {answer}")
        if status in EMPTY or method == "HEAD":
            self.assertEqual(answer.body, b"", f"{method} {path}")
        return answer

    def run_task(self, job, pool):
        """A task that runs until its gate opens."""
        gate = self.gate(job)
        self.batch.add_job(job, pool)
        self.batch.add_task(job, "t", f"/bin/sh -c '{gated(gate)}'")
        self.batch.wait_for_task(job, "t", "running")
        return gate

    # REST-1, REST-3
    def test_pools(self):
        self.check("POST", "/pools", 201, pool_body("pools", 1))
        self.wait_for_pool("pools")
        self.check("GET", "/pools", 200)
        self.check("GET", "/pools/pools", 200)
        self.check("HEAD", "/pools/pools", 200)
        self.check("HEAD", "/pools/nobody", 404)
        self.check("PATCH", "/pools/pools", 200, {"metadata": [{"name": "a", "value": "b"}]})
        self.check("POST", "/pools/pools/updateproperties", 204, {
            "metadata": [], "applicationPackageReferences": [], "certificateReferences": []})
        gate = self.run_task("pools", "pools")
        self.check("POST", "/pools/pools/resize", 202, {
            "targetDedicatedNodes": 0, "nodeDeallocationOption": "taskcompletion"})
        self.check("POST", "/pools/pools/stopresize", 202)
        self.wait_for_pool("pools")
        gate.touch()
        self.check("POST", "/pools/pools/removenodes", 202, {"nodeList": [self.only_node("pools")]})
        self.wait_for_pool("pools")
        formula = {"autoScaleFormula": "$TargetDedicatedNodes = 0;"}
        self.check("POST", "/pools/pools/enableautoscale", 200, formula)
        self.check("POST", "/pools/pools/evaluateautoscale", 200, formula)
        self.check("POST", "/pools/pools/disableautoscale", 200)
        self.check("DELETE", "/pools/pools", 202)

    # REST-1, REST-3
    def test_nodes(self):
        self.batch.add_pool("nodes", 1)
        node = self.only_node("nodes")
        path = f"/pools/nodes/nodes/{node}"
        self.check("GET", "/pools/nodes/nodes", 200)
        self.check("GET", path, 200)
        self.check("POST", f"{path}/users", 201, {"name": "ann", "password": "secret"})
        self.check("PUT", f"{path}/users/ann", 200, {"password": "other"})
        self.check("DELETE", f"{path}/users/ann", 200)
        self.check("GET", f"{path}/remoteloginsettings", 200)
        self.check("GET", f"{path}/extensions", 200)
        self.check("GET", f"{path}/files", 200)
        blob = Blob(self.emulator.blob)
        blob.create_container("logs")
        self.check("POST", f"{path}/uploadbatchservicelogs", 200, {
            "containerUrl": blob.url("logs", blob.container_sas("logs")), "startTime": "2024-01-01T00:00:00Z"})
        blob.close()
        for action, status, state in (
            ("disablescheduling", 200, "offline"), ("enablescheduling", 200, "idle"), ("reboot", 202, "idle"),
            ("reimage", 202, "idle"), ("deallocate", 202, "deallocated"), ("start", 202, "idle"),
        ):
            before = self.node("nodes", node)
            self.check("POST", f"{path}/{action}", status)
            # What is idle before and after it has booted, or changed its state, in between.
            wait_until(lambda: self.node("nodes", node)["stateTransitionTime"] > before["stateTransitionTime"], 20, action)
            self.wait_for_node("nodes", node, state)

    # REST-1, REST-3
    def test_jobs(self):
        self.batch.add_pool("jobs", 1)
        job = {"id": "jobs", "poolInfo": {"poolId": "jobs"}, "jobPreparationTask": {"commandLine": "/bin/true"}}
        self.check("POST", "/jobs", 201, job)
        self.check("GET", "/jobs", 200)
        self.check("GET", "/jobs/jobs", 200)
        self.check("PATCH", "/jobs/jobs", 200, {"priority": 1})
        self.check("PUT", "/jobs/jobs", 200, {"poolInfo": {"poolId": "jobs"}})
        self.check("GET", "/jobs/jobs/taskcounts", 200)
        self.check("GET", "/jobs/jobs/jobpreparationandreleasetaskstatus", 200)
        self.check("POST", "/jobs/jobs/disable", 202, {"disableTasks": "requeue"})
        self.wait_for_job("jobs", "disabled")
        self.check("POST", "/jobs/jobs/enable", 202)
        self.wait_for_job("jobs", "active")
        self.check("POST", "/jobs/jobs/terminate", 202)
        self.wait_for_job("jobs", "completed")
        self.check("DELETE", "/jobs/jobs", 202)

    # REST-1, REST-3
    def test_job_schedules(self):
        body = {"schedule": {"doNotRunUntil": "2999-01-01T00:00:00Z"}, "jobSpecification": {"poolInfo": {"poolId": "p"}}}
        self.check("POST", "/jobschedules", 201, {"id": "plan", **body})
        self.check("GET", "/jobschedules", 200)
        self.check("GET", "/jobschedules/plan", 200)
        self.check("HEAD", "/jobschedules/plan", 200)
        self.check("HEAD", "/jobschedules/nobody", 404)
        self.check("PATCH", "/jobschedules/plan", 200, {"metadata": []})
        self.check("PUT", "/jobschedules/plan", 200, body)
        self.check("GET", "/jobschedules/plan/jobs", 200)
        self.check("POST", "/jobschedules/plan/disable", 204)
        self.check("POST", "/jobschedules/plan/enable", 204)
        self.check("POST", "/jobschedules/plan/terminate", 202)
        self.check("DELETE", "/jobschedules/plan", 202)

    # REST-1, REST-3
    def test_tasks_and_their_files(self):
        self.batch.add_pool("tasks", 1)
        self.batch.add_job("tasks", "tasks")
        path = "/jobs/tasks/tasks"
        self.check("POST", path, 201, {"id": "a", "commandLine": "/bin/sh -c 'echo hello; exit 1'"})
        self.check("POST", "/jobs/tasks/addtaskcollection", 200, {"value": [{"id": "b", "commandLine": "/bin/true"}]})
        self.batch.wait_for_task("tasks", "a")
        self.check("GET", path, 200)
        self.check("GET", f"{path}/a", 200)
        self.check("GET", f"{path}/a/subtasksinfo", 200)
        self.check("GET", f"{path}/a/files", 200)
        for method in ("HEAD", "GET", "DELETE"):
            self.check(method, f"{path}/a/files/stdout.txt", 200)
        self.check("POST", f"{path}/a/reactivate", 204)
        self.batch.wait_for_task("tasks", "a")
        gate = self.run_task("ended", "tasks")
        self.check("PUT", "/jobs/ended/tasks/t", 200, {"constraints": {"maxTaskRetryCount": 0}})
        self.check("POST", "/jobs/ended/tasks/t/terminate", 204)
        gate.touch()
        self.check("DELETE", f"{path}/a", 200)

    # REST-1
    def test_the_account(self):
        for path in ("supportedimages", "nodecounts", "applications", "poolusagemetrics"):
            self.check("GET", f"/{path}", 200)
        self.check("GET", "/certificates", 200, version="2022-10-01.16.0")
        self.check("GET", "/certificates", 404, version="2025-06-01")

    # REST-34
    def test_what_is_not_there_is_named(self):
        self.batch.add_pool("here", 1)
        self.batch.add_job("here", "here")
        self.batch.add_task("here", "t", "/bin/true")
        self.batch.wait_for_task("here", "t")
        node = self.only_node("here")
        for code, path in (
            ("PoolNotFound", "/pools/nobody"),
            ("PoolNotFound", "/pools/nobody/nodes"),
            ("NodeNotFound", "/pools/here/nodes/nobody"),
            ("JobNotFound", "/jobs/nobody"),
            ("JobNotFound", "/jobs/nobody/tasks/t"),
            ("TaskNotFound", "/jobs/here/tasks/nobody"),
            ("JobScheduleNotFound", "/jobschedules/nobody"),
            ("FileNotFound", "/jobs/here/tasks/t/files/nothing.txt"),
            ("FileNotFound", f"/pools/here/nodes/{node}/files/nothing.txt"),
            ("ApplicationNotFound", "/applications/nobody"),
        ):
            with self.subTest(path=path):
                self.refusal(self.batch.get(path), code, 404)
        self.refusal(self.batch.call("DELETE", f"/pools/here/nodes/{node}/users/nobody"), "NodeUserNotFound", 404)
        certificate = f"/certificates(thumbprintAlgorithm=sha1,thumbprint={'ab' * 20})"
        self.refusal(self.batch.call("GET", certificate, version="2022-10-01.16.0"), "CertificateNotFound", 404)


if __name__ == "__main__":
    unittest.main()

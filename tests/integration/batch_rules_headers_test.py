"""What goes round the entities of Batch: content types, addresses, tags, times and words."""

import re
import unittest

from emulator import gated
from shared_emulator import SharedEmulator
from wire import pool_body

TAG = re.compile(r"0x[0-9A-F]+")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z")


class Headers(SharedEmulator):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.batch.add_pool("pool", 1)
        cls.batch.add_job("job", "pool")
        cls.batch.add_task("job", "task", "/bin/true")
        cls.batch.wait_for_task("job", "task")

    def metadata(self, path, status=200, method="GET", body=None):
        text = self.batch.call(method, path, body).expect(status).body.decode()
        address, word = re.match(r'\{"odata.metadata":"([^"]*)/\$metadata#([^"]*)"', text).groups()
        self.assertEqual(address, self.emulator.batch)
        return word

    def tags(self, path):
        answer = self.batch.get(path).expect(200)
        entity = answer.json
        self.assertEqual(answer.headers["etag"], entity["eTag"])
        self.assertRegex(entity["eTag"], TAG)
        return entity["eTag"], entity["lastModified"]

    # REST-10
    def test_bodies_are_json_with_and_without_the_odata_parameter(self):
        for number, content_type in enumerate((
            "application/json; odata=minimalmetadata", "application/json;odata=minimalmetadata", "application/json",
            "application/json; charset=utf-8; odata=nometadata",
        )):
            answer = self.batch.post("/pools", pool_body(f"type-{number}"), headers={"Content-Type": content_type})
            self.assertEqual(answer.status, 201, content_type)
        values = self.refusal(
            self.batch.post("/pools", pool_body("text"), headers={"Content-Type": "text/plain"}), "InvalidHeaderValue")
        self.assertEqual((values["HeaderName"], values["HeaderValue"]), ("Content-Type", "text/plain"))

    # REST-13
    def test_bodies_begin_with_their_metadata(self):
        node = self.only_node("pool")
        self.batch.post("/jobschedules", {
            "id": "plan", "schedule": {"doNotRunUntil": "2999-01-01T00:00:00Z"},
            "jobSpecification": {"poolInfo": {"poolId": "pool"}}}).expect(201)
        for path, word in (
            ("/pools", "pools"), ("/pools/pool", "pools/@Element"), ("/pools/pool/nodes", "nodes"),
            (f"/pools/pool/nodes/{node}", "nodes/@Element"), (f"/pools/pool/nodes/{node}/files", "files"),
            ("/jobs", "jobs"), ("/jobs/job", "jobs/@Element"), ("/jobschedules", "jobschedules"),
            ("/jobschedules/plan", "jobschedules/@Element"), ("/jobschedules/plan/jobs", "jobs"),
            ("/jobs/job/tasks", "tasks"), ("/jobs/job/tasks/task", "tasks/@Element"),
            ("/jobs/job/tasks/task/files", "files"), ("/jobs/job/tasks/task/subtasksinfo", "subtaskinfo"),
        ):
            with self.subTest(path=path):
                self.assertEqual(self.metadata(path), word)
        failure = "Microsoft.Azure.Batch.Protocol.Entities.Container.errors/@Element"
        self.assertEqual(self.metadata("/pools/nobody", 404), failure)

    # REST-20
    def test_a_deletion_heeds_conditions_and_has_no_tag(self):
        for path, add in (
            ("/pools/gone", lambda: self.batch.post("/pools", pool_body("gone"))),
            ("/jobs/gone", lambda: self.batch.post("/jobs", {"id": "gone", "poolInfo": {"poolId": "pool"}})),
            ("/jobs/job/tasks/gone", lambda: self.batch.post("/jobs/job/tasks", {"id": "gone", "commandLine": "/bin/true"})),
        ):
            with self.subTest(path=path):
                added = add().expect(201)
                self.assertRegex(added.headers["etag"], TAG)
                self.refusal(self.batch.call("DELETE", path, headers={"If-Match": "0x1"}), "ConditionNotMet", 412)
                deleted = self.batch.call("DELETE", path, headers={"If-Match": added.headers["etag"]})
                self.assertIn(deleted.status, (200, 202))
                self.assertNotIn("etag", deleted.headers)

    # REST-20
    def test_an_evaluation_takes_no_conditions(self):
        formula = {"autoScaleFormula": "$TargetDedicatedNodes = 0;"}
        self.batch.post("/pools", pool_body("formula")).expect(201)
        self.wait_for_pool("formula")
        self.batch.post("/pools/formula/enableautoscale", formula).expect(200)
        answer = self.batch.post("/pools/formula/evaluateautoscale", formula, headers={"If-Match": "0x1"}).expect(200)
        self.assertNotIn("etag", answer.headers)

    # REST-21
    def test_only_users_change_tags(self):
        self.batch.post("/pools", pool_body("tags", 1)).expect(201)
        self.batch.add_job("tags", "tags")
        pool, job = self.tags("/pools/tags"), self.tags("/jobs/tags")
        self.batch.add_task("tags", "ends", "/bin/true")
        gate = self.gate("tags")
        self.batch.add_task("tags", "ended", f"/bin/sh -c '{gated(gate)}'")

        def task(name):
            found = self.batch.task("tags", name)
            return found["eTag"], found["lastModified"]
        before = task("ends")
        self.batch.wait_for_task("tags", "ends")
        self.batch.wait_for_task("tags", "ended", "running")
        self.wait_for_pool("tags")
        self.assertEqual(task("ends"), before)
        self.assertEqual(before[1], self.batch.task("tags", "ends")["creationTime"])
        self.assertEqual(self.tags("/pools/tags"), pool)
        self.assertEqual(self.tags("/jobs/tags"), job)
        before = task("ended")
        self.batch.post("/jobs/tags/tasks/ended/terminate").expect(204)
        self.batch.wait_for_task("tags", "ended")
        self.assertNotEqual(task("ended"), before)
        answer = self.batch.post("/jobs/tags/terminate").expect(202)
        self.wait_for_job("tags", "completed")
        self.assertEqual(self.tags("/jobs/tags")[0], answer.headers["etag"])
        self.assertNotEqual(self.tags("/jobs/tags"), job)
        gate.touch()

    # REST-41
    def test_durations_are_written_shortly_and_without_end_by_the_longest(self):
        self.batch.post("/jobs", {
            "id": "long", "poolInfo": {"poolId": "pool"}, "constraints": {"maxWallClockTime": "PT90M"}}).expect(201)
        self.assertEqual(self.job("long")["constraints"]["maxWallClockTime"], "PT1H30M")
        self.assertEqual(self.job("job")["constraints"]["maxWallClockTime"], "P10675199DT2H48M5.4775807S")
        task = self.batch.task("job", "task")["constraints"]
        self.assertEqual((task["retentionTime"], task["maxWallClockTime"]), ("P7D", "P10675199DT2H48M5.4775807S"))
        self.refusal(self.batch.post("/jobs", {
            "id": "soon", "poolInfo": {"poolId": "pool"}, "constraints": {"maxWallClockTime": "an hour"}}))

    # REST-42
    def test_times_are_utc_and_other_zones_are_taken(self):
        for path in ("/pools/pool", "/jobs/job", "/jobs/job/tasks/task"):
            entity = self.batch.get(path).json
            for name in ("creationTime", "lastModified", "stateTransitionTime"):
                self.assertRegex(entity[name], TIME)
        self.batch.post("/jobschedules", {
            "id": "zone", "schedule": {"doNotRunUntil": "2999-01-01T02:00:00+02:00"},
            "jobSpecification": {"poolInfo": {"poolId": "pool"}}}).expect(201)
        self.assertEqual(self.batch.get("/jobschedules/zone").json["schedule"]["doNotRunUntil"], "2999-01-01T00:00:00Z")

    # REST-43
    def test_words_are_read_in_any_case_and_written_in_the_services(self):
        self.batch.post("/pools", pool_body("words", taskSchedulingPolicy={"nodeFillType": "PACK"}, vmSize="STANDARD_A1_V2")).expect(201)
        pool = self.pool("words")
        self.assertEqual(pool["taskSchedulingPolicy"]["nodeFillType"], "Pack")
        self.assertEqual(pool["vmSize"], "standard_a1_v2")
        self.batch.post("/jobs", {
            "id": "words", "poolInfo": {"poolId": "pool"}, "onAllTasksComplete": "NoAction",
            "onTaskFailure": "performExitOptionsJobAction"}).expect(201)
        job = self.job("words")
        self.assertEqual((job["onAllTasksComplete"], job["onTaskFailure"]), ("noaction", "performexitoptionsjobaction"))
        self.batch.add_task("words", "t", "/bin/false")
        failure = self.batch.wait_for_task("words", "t")["executionInfo"]["failureInfo"]
        self.assertEqual((failure["category"], failure["code"]), ("UserError", "FailureExitCode"))

    # REST-45
    def test_the_state_before_is_told_with_the_time_at_which_it_began(self):
        self.batch.add_pool("states", 1)
        gate = self.gate("states")
        self.batch.add_job("states", "states")
        for name in ("previousState", "previousStateTransitionTime"):
            self.assertNotIn(name, self.job("states"))
        self.batch.add_task("states", "t", f"/bin/sh -c '{gated(gate)}'")
        running = self.batch.wait_for_task("states", "t", "running")
        gate.touch()
        task = self.batch.wait_for_task("states", "t")
        self.assertEqual(task["previousState"], "running")
        self.assertEqual(task["previousStateTransitionTime"], running["stateTransitionTime"])
        created = self.job("states")["creationTime"]
        self.batch.post("/jobs/states/terminate").expect(202)
        job = self.wait_for_job("states", "completed")
        self.assertEqual((job["previousState"], job["previousStateTransitionTime"]), ("active", created))
        self.batch.add_job("waits", "nowhere")
        self.batch.add_task("waits", "t", "/bin/true")
        self.assertNotIn("previousState", self.batch.task("waits", "t"))


if __name__ == "__main__":
    unittest.main()

"""Lists of Batch: what can be filtered, selected and expanded, and how they are paged."""

import unittest
import urllib.parse

from shared_emulator import SharedEmulator
from wire import Blob, pool_body

CMP = ("eq", "ne", "gt", "ge", "lt", "le")
SAME = ("eq", "ne")
TIME, STATE, RESULT = "DateTime'2024-01-01T00:00:00Z'", "'active'", "'failure'"
CHANGES = {"stateTransitionTime": (CMP, TIME), "creationTime": (CMP, TIME)}
ID = {"id": ((*CMP, "startswith"), "'a'")}
NODE_TASK = {
    "state": (("eq",), "'completed'"), "startTime": (CMP, TIME), "endTime": (CMP, TIME), "exitCode": (CMP, "0"),
    "result": (SAME, RESULT),
}
JOB = {
    **CHANGES, "state": (SAME, STATE), "lastModified": (CMP, TIME), "executionInfo/startTime": (CMP, TIME),
    "executionInfo/endTime": (CMP, TIME), "executionInfo/poolId": ((*CMP, "startswith"), "'p'"),
}
FIELDS = {
    "/pools": {
        **ID, **CHANGES, "state": (SAME, STATE), "allocationState": (SAME, "'steady'"), "vmSize": (SAME, "'a'"),
        "allocationStateTransitionTime": (CMP, TIME), "lastModified": (CMP, TIME), "enableAutoScale": (SAME, "true"),
        "enableInterNodeCommunication": (SAME, "false"),
    },
    "/pools/pool/nodes": {
        "state": (SAME, "'idle'"), "stateTransitionTime": (CMP, TIME), "lastBootTime": (CMP, TIME),
        "allocationTime": (CMP, TIME), **{f"startTaskInfo/{name}": rule for name, rule in NODE_TASK.items()},
    },
    "/jobs": {**ID, **JOB},
    "/jobschedules/plan/jobs": JOB,
    "/jobschedules": {
        **ID, **CHANGES, "state": (SAME, STATE), "lastModified": (CMP, TIME), "executionInfo/endTime": (CMP, TIME),
        "schedule/doNotRunUntil": (CMP, TIME), "schedule/doNotRunAfter": (CMP, TIME),
    },
    "/jobs/job/tasks": {
        **ID, **CHANGES, "state": (SAME, STATE), "lastModifiedTime": (CMP, TIME), "executionInfo/startTime": (CMP, TIME),
        "executionInfo/endTime": (CMP, TIME), "executionInfo/exitCode": (CMP, "0"), "executionInfo/result": (SAME, RESULT),
    },
    "/jobs/job/jobpreparationandreleasetaskstatus": {
        "poolId": (SAME, "'p'"), "nodeId": (SAME, "'n'"),
        **{f"jobPreparationTaskExecutionInfo/{name}": rule for name, rule in NODE_TASK.items()},
        **{f"jobReleaseTaskExecutionInfo/{name}": rule for name, rule in NODE_TASK.items()},
    },
    "/jobs/job/tasks/ok/files": {"name": (("startswith",), "'std'")},
    "/nodecounts": {"poolId": (("eq",), "'pool'")},
    "/supportedimages": {
        "osType": (SAME, "'linux'"), "verificationType": (SAME, "'verified'"), "nodeAgentSKUId": (SAME, "'a'"),
    },
    "/poolusagemetrics": {"poolId": (("eq", "ge", "gt", "le", "lt", "startswith"), "'p'")},
}


class Filters(SharedEmulator):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        batch = cls.batch
        batch.add_pool("pool", 1, taskSlotsPerNode=4)
        batch.post("/jobschedules", {
            "id": "plan", "schedule": {"doNotRunUntil": "2999-01-01T00:00:00Z"},
            "jobSpecification": {"poolInfo": {"poolId": "pool"}}}).expect(201)
        batch.add_job("job", "pool", jobPreparationTask={"commandLine": "/bin/true"})
        batch.add_task("job", "ok", "/bin/true")
        batch.add_task("job", "exit3", "/bin/sh -c 'exit 3'")
        blob = Blob(cls.emulator.blob)
        blob.create_container("closed")
        # A SAS that only lets its holder read, so that nothing can be uploaded.
        url = blob.url("closed", blob.container_sas("closed", "r"))
        blob.close()
        batch.add_task("job", "upload", "/bin/echo x", outputFiles=[{
            "filePattern": "../stdout.txt", "destination": {"container": {"containerUrl": url}},
            "uploadOptions": {"uploadCondition": "taskcompletion"}}])
        for task in ("ok", "exit3", "upload"):
            batch.wait_for_task("job", task)

    def filtered(self, path, condition):
        return self.batch.get(path, **{"$filter": condition})

    def tasks(self, condition):
        return self.ids("/jobs/job/tasks", **{"$filter": condition})

    def wrong(self, path, condition):
        values = self.refusal(self.filtered(path, condition), "InvalidQueryParameterValue")
        self.assertEqual((values["QueryParameterName"], values["QueryParameterValue"]), ("$filter", condition))

    # REST-25
    def test_each_list_has_its_fields_and_each_field_its_operators(self):
        for path, fields in FIELDS.items():
            for field, (operators, value) in fields.items():
                for operator in (*CMP, "startswith"):
                    condition = f"startswith({field},{value})" if operator == "startswith" else f"{field} {operator} {value}"
                    with self.subTest(path=path, condition=condition):
                        if operator in operators:
                            self.filtered(path, condition).expect(200)
                        else:
                            self.wrong(path, condition)

    # REST-22
    def test_conditions_are_joined_and_put_in_parentheses(self):
        self.assertEqual(self.tasks("id eq 'ok' or id eq 'exit3' and executionInfo/exitCode eq 0"), ["ok"])
        self.assertEqual(self.tasks("(id eq 'ok' or id eq 'exit3') and executionInfo/exitCode eq 3"), ["exit3"])
        self.assertEqual(self.tasks("startswith(id,'e') or startswith(id,'u')"), ["exit3", "upload"])
        for condition in (
            "not id eq 'ok'", "executionInfo/exitCode add 1 eq 1", "endswith(id,'k')", "substringof('o',id)",
            "id eq", "(id eq 'ok'", "id eq 'ok' xor id eq 'x'", "length(id) eq 2",
        ):
            with self.subTest(condition=condition):
                self.wrong("/jobs/job/tasks", condition)

    # REST-23
    def test_names_have_their_case_and_values_none(self):
        self.assertEqual(self.tasks("state eq 'COMPLETED' and id eq 'OK'"), ["ok"])
        self.assertEqual(self.tasks("startswith(id,'EXIT')"), ["exit3"])
        for condition in ("State eq 'active'", "ID eq 'ok'", "nonsense eq 'ok'", "commandLine eq '/bin/true'"):
            with self.subTest(condition=condition):
                self.wrong("/jobs/job/tasks", condition)

    # REST-24
    def test_literals_have_their_own_forms(self):
        for condition, found in (
            ("creationTime gt DateTime'2020-01-01T00:00:00Z'", True),
            ("creationTime lt DateTime'2020-01-01T00:00:00Z'", False),
            ("creationTime gt DateTime'Wed, 01 Jan 2020 00:00:00 GMT'", True),
            ("executionInfo/exitCode ge -1", True),
            ("executionInfo/startTime gt DateTime'2020-01-01T01:00:00+01:00'", True),
        ):
            with self.subTest(condition=condition):
                self.assertEqual(bool(self.tasks(condition)), found)
        self.assertIn("pool", self.ids("/pools", **{"$filter": "enableAutoScale eq false"}))
        self.assertEqual(self.ids("/pools", **{"$filter": "enableAutoScale eq true"}), [])
        for condition in ("id eq ok", "id eq \"ok\"", "executionInfo/exitCode eq '0'", "executionInfo/exitCode eq 0.5",
                          "creationTime gt DateTime'yesterday'", "creationTime gt 5"):
            with self.subTest(condition=condition):
                self.wrong("/jobs/job/tasks", condition)

    # REST-26, CNT-2
    def test_a_failed_upload_is_a_failure_with_exit_code_zero(self):
        self.assertEqual(self.tasks("executionInfo/result eq 'failure'"), ["exit3", "upload"])
        self.assertEqual(self.tasks("executionInfo/exitCode ne 0"), ["exit3"])
        self.wrong("/jobs/job/tasks", "executionInfo/failureInfo/code eq 'FailureExitCode'")
        self.assertEqual(self.batch.task("job", "upload")["executionInfo"]["exitCode"], 0)
        counts = self.batch.get("/jobs/job/taskcounts").json["taskCounts"]
        self.assertEqual((counts["completed"], counts["succeeded"], counts["failed"]), (3, 1, 2))

    # REST-27
    def test_states_of_nodes_are_joined_by_or(self):
        path = "/pools/pool/nodes"
        self.assertEqual(self.ids(path, **{"$filter": "state eq 'starttaskfailed' or state eq 'unusable'"}), [])
        found = self.ids(path, **{"$filter": "state eq 'starttaskfailed' or state eq 'idle' or state eq 'running'"})
        self.assertEqual(found, [self.only_node("pool")])

    # REST-28
    def test_members_are_selected_and_statistics_expanded(self):
        (task,) = self.batch.get("/jobs/job/tasks", **{"$filter": "id eq 'ok'", "$select": "id,executionInfo/exitCode"}).json["value"]
        self.assertEqual(task, {"id": "ok", "executionInfo": {"exitCode": 0}})
        for path in ("/pools/pool", "/jobs/job", "/jobschedules/plan", "/jobs/job/tasks/ok"):
            with self.subTest(path=path):
                self.assertNotIn("stats", self.batch.get(path).expect(200).json)
                self.assertIn("startTime", self.batch.get(path, **{"$expand": "stats"}).expect(200).json["stats"])
                self.refusal(self.batch.get(path, **{"$expand": "tasks"}), "InvalidQueryParameterValue")
        self.refusal(self.batch.get("/jobs", **{"$select": "id,nonsense"}), "InvalidQueryParameterValue")

    # REST-29, REST-30
    def test_lists_come_in_pages_in_the_order_of_ids(self):
        for number in reversed(range(12)):
            self.batch.post("/pools", pool_body(f"Page{number:02}")).expect(201)
        for path, name, size, condition in (("/pools", "id", 5, "startswith(id,'page')"), ("/nodecounts", "poolId", 10, "")):
            with self.subTest(path=path):
                query = {"$filter": condition} if condition else {}
                query.update({"maxresults": "5"} if size == 5 else {})
                found, pages = [], []
                while query is not None:
                    page = self.batch.call("GET", path, query=query).expect(200).json
                    pages.append(len(page["value"]))
                    found += [item[name] for item in page["value"]]
                    link = page.get("odata.nextLink")
                    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(link).query)) if link else None
                    self.assertTrue(query is None or "$skiptoken" in query)
                self.assertEqual(pages[0], size)
                self.assertEqual([pool for pool in found if pool != "pool"], [f"Page{number:02}" for number in range(12)])
        for size in ("0", "1001", "x"):
            self.refusal(self.batch.get("/pools", maxresults=size), "InvalidQueryParameterValue")


if __name__ == "__main__":
    unittest.main()

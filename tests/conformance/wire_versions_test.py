"""Every api-version of Batch is answered in its own shape, seen on the raw wire."""

import unittest
import urllib.parse

from emulator import Emulator
from wire import Batch, pool_body

VERSIONS = [
    "2017-09-01.6.0", "2018-03-01.6.1", "2018-08-01.7.0",
    "2018-12-01.8.0", "2019-06-01.9.0", "2019-08-01.10.0", "2020-03-01.11.0", "2020-09-01.12.0", "2021-06-01.14.0",
    "2022-01-01.15.0", "2022-10-01.16.0", "2023-05-01.17.0", "2023-11-01.18.0", "2024-02-01.19.0", "2024-07-01.20.0",
    "2025-06-01",
]
SLOTS = "2020-09-01.12.0"  # since then nodes have task slots instead of a greatest number of tasks


class WireVersions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator()

    @classmethod
    def tearDownClass(cls):
        cls.emulator.stop()

    def for_each_version(self, check):
        for version in VERSIONS:
            with self.subTest(version=version):
                check(version, Batch(self.emulator.batch, version=version), version.split(".")[0])

    def test_a_pool_has_the_members_of_its_version(self):
        def check(version, batch, name):
            word = "taskSlotsPerNode" if version >= SLOTS else "maxTasksPerNode"
            other = "maxTasksPerNode" if version >= SLOTS else "taskSlotsPerNode"
            batch.post("/pools", pool_body(name, **{word: 3})).expect(201)
            pool = batch.get(f"/pools/{name}").expect(200).json
            self.assertEqual(pool[word], 3)
            self.assertNotIn(other, pool)
            self.assertEqual(pool["vmSize"], "standard_a1_v2")
            self.assertEqual(pool["state"], "active")
            self.assertEqual(pool["url"], f"{self.emulator.batch}/pools/{name}")

        self.for_each_version(check)

    def test_a_pool_made_in_one_version_is_read_in_another(self):
        Batch(self.emulator.batch, version="2018-12-01.8.0").post("/pools", pool_body("old", maxTasksPerNode=2)).expect(201)
        newest = Batch(self.emulator.batch, version="2024-07-01.20.0").get("/pools/old").json
        self.assertEqual(newest["taskSlotsPerNode"], 2)

    def test_a_word_of_a_later_version_is_refused(self):
        answer = Batch(self.emulator.batch, version="2019-08-01.10.0").post("/pools", pool_body("p", taskSlotsPerNode=2))
        answer.expect(400)

    def test_task_counts_are_flat_before_slots(self):
        def check(version, batch, name):
            batch.post("/pools", pool_body(f"c-{name}")).expect(201)
            batch.add_job(f"c-{name}", f"c-{name}")
            batch.add_task(f"c-{name}", "t", "/bin/true")
            counts = batch.get(f"/jobs/c-{name}/taskcounts").expect(200).json
            if version >= SLOTS:
                self.assertEqual(counts["taskCounts"]["active"], 1)
                self.assertEqual(counts["taskSlotCounts"]["active"], 1)
            else:
                self.assertEqual(counts["active"], 1)
                self.assertNotIn("taskCounts", counts)

        self.for_each_version(check)

    def test_tasks_have_slots_since_nodes_have(self):
        def check(version, batch, name):
            batch.post("/pools", pool_body(f"t-{name}")).expect(201)
            batch.add_job(f"t-{name}", f"t-{name}")
            batch.add_task(f"t-{name}", "t", "/bin/true")
            self.assertEqual("requiredSlots" in batch.task(f"t-{name}", "t"), version >= SLOTS)

        self.for_each_version(check)

    def test_an_unknown_newer_version_is_served_as_the_newest(self):
        answer = Batch(self.emulator.batch, version="2031-01-01.99.0").get("/pools").expect(200)
        self.assertIn("value", answer.json)
        self.assertIn("2031-01-01", self.emulator.output())

    # REST-6
    def test_an_absent_or_malformed_version_is_refused(self):
        batch = Batch(self.emulator.batch)
        malformed = batch.call("GET", "/pools", version="yesterday")
        self.assertEqual(malformed.status, 400)

    # REST-11, REST-12
    def test_answers_carry_the_headers_of_the_service(self):
        batch = Batch(self.emulator.batch)
        created = batch.post("/pools", pool_body("headers")).expect(201)
        self.assertEqual(created.body, b"")
        self.assertEqual(created.headers["dataserviceversion"], "3.0")
        self.assertRegex(created.headers["request-id"], r"^[0-9a-f-]{36}$")
        self.assertRegex(created.headers["etag"].strip('"'), r"^0x[0-9A-F]+$")
        self.assertEqual(created.headers["location"], f"{self.emulator.batch}/pools/headers")
        self.assertEqual(created.headers["dataserviceid"], f"{self.emulator.batch}/pools/headers")
        got = batch.get("/pools/headers").expect(200)
        self.assertTrue(got.headers["content-type"].startswith("application/json"))
        self.assertEqual(got.json["eTag"], created.headers["etag"])
        echoed = batch.call("GET", "/pools/headers", headers={"client-request-id": "me", "return-client-request-id": "true"})
        self.assertEqual(echoed.headers["client-request-id"], "me")

    def test_errors_have_the_body_of_the_service(self):
        answer = Batch(self.emulator.batch).get("/pools/nowhere").expect(404)
        self.assertEqual(answer.reason, "The specified pool does not exist.")
        body = answer.json
        self.assertEqual(body["code"], "PoolNotFound")
        self.assertEqual(body["message"]["lang"], "en-US")
        self.assertRegex(
            body["message"]["value"],
            r"^The specified pool does not exist\.\nRequestId:[0-9a-f-]{36}\nTime:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$")
        self.assertIn(answer.headers["request-id"], body["message"]["value"])

    def test_addresses_follow_the_host_that_was_asked(self):
        batch = Batch(self.emulator.batch)
        host = f"localhost:{batch.address.port}"
        batch.post("/pools", pool_body("hosts")).expect(201)
        pool = batch.call("GET", "/pools/hosts", headers={"Host": host}).expect(200).json
        self.assertEqual(pool["url"], f"http://{host}/pools/hosts")

    def test_signatures_are_checked(self):
        wrong = Batch(self.emulator.batch, key="d3Jvbmc=").get("/pools").expect(403)
        self.assertEqual(wrong.json["code"], "AuthenticationFailed")
        stranger = Batch(self.emulator.batch, account="stranger").get("/pools")
        self.assertEqual(stranger.status, 403)
        unsigned = Batch(self.emulator.batch)
        self.assertEqual(unsigned.send("GET", "/pools?api-version=2024-07-01.20.0", {}, None).status, 400)

    # REST-29
    def test_long_lists_come_in_pages_whose_links_work_as_they_are(self):
        batch = Batch(self.emulator.batch)
        batch.post("/pools", pool_body("pages")).expect(201)
        batch.add_job("pages", "pages")
        for first in range(0, 250, 100):
            tasks = [{"id": f"t{i:04}", "commandLine": "/bin/true"} for i in range(first, min(first + 100, 250))]
            batch.post("/jobs/pages/addtaskcollection", {"value": tasks}).expect(200)
        seen = []
        query = {"maxresults": "100", "$select": "id"}
        while query:
            page = batch.call("GET", "/jobs/pages/tasks", query=query).expect(200).json
            seen += [task["id"] for task in page["value"]]
            self.assertEqual(set(page["value"][0]), {"id"})
            link = urllib.parse.urlsplit(page.get("odata.nextLink", ""))
            if link.path:
                self.assertEqual((link.netloc, link.path), (batch.address.netloc, "/jobs/pages/tasks"))
            query = dict(urllib.parse.parse_qsl(link.query))
        self.assertEqual(seen, [f"t{i:04}" for i in range(250)])

    def test_too_many_or_too_large_collections_are_refused(self):
        batch = Batch(self.emulator.batch)
        batch.post("/pools", pool_body("big")).expect(201)
        batch.add_job("big", "big")
        many = [{"id": f"t{i}", "commandLine": "/bin/true"} for i in range(101)]
        self.assertEqual(batch.post("/jobs/big/addtaskcollection", {"value": many}).status, 400)
        huge = [{"id": "t", "commandLine": "/bin/true " + "x" * 1_100_000}]
        answer = batch.post("/jobs/big/addtaskcollection", {"value": huge})
        self.assertEqual((answer.status, answer.json["code"]), (413, "RequestBodyTooLarge"))

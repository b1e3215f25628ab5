"""Pools that are made for a job and go with it."""

import unittest

from emulator import Emulator, wait_until
from wire import Batch, pool_body


class AutoPools(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator()
        cls.addClassCleanup(cls.emulator.end)
        cls.batch = Batch(cls.emulator.batch)

    def add_job(self, job, pool=None, **members):
        specification = pool_body("unused", 1)
        del specification["id"]
        specification.update(pool or {})
        specification = {name: value for name, value in specification.items() if value is not None}
        auto_pool = {"poolLifetimeOption": "job", "pool": specification, **members}
        return self.batch.post("/jobs", {"id": job, "poolInfo": {"autoPoolSpecification": auto_pool}})

    def job(self, job):
        return self.batch.get(f"/jobs/{job}").expect(200).json

    # AUTO-2, AUTO-3, AUTO-5
    def test_a_pool_comes_and_goes_with_its_job(self):
        self.add_job("j", autoPoolIdPrefix="mine").expect(201)
        job = self.job("j")
        pool = job["executionInfo"]["poolId"]
        self.assertRegex(pool, r"^mine[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$")
        self.assertNotIn("poolId", job["poolInfo"])
        self.assertEqual(job["poolInfo"]["autoPoolSpecification"]["pool"]["targetDedicatedNodes"], 1)
        self.assertIs(job["poolInfo"]["autoPoolSpecification"]["keepAlive"], False)
        self.batch.add_task("j", "t", "/bin/true")
        self.assertEqual(self.batch.wait_for_task("j", "t")["nodeInfo"]["poolId"], pool)
        self.batch.post("/jobs/j/terminate").expect(202)
        wait_until(lambda: self.batch.get(f"/pools/{pool}").status == 404, 20, "the end of the pool")
        self.assertEqual(self.job("j")["state"], "completed")

    # AUTO-3
    def test_a_pool_may_be_kept(self):
        self.add_job("kept", keepAlive=True).expect(201)
        pool = self.job("kept")["executionInfo"]["poolId"]
        self.batch.call("DELETE", "/jobs/kept").expect(202)
        wait_until(lambda: self.batch.get("/jobs/kept").status == 404, 20, "the end of the job")
        self.assertEqual(self.batch.get(f"/pools/{pool}").expect(200).json["state"], "active")

    # AUTO-4, JOB-39
    def test_a_pool_that_cannot_be_made_ends_the_job(self):
        self.add_job("broken", pool={"taskSlotsPerNode": 999}).expect(201)
        job = self.job("broken")
        self.assertEqual(job["state"], "completed")
        error = job["executionInfo"]["schedulingError"]
        self.assertEqual((error["category"], error["code"]), ("UserError", "InvalidAutoPoolSettings"))
        self.assertEqual(self.batch.post("/jobs/broken/tasks", {"id": "t", "commandLine": "a"}).expect(409).json["code"], "JobCompleted")

    # AUTO-4
    def test_the_error_names_what_the_pool_refers_to_or_scales_by(self):
        no_targets = {"targetDedicatedNodes": None, "targetLowPriorityNodes": None}
        faults = {
            "InvalidAutoScaleFormulaInAutoPool": {
                "enableAutoScale": True, "autoScaleFormula": "$TargetDedicatedNodes = ;", **no_targets},
            "InvalidCertificatesInAutoPool": {
                "certificateReferences": [{"thumbprint": "0" * 40, "thumbprintAlgorithm": "sha1"}]},
            "InvalidApplicationPackageReferencesInAutoPool": {
                "applicationPackageReferences": [{"applicationId": "nothing"}]},
        }
        for code, members in faults.items():
            with self.subTest(code):
                self.add_job(code, pool=members).expect(201)
                job = self.job(code)
                self.assertEqual(job["state"], "completed")
                error = job["executionInfo"]["schedulingError"]
                self.assertEqual((error["category"], error["code"]), ("UserError", code))
                self.assertNotIn("poolId", job["executionInfo"])

    def change_auto_pool(self, job, **members):
        change = {"poolInfo": {"autoPoolSpecification": {"poolLifetimeOption": "job", **members}}}
        return self.batch.call("PATCH", f"/jobs/{job}", change)

    # AUTO-6
    def test_keep_alive_changes_later(self):
        self.add_job("stays").expect(201)
        self.add_job("goes", keepAlive=True).expect(201)
        stays, goes = (self.job(job)["executionInfo"]["poolId"] for job in ("stays", "goes"))
        self.change_auto_pool("stays", keepAlive=True).expect(200)
        self.change_auto_pool("goes", keepAlive=False).expect(200)
        self.assertIs(self.job("stays")["poolInfo"]["autoPoolSpecification"]["keepAlive"], True)
        for job in ("stays", "goes"):
            self.batch.post(f"/jobs/{job}/terminate").expect(202)
        wait_until(lambda: self.batch.get(f"/pools/{goes}").status == 404, 20, "the end of the pool")
        wait_until(lambda: self.job("stays")["state"] == "completed", 20, "the end of the job")
        self.assertEqual(self.batch.get(f"/pools/{stays}").expect(200).json["state"], "active")

    # AUTO-6
    def test_nothing_else_of_an_auto_pool_changes(self):
        self.add_job("fixed", autoPoolIdPrefix="mine").expect(201)
        for members in ({"poolLifetimeOption": "jobschedule"}, {"autoPoolIdPrefix": "other"}):
            refusal = self.change_auto_pool("fixed", **members).expect(400).json
            self.assertEqual(refusal["code"], "InvalidPropertyValue")
            self.assertEqual([entry["value"] for entry in refusal["values"] if entry["key"] == "PropertyName"], list(members))
        self.change_auto_pool("fixed", autoPoolIdPrefix="mine").expect(200)

    # AUTO-6
    def test_what_is_shown_of_a_job_can_be_sent_again(self):
        self.add_job("again", pool={"metadata": [{"name": "a", "value": "b"}]}, autoPoolIdPrefix="mine").expect(201)
        shown = self.job("again")["poolInfo"]
        for method in ("PATCH", "PUT"):
            self.batch.call(method, "/jobs/again", {"priority": 7, "poolInfo": shown}).expect(200)
        self.assertEqual((self.job("again")["priority"], self.job("again")["poolInfo"]), (7, shown))
        shown["autoPoolSpecification"]["pool"]["targetDedicatedNodes"] = 5
        refusal = self.batch.call("PATCH", "/jobs/again", {"poolInfo": shown}).expect(400).json
        self.assertEqual(refusal["code"], "InvalidPropertyValue")

    # AUTO-4, QUO-1
    def test_the_quota_of_pools_holds(self):
        emulator = Emulator("--batch-pool-quota", "0")
        self.addCleanup(emulator.end)
        self.batch = Batch(emulator.batch)
        self.add_job("quota").expect(201)
        error = self.job("quota")["executionInfo"]["schedulingError"]
        self.assertEqual(error["code"], "AutoPoolCreationFailedWithQuotaReached")

    # AUTO-1, AUTO-3
    def test_what_cannot_be_is_refused(self):
        self.assertEqual(self.add_job("s", poolLifetimeOption="jobschedule").expect(400).json["code"], "InvalidPropertyValue")
        both = {"poolId": "p", "autoPoolSpecification": {"poolLifetimeOption": "job"}}
        self.assertEqual(self.batch.post("/jobs", {"id": "b", "poolInfo": both}).expect(400).json["code"], "InvalidPropertyValue")
        self.assertEqual(self.add_job("p", autoPoolIdPrefix="x" * 21).expect(400).json["code"], "InvalidPropertyValue")
        self.assertEqual(self.batch.post("/jobs", {"id": "n", "poolInfo": {}}).expect(400).json["code"], "MissingRequiredProperty")


if __name__ == "__main__":
    unittest.main()

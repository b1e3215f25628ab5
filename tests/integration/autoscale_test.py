"""Pools that find their size by a formula."""

import http.client
import json
import unittest

from emulator import Emulator, gated, wait_until
from wire import Batch, pool_body


class AutoScale(unittest.TestCase):
    def setUp(self):
        self.emulator = Emulator()
        self.addCleanup(self.emulator.end)
        self.batch = Batch(self.emulator.batch)

    def advance(self, duration):
        address = self.batch.address
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
        connection.request("PUT", "/_bluebatch/clock", json.dumps({"advance": duration}))
        self.assertEqual(connection.getresponse().status, 200)
        connection.close()

    def add_pool(self, pool, formula, **members):
        body = pool_body(pool, enableAutoScale=True, autoScaleFormula=formula, **members)
        for name in ("targetDedicatedNodes", "targetLowPriorityNodes"):
            del body[name]
        return self.batch.post("/pools", body)

    def pool(self, pool):
        return self.batch.get(f"/pools/{pool}").expect(200).json

    def has_nodes(self, pool, dedicated, low_priority=0):
        def settled():
            found = self.pool(pool)
            numbers = found["currentDedicatedNodes"], found["currentLowPriorityNodes"]
            return numbers == (dedicated, low_priority) and found["allocationState"] == "steady" and found
        return wait_until(settled, 20, f"{dedicated} and {low_priority} nodes")

    def test_no_formula_makes_more_nodes_than_a_request_may_ask_for(self):
        self.add_pool("endless", "$TargetDedicatedNodes = 1e18;").expect(201)
        found = wait_until(lambda: (p := self.pool("endless")).get("resizeErrors") and p, 60, "the end of the resize")
        self.assertEqual((found["currentDedicatedNodes"], found["allocationState"]), (100_000, "steady"))
        self.assertEqual([error["code"] for error in found["resizeErrors"]], ["AccountCoreQuotaReached"])

    def code(self, answer, status):
        return answer.expect(status).json["code"]

    # AS-1, AS-4, AS-50
    def test_a_formula_gives_the_pool_its_size_at_once(self):
        self.add_pool("p", "$TargetDedicatedNodes = 2; $TargetLowPriorityNodes = 1; x = 3;").expect(201)
        pool = self.has_nodes("p", 2, 1)
        self.assertIs(pool["enableAutoScale"], True)
        self.assertEqual(pool["autoScaleEvaluationInterval"], "PT15M")
        self.assertEqual(
            pool["autoScaleRun"]["results"],
            "$TargetDedicatedNodes=2;$TargetLowPriorityNodes=1;$NodeDeallocationOption=requeue;x=3",
        )
        self.assertNotIn("error", pool["autoScaleRun"])

    # AS-37, AS-39, AS-41: it grows with its tasks and shrinks without them
    def test_a_pool_follows_its_tasks(self):
        formula = """
            have = $PendingTasks.GetSamplePercent(TimeInterval_Minute * 5);
            want = have < 50 ? 1 : max($PendingTasks.GetSample(TimeInterval_Minute * 2));
            $TargetDedicatedNodes = min(3, want);
            $NodeDeallocationOption = taskcompletion;
        """
        self.add_pool("p", formula, autoScaleEvaluationInterval="PT5M").expect(201)
        self.has_nodes("p", 1)
        self.batch.add_job("j", "p")
        gate = self.emulator.folder / "gate"
        for number in range(5):
            self.batch.add_task("j", f"t{number}", f"/bin/sh -c '{gated(gate)}'")
        self.advance("PT6M")
        pool = self.has_nodes("p", 3)
        self.assertIn("want=5", pool["autoScaleRun"]["results"])
        gate.touch()
        for number in range(5):
            self.batch.wait_for_task("j", f"t{number}")
        self.advance("PT5M")
        self.advance("PT5M")
        self.has_nodes("p", 0)

    # AS-7, AS-11b, AS-45, AS-54, AS-55
    def test_a_formula_without_data_leaves_the_size_and_says_why(self):
        self.add_pool("p", "$TargetDedicatedNodes = 1;").expect(201)
        self.has_nodes("p", 1)
        answer = self.batch.post("/pools/p/evaluateautoscale", {"autoScaleFormula": "$TargetDedicatedNodes = avg($ActiveTasks.GetSample(TimeInterval_Minute * 10, 60));"})
        run = answer.expect(200).json
        self.assertTrue(run["odata.metadata"].endswith("$metadata#Microsoft.Azure.Batch.Protocol.Entities.AutoScaleRun"))
        self.assertEqual(run["error"]["code"], "InsufficientSampleData")
        self.assertIn("$ActiveTasks wanted 60%, received 0%", run["error"]["values"][0]["value"])
        self.assertEqual(self.pool("p")["targetDedicatedNodes"], 1)

    # AS-5, AS-6, POOL-10, POOL-13, REST-37
    def test_it_is_switched_on_changed_and_switched_off(self):
        self.batch.add_pool("p", dedicated=1)
        formula = {"autoScaleFormula": "$TargetDedicatedNodes = 2;"}
        self.assertEqual(self.code(self.batch.post("/pools/p/evaluateautoscale", formula), 409), "OperationNotValidOnPool")
        self.assertEqual(self.code(self.batch.post("/pools/p/enableautoscale", {"autoScaleEvaluationInterval": "PT10M"}), 400), "MissingRequiredProperty")
        tag = self.batch.get("/pools/p").headers["etag"]
        answer = self.batch.post("/pools/p/enableautoscale", formula).expect(200)
        self.assertNotEqual(answer.headers["etag"], tag)
        self.has_nodes("p", 2)
        self.assertEqual(self.code(self.batch.post("/pools/p/enableautoscale", {"autoScaleEvaluationInterval": "PT10M"}), 503), "TooManyEnableAutoScaleRequests")
        self.advance("PT31S")
        self.batch.post("/pools/p/enableautoscale", {"autoScaleEvaluationInterval": "PT10M"}).expect(200)
        self.assertEqual(self.pool("p")["autoScaleFormula"], formula["autoScaleFormula"])
        self.assertEqual(self.pool("p")["autoScaleEvaluationInterval"], "PT10M")
        self.assertEqual(self.code(self.batch.post("/pools/p/resize", {"targetDedicatedNodes": 5}), 409), "OperationNotValidOnPool")
        node = self.batch.get("/pools/p/nodes").json["value"][0]["id"]
        self.batch.post("/pools/p/removenodes", {"nodeList": [node]}).expect(409)
        self.batch.post("/pools/p/disableautoscale").expect(200)
        pool = self.pool("p")
        self.assertIs(pool["enableAutoScale"], False)
        self.assertNotIn("autoScaleFormula", pool)
        self.assertNotIn("autoScaleRun", pool)
        self.has_nodes("p", 2)
        self.batch.post("/pools/p/resize", {"targetDedicatedNodes": 1}).expect(202)
        self.has_nodes("p", 1)

    # AS-2, AS-3, AS-12, POOL-6
    def test_what_cannot_be_is_refused(self):
        self.assertEqual(self.code(self.add_pool("p", "$TargetDedicatedNodes = ;"), 400), "AutoScalingFormulaSyntaxError")
        self.assertEqual(self.code(self.add_pool("p", "x=1;" * 3000), 400), "AutoScalingFormulaTooLong")
        for interval in ("PT4M59S", "PT169H"):
            self.assertEqual(self.code(self.add_pool("p", "x=1", autoScaleEvaluationInterval=interval), 400), "InvalidPropertyValue")
        self.assertEqual(self.code(self.batch.post("/pools", pool_body("p", 1, autoScaleFormula="x=1")), 400), "InvalidPropertyValue")
        self.assertEqual(self.code(self.batch.post("/pools", pool_body("p", 1, enableAutoScale=True, autoScaleFormula="x=1")), 400), "InvalidPropertyValue")

    def test_it_goes_on_after_a_restart(self):
        location = self.emulator.folder / "state"
        with Emulator(location=location) as first:
            self.batch = Batch(first.batch)
            self.add_pool("p", "$TargetDedicatedNodes = 1;").expect(201)
            self.has_nodes("p", 1)
        with Emulator(location=location) as second:
            self.batch = Batch(second.batch)
            before = self.pool("p")["autoScaleRun"]["timestamp"]
            self.advance("PT16M")
            wait_until(lambda: self.pool("p")["autoScaleRun"]["timestamp"] > before, 20, "another evaluation")
            self.batch.close()


if __name__ == "__main__":
    unittest.main()

"""Quotas of Batch accounts, given by flags."""

import unittest

from emulator import Emulator
from wire import Batch, pool_body


class Quotas(unittest.TestCase):
    def test_pools_and_active_jobs_end_at_their_quota(self):
        with Emulator("--batch-pool-quota", "1", "--batch-job-quota", "1") as emulator:
            batch = Batch(emulator.batch)
            batch.add_pool("first")
            refused = batch.post("/pools", pool_body("second")).expect(409)
            self.assertEqual(refused.json["code"], "PoolQuotaReached")

            batch.add_job("first", "first")
            body = {"id": "second", "poolInfo": {"poolId": "first"}}
            refused = batch.post("/jobs", body).expect(409)
            self.assertEqual(refused.json["code"], "ActiveJobAndScheduleQuotaReached")

    # SPOT-9, POOL-19
    def test_spot_nodes_end_at_a_quota_of_their_own(self):
        with Emulator("--batch-dedicated-core-quota", "1", "--batch-low-priority-core-quota", "2") as emulator:
            batch = Batch(emulator.batch)
            batch.add_pool("spot", dedicated=1, low_priority=3)
            pool = batch.get("/pools/spot").expect(200).json
            self.assertEqual([error["code"] for error in pool["resizeErrors"]], ["AccountLowPriorityCoreQuotaReached"])
            self.assertEqual((pool["currentDedicatedNodes"], pool["currentLowPriorityNodes"]), (1, 2))
            self.assertEqual(pool["targetLowPriorityNodes"], 3)


if __name__ == "__main__":
    unittest.main()

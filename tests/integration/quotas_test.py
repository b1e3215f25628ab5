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


if __name__ == "__main__":
    unittest.main()

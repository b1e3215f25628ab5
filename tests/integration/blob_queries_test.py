"""Queries that take long: everybody else is served meanwhile, and none outlives its client."""

import http.client
import pathlib
import socket
import time
import unittest

from emulator import Emulator, wait_until
from wire import Blob

WAITING = 6  # more than there are threads that serve
# Each record is compared some thousand times.
QUERY = "SELECT _1 FROM BlobStorage WHERE " + " AND ".join(["_1 = '1'"] * 10_000)
BODY = f'<?xml version="1.0"?><QueryRequest><QueryType>SQL</QueryType><Expression>{QUERY}</Expression></QueryRequest>'


class Queries(unittest.TestCase):
    def setUp(self):
        self.emulator = Emulator()
        self.addCleanup(self.emulator.end)
        self.blob = Blob(self.emulator.blob)
        self.blob.create_container("box")
        self.blob.put("box/rows", b"1,2\n" * 500_000).expect(201)

    def begin_query(self):
        connection = self.blob.connect()
        target = "/" + self.blob.url("box/rows", self.blob.container_sas("box")).split("/", 3)[3]
        connection.request("POST", f"{target}&comp=query", body=BODY, headers={"x-ms-version": "2021-12-02"})
        self.addCleanup(connection.close)
        return connection

    def processor_seconds(self):
        fields = pathlib.Path(f"/proc/{self.emulator.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / 100

    def test_others_are_served_and_nothing_goes_on_for_nobody(self):
        queries = [self.begin_query() for _ in range(WAITING)]
        wait_until(lambda: self.processor_seconds() > 2, 60, "the queries to be under way")

        other = Blob(self.emulator.blob, timeout=20)
        other.put("box/small", b"small").expect(201)
        self.assertEqual(other.get("box/small").expect(200).body, b"small")
        health = http.client.HTTPConnection(other.address.hostname, int(self.emulator.batch.rsplit(":", 1)[1]), timeout=20)
        health.request("GET", "/_bluebatch/health")
        self.assertEqual(health.getresponse().status, 200)
        health.close()

        for query in queries:
            query.close()
        seen = []

        def has_rested_for_a_second():
            now, used = time.monotonic(), self.processor_seconds()
            seen.append((now, used))
            earlier = [then for moment, then in seen if moment < now - 1]
            return earlier and used - earlier[-1] < 0.2

        wait_until(has_rested_for_a_second, 30, "the queries to end")

    def test_half_an_answer_is_never_taken_for_the_whole(self):
        connection = self.begin_query()
        connection.sock.shutdown(socket.SHUT_WR)
        response = connection.getresponse()
        self.assertEqual((response.status, response.getheader("x-ms-error-code")), (500, "OperationTimedOut"))


if __name__ == "__main__":
    unittest.main()

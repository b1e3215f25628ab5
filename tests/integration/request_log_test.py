"""What the log tells of requests, and what it must not tell."""

import json
import socket
import unittest

from emulator import BATCH_KEY, BLOB_KEY, Emulator, wait_until
from wire import Batch, Blob


class RequestLogTest(unittest.TestCase):
    def start(self, *arguments):
        emulator = Emulator("--log-level", "info", *arguments)
        self.addCleanup(emulator.stop)
        return emulator

    def line_of(self, emulator, start):
        """The answer may be here before its line is."""
        def find():
            return next((line for line in emulator.log.read_text().splitlines() if start in line), None)
        return wait_until(find, what=f"a line with {start!r}")

    def test_one_line_for_each_request(self):
        emulator = self.start()
        blob = Blob(emulator.blob)
        blob.create_container("box")
        blob.get("box/missing").expect(404)
        self.assertRegex(
            self.line_of(emulator, "PUT /devstoreaccount1/box"),
            r"PUT /devstoreaccount1/box\?restype=container 201 \(\d+\.\d ms\)$")
        self.assertRegex(
            self.line_of(emulator, "GET /devstoreaccount1/box/missing"),
            r"/box/missing 404 The specified blob does not exist\. \(\d+\.\d ms\)$")

    def test_refusals_of_batch_say_why(self):
        emulator = self.start()
        Batch(emulator.batch).get("/pools/none").expect(404)
        line = self.line_of(emulator, "GET /pools/none")
        self.assertRegex(line, r"\?api-version=\S+ 404 The specified pool does not exist\. ")

    def test_signatures_and_keys_are_not_told(self):
        emulator = self.start()
        blob = Blob(emulator.blob)
        blob.create_container("box")
        sas = blob.container_sas("box")
        target = f"{blob.address.path}/box/missing?{sas}&comp=metadata"
        blob.send("GET", target, {"x-ms-version": "2021-12-02"}, None).expect(404)
        self.line_of(emulator, "/box/missing?comp=metadata 404")
        text = emulator.log.read_text()
        for secret in ("sig=", "SharedKey ", BLOB_KEY, BATCH_KEY):
            self.assertNotIn(secret, text)

    def test_lines_for_machines_are_json_whatever_a_path_holds(self):
        emulator = self.start("--log-format", "json")
        address = Blob(emulator.blob).address
        with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
            connection.sendall(b"GET /box/caf\xe9\"x HTTP/1.1\r\nHost: x\r\n\r\n")
            connection.recv(100)
        self.line_of(emulator, "caf")
        lines = [json.loads(line) for line in emulator.log.read_bytes().splitlines() if line.startswith(b"{")]
        self.assertTrue(any("caf\ufffd" in line["message"] for line in lines), lines)
        self.assertTrue(all(line["time"].endswith("Z") for line in lines), lines)

    def test_what_is_no_request_took_no_time(self):
        emulator = self.start()
        address = Blob(emulator.blob).address
        with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
            connection.sendall(b"GET /\x1b[31m HTTP/1.1\r\n\r\n")
            self.assertIn(b" 400 ", connection.recv(100))
        self.assertRegex(self.line_of(emulator, "a connection"), r"a connection 400$")

    def test_lines_of_json(self):
        emulator = self.start("--log-format", "json")
        Blob(emulator.blob).create_container("box")
        line = json.loads(self.line_of(emulator, "PUT /devstoreaccount1/box"))
        self.assertIn("PUT /devstoreaccount1/box?restype=container 201", line["message"])


if __name__ == "__main__":
    unittest.main()

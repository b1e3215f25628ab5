"""HTTPS at the ports of both services: names, certificates, schemes and signatures."""

import hashlib
import os
import socket
import ssl
import time
import unittest
import urllib.parse

import azure_hosts
from emulator import BATCH_ACCOUNT, BLOB_ACCOUNT, Emulator
from wire import Batch, Blob, pool_body, secure

BLOB_HOST = f"{BLOB_ACCOUNT}.blob.core.windows.net"
BATCH_HOST = f"{BATCH_ACCOUNT}.eastus.batch.azure.com"


def port_of(url):
    return urllib.parse.urlsplit(url).port


class Https(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator()
        cls.addClassCleanup(cls.emulator.end)
        cls.authority = cls.emulator.endpoints["ca"]
        cls.blob_port, cls.batch_port = port_of(cls.emulator.blob), port_of(cls.emulator.batch)
        cls.blob = Blob(secure(cls.emulator.blob), authority=cls.authority)
        cls.batch = Batch(secure(cls.emulator.batch), authority=cls.authority)
        cls.plain_blob, cls.plain_batch = Blob(cls.emulator.blob), Batch(cls.emulator.batch)
        for wire in (cls.blob, cls.batch, cls.plain_blob, cls.plain_batch):
            cls.addClassCleanup(wire.close)

    def ask(self, host, port, method, target, body=None, **headers):
        return azure_hosts.ask(host, port, self.authority, method, target, body, **headers)

    def test_each_port_speaks_both(self):
        self.blob.create_container("both")
        self.blob.put("both/secure", b"s").expect(201)
        self.plain_blob.put("both/plain", b"p").expect(201)
        self.assertEqual(self.plain_blob.names("both"), ["plain", "secure"])
        self.assertEqual(self.blob.get("both/plain").body, b"p")
        self.batch.get("/pools").expect(200)
        self.plain_batch.get("/pools").expect(200)

    def test_a_large_blob_goes_there_and_back(self):
        self.blob.create_container("large")
        data = os.urandom(64 << 20)
        put = self.blob.put("large/b", data).expect(201)
        got = self.blob.get("large/b").expect(200)
        self.assertEqual(hashlib.sha256(got.body).digest(), hashlib.sha256(data).digest())
        self.assertEqual(put.headers["content-md5"], got.headers["content-md5"])

    def test_hosts_of_azure_lead_to_their_service_at_either_port(self):
        self.blob.create_container("hosts")
        self.blob.put("hosts/b", b"text").expect(201)
        sas = self.blob.container_sas("hosts", protocol="https")
        for port in (self.blob_port, self.batch_port):
            with self.subTest(port=port):
                for host in (BLOB_HOST, f"{BLOB_ACCOUNT}.blob.localhost"):
                    self.assertEqual(self.ask(host, port, "GET", f"/hosts/b?{sas}").expect(200).body, b"text")
                for host in (BATCH_HOST, f"{BATCH_ACCOUNT}.batch.localhost"):
                    refused = self.ask(host, port, "GET", "/pools?api-version=2024-07-01.20.0").expect(400)
                    self.assertEqual(refused.json["code"], "MissingRequiredHeader")
                    self.assertEqual("strict-transport-security" in refused.headers, host == BATCH_HOST)
                    self.assertIn(f"https://{host}/$metadata", refused.json["odata.metadata"])

    def test_a_whole_request_to_azure_s_batch_host(self):
        class AtAzuresHost(Batch):
            def connect(wire):
                return azure_hosts.HostConnection(BATCH_HOST, self.blob_port, self.authority)

        batch = AtAzuresHost(f"https://{BATCH_HOST}")
        self.addCleanup(batch.close)
        for pool in ("hosted-1", "hosted-2"):
            added = batch.post("/pools", pool_body(pool)).expect(201)
            self.assertEqual(added.headers["dataserviceid"], f"https://{BATCH_HOST}/pools/{pool}")
            self.assertEqual(added.headers["location"], f"https://{BATCH_HOST}/pools/{pool}")
        page = batch.get("/pools", _filter="startswith(id, 'hosted')", maxresults="1").expect(200).json
        self.assertTrue(page["odata.nextLink"].startswith(f"https://{BATCH_HOST}/pools?"), page["odata.nextLink"])
        self.assertEqual(page["value"][0]["url"], f"https://{BATCH_HOST}/pools/hosted-1")

    def test_answers_name_the_scheme_of_their_request(self):
        self.batch.post("/pools", pool_body("schemes")).expect(201)
        for wire, scheme in ((self.batch, "https"), (self.plain_batch, "http")):
            found = wire.get("/pools/schemes").expect(200)
            self.assertEqual(found.json["url"], f"{scheme}://127.0.0.1:{self.batch_port}/pools/schemes")
            # A browser would ask for every port of this machine by HTTPS from then on.
            self.assertNotIn("strict-transport-security", found.headers)
        self.blob.create_container("schemes")
        for wire, scheme in ((self.blob, "https"), (self.plain_blob, "http")):
            found = wire.get("schemes", restype="container", comp="list").expect(200).xml
            self.assertEqual(found.get("ServiceEndpoint"), f"{scheme}://127.0.0.1:{self.blob_port}/{BLOB_ACCOUNT}/")

    def test_a_signature_for_https_opens_nothing_by_http(self):
        self.blob.create_container("signed")
        self.blob.put("signed/b", b"text").expect(201)
        target = f"/{BLOB_ACCOUNT}/signed/b?"
        for protocol, by_http in (("https", 403), ("https,http", 200), ("", 200)):
            with self.subTest(protocol=protocol):
                sas = self.blob.container_sas("signed", protocol=protocol)
                self.blob.send("GET", target + sas, {}, None).expect(200)
                refused = self.plain_blob.send("GET", target + sas, {}, None).expect(by_http)
                if by_http == 403:
                    self.assertEqual(refused.headers["x-ms-error-code"], "AuthorizationProtocolMismatch")

    def test_a_task_s_files_come_from_azure_s_host(self):
        self.blob.create_container("inputs")
        self.blob.put("inputs/in.txt", b"hello").expect(201)
        sas = self.blob.container_sas("inputs", protocol="https")
        self.batch.add_pool("inputs", 1)
        self.batch.add_job("inputs", "inputs")
        self.batch.add_task("inputs", "t", "cat near.txt far.txt", resourceFiles=[
            {"httpUrl": f"https://{BLOB_HOST}/inputs/in.txt?{sas}", "filePath": "far.txt"},
            {"httpUrl": f"{self.blob.url('inputs/in.txt', sas)}", "filePath": "near.txt"},
        ])
        self.assertEqual(self.batch.wait_for_task("inputs", "t")["executionInfo"]["exitCode"], 0)
        self.assertEqual(self.batch.file("inputs", "t", "stdout.txt"), b"hellohello")

    def test_the_resource_manager_has_a_host_of_its_own(self):
        refused = self.ask("management.azure.com", self.batch_port, "GET", "/subscriptions?api-version=2022-12-01").expect(401)
        self.assertEqual(refused.json["error"]["code"], "AuthenticationFailed")
        report = self.plain_batch.send("GET", "/_bluebatch/report", {}, None).expect(200).json
        self.assertEqual(report["failures"]["resources"], 1)

    def test_nobody_is_certified_beyond_these_hosts(self):
        for host in ("example.org", "evil.azure.com", "microsoftonline.com", "www.login.microsoftonline.com"):
            with self.subTest(host=host), self.assertRaisesRegex(ssl.SSLError, "unrecognized.name"):
                self.ask(host, self.batch_port, "GET", "/")

    def test_the_control_interface_answers_to_this_machine_only(self):
        answer = self.batch.send("GET", "/_bluebatch/ca.pem", {}, None).expect(200)
        self.assertEqual(answer.headers["content-type"], "application/x-pem-file")
        with open(self.authority, "rb") as file:
            self.assertEqual(answer.body, file.read())
        own_page = {"Origin": f"https://127.0.0.1:{self.batch_port}"}
        self.batch.send("GET", "/_bluebatch/health", own_page, None).expect(200)
        self.batch.send("GET", "/_bluebatch/health", {"Origin": "https://example.org"}, None).expect(403)
        self.ask(BATCH_HOST, self.batch_port, "GET", "/_bluebatch/health").expect(403)
        self.ask("localhost", self.batch_port, "GET", "/_bluebatch/health").expect(200)

    def test_sessions_go_on_with_a_ticket(self):
        context = ssl.create_default_context(cafile=self.authority)

        def visit(session):
            plain = socket.create_connection(("127.0.0.1", self.batch_port), 20)
            with context.wrap_socket(plain, server_hostname="localhost", session=session) as connection:
                connection.sendall(b"GET /_bluebatch/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                received = b""
                while piece := connection.recv(4096):
                    received += piece
                self.assertIn(b" 200 ", received)
                return connection.session, connection.session_reused

        session, _ = visit(None)
        self.assertTrue(visit(session)[1])

    def test_the_end_does_not_wait_for_a_handshake(self):
        with Emulator() as emulator:
            with socket.create_connection(("127.0.0.1", port_of(emulator.blob))) as halfway:
                halfway.sendall(b"\x16\x03\x01")
                Batch(emulator.batch).get("/pools").expect(200)
                began = time.monotonic()
                emulator.process.terminate()
                self.assertEqual(emulator.process.wait(10), 0)
                self.assertLess(time.monotonic() - began, 4)


if __name__ == "__main__":
    unittest.main()

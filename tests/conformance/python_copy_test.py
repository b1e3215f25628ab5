"""Copies and writes from URLs through the official Python SDK, of our own blobs and of a server of its own."""

import datetime
import hashlib
import http.server
import threading
import time
import unittest

from emulator import BLOB_ACCOUNT, BLOB_KEY, Emulator

try:
    from azure.core import exceptions
    from azure.storage import blob as storage
except ImportError as missing:
    raise unittest.SkipTest(f"the Python SDK is not installed (apt-get install python3-azure): {missing}")

FILE = bytes(range(256)) * 4096


class Elsewhere(http.server.BaseHTTPRequestHandler):
    """/file, whole or a range; /slow, which comes only once it is let go; everything else is not there."""

    let_go = threading.Event()

    def do_HEAD(self):
        self.answer(with_body=False)

    def do_GET(self):
        self.answer(with_body=True)

    def answer(self, with_body):
        path = self.path.partition("?")[0]
        if path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/file")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if path not in ("/file", "/slow"):
            self.send_error(404)
            return
        body, status = FILE, 200
        asked = self.headers.get("Range", "")
        if asked:
            first, last = asked.removeprefix("bytes=").split("-")
            body, status = FILE[int(first):int(last) + 1], 206
        self.send_response(status)
        self.send_header("Content-Type", "application/x-test")
        self.send_header("Content-Length", str(len(body)))
        if asked:
            self.send_header("Content-Range", f"bytes {first}-{int(first) + len(body) - 1}/{len(FILE)}")
        self.end_headers()
        if not with_body:
            return
        try:
            if path == "/slow":
                self.wfile.write(body[:1000])
                self.let_go.wait(60)
                body = body[1000:]
            self.wfile.write(body)
        except ConnectionError:
            pass  # the copy was aborted

    def log_message(self, *_):
        pass


class PythonCopy(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator()
        cls.service = storage.BlobServiceClient.from_connection_string(cls.emulator.connection_string(), retry_total=0)
        cls.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
        cls.server.daemon_threads = True
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        cls.elsewhere = f"http://127.0.0.1:{cls.server.server_address[1]}"

    @classmethod
    def tearDownClass(cls):
        Elsewhere.let_go.set()
        cls.server.shutdown()
        cls.server.server_close()
        cls.emulator.stop()

    def setUp(self):
        Elsewhere.let_go.clear()
        self.container = self.service.create_container("c" + hashlib.sha1(self.id().encode()).hexdigest()[:20])
        self.blob = self.container.get_blob_client("copy")

    def outcome(self):
        deadline = time.monotonic() + 30
        while True:
            state = self.blob.get_blob_properties().copy
            if state.status != "pending" or time.monotonic() > deadline:
                return state
            time.sleep(0.02)

    def test_a_file_from_elsewhere_is_copied_in_the_background(self):
        begun = self.blob.start_copy_from_url(self.elsewhere + "/slow?secret", metadata={"a": "1"})
        self.assertEqual(begun["copy_status"], "pending")
        state = self.blob.get_blob_properties().copy
        self.assertEqual((state.status, state.source), ("pending", self.elsewhere + "/slow"))
        with self.assertRaises(exceptions.ResourceExistsError) as refused:
            self.blob.upload_blob(b"x", overwrite=True)
        self.assertEqual(refused.exception.error_code, "PendingCopyOperation")
        Elsewhere.let_go.set()
        state = self.outcome()
        self.assertEqual((state.status, state.progress), ("success", f"{len(FILE)}/{len(FILE)}"))
        self.assertEqual(self.blob.download_blob().readall(), FILE)
        found = self.blob.get_blob_properties()
        self.assertEqual((found.metadata, found.content_settings.content_type), ({"a": "1"}, "application/x-test"))

    def test_a_copy_is_aborted(self):
        begun = self.blob.start_copy_from_url(self.elsewhere + "/slow")
        self.blob.abort_copy(begun["copy_id"])
        found = self.blob.get_blob_properties()
        self.assertEqual((found.copy.status, found.size), ("aborted", 0))
        with self.assertRaises(exceptions.HttpResponseError) as refused:
            self.blob.abort_copy(begun["copy_id"])
        self.assertEqual(refused.exception.error_code, "NoPendingCopyOperation")

    def test_sources_that_cannot_be_read(self):
        for path, status in (("/none", 404), ("/moved", 400)):
            with self.assertRaises(exceptions.HttpResponseError) as refused:
                self.blob.start_copy_from_url(self.elsewhere + path)
            self.assertEqual(refused.exception.status_code, status)
            self.assertEqual(refused.exception.error_code, "CannotVerifyCopySource")

    def test_copies_at_once(self):
        source = self.container.upload_blob("source", b"source")
        for url, body in ((self.elsewhere + "/file", FILE), (source.url, b"source")):
            done = self.blob.start_copy_from_url(url, requires_sync=True)
            self.assertEqual(done["copy_status"], "success")
            self.assertEqual(self.blob.download_blob().readall(), body)

    def test_a_signature_opens_the_source_and_is_not_shown(self):
        source = self.container.upload_blob("source", b"source", metadata={"a": "1"})
        sas = storage.generate_blob_sas(
            BLOB_ACCOUNT, self.container.container_name, "source", account_key=BLOB_KEY, permission="r",
            expiry=datetime.datetime.utcnow() + datetime.timedelta(hours=1),
        )
        self.blob.start_copy_from_url(f"{source.url}?{sas}")
        self.assertEqual(self.blob.get_blob_properties().metadata, {"a": "1"})
        self.assertNotIn("sig", self.blob.get_blob_properties().copy.source)

    def test_blobs_are_put_from_urls(self):
        source = self.container.upload_blob("source", b"source", content_settings=storage.ContentSettings("text/x"))
        for url, body in ((self.elsewhere + "/file", FILE), (source.url, b"source")):
            self.blob.upload_blob_from_url(url, overwrite=True)
            self.assertEqual(self.blob.download_blob().readall(), body)
            self.assertEqual(bytes(self.blob.get_blob_properties().content_settings.content_md5), hashlib.md5(body).digest())
        self.assertEqual(self.blob.get_blob_properties().content_settings.content_type, "text/x")
        with self.assertRaises(exceptions.ResourceExistsError):
            self.blob.upload_blob_from_url(source.url, overwrite=False)

    def test_blocks_are_staged_from_urls(self):
        source = self.container.upload_blob("source", b"0123456789")
        self.blob.stage_block_from_url("a", self.elsewhere + "/file", source_offset=100, source_length=50)
        self.blob.stage_block_from_url("b", source.url, source_offset=3, source_length=4,
                                       source_content_md5=bytearray(hashlib.md5(b"3456").digest()))
        self.blob.commit_block_list([storage.BlobBlock("a"), storage.BlobBlock("b")])
        self.assertEqual(self.blob.download_blob().readall(), FILE[100:150] + b"3456")

    def test_blocks_are_appended_from_urls(self):
        source = self.container.upload_blob("source", b"0123456789")
        self.blob.create_append_blob()
        self.blob.append_block_from_url(self.elsewhere + "/file", source_offset=100, source_length=50)
        done = self.blob.append_block_from_url(source.url, source_offset=3, source_length=4)
        self.assertEqual((done["blob_append_offset"], done["blob_committed_block_count"]), ("50", 2))
        self.assertEqual(self.blob.download_blob().readall(), FILE[100:150] + b"3456")

    def test_pages_are_written_from_urls_and_backed_up(self):
        self.blob.create_page_blob(2048)
        self.blob.upload_pages_from_url(self.elsewhere + "/file", offset=512, length=1024, source_offset=256)
        expected = bytes(512) + FILE[256:1280] + bytes(512)
        self.assertEqual(self.blob.download_blob().readall(), expected)
        snapshot = self.blob.create_snapshot()["snapshot"]
        backup = self.container.get_blob_client("backup")
        # start_copy_from_url(incremental_copy=True) trips over an argument of its own in release 12.15.
        backup._client.page_blob.copy_incremental(f"{self.blob.url}?snapshot={snapshot}")
        state = backup.get_blob_properties().copy
        self.assertEqual((state.status, state.incremental_copy), ("success", True))
        kept = self.container.get_blob_client("backup", snapshot=state.destination_snapshot)
        self.assertEqual(kept.download_blob().readall(), expected)

    def test_others_are_served_while_sources_are_slow(self):
        def put(number):
            self.container.get_blob_client(f"slow{number}").upload_blob_from_url(self.elsewhere + "/slow")

        threads = [threading.Thread(target=put, args=(number,)) for number in range(12)]
        for thread in threads:
            thread.start()
        begun = time.monotonic()
        for number in range(20):
            self.blob.upload_blob(str(number), overwrite=True)
        self.assertLess(time.monotonic() - begun, 20)
        Elsewhere.let_go.set()
        for thread in threads:
            thread.join()
        self.assertEqual(self.container.get_blob_client("slow11").download_blob().readall(), FILE)


if __name__ == "__main__":
    unittest.main()

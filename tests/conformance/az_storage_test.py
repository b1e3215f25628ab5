"""az storage: containers and blobs, as people type it. Each command takes a second or two, so what a command did is
mostly looked at on the wire."""

import pathlib
import shutil
import tempfile
import unittest
import urllib.error
import urllib.request

from az import AzureCliCase
from wire import Blob

if shutil.which("az") is None:
    raise unittest.SkipTest("az is not installed (apt-get install azure-cli)")

CONTENT = b"0123456789" * 1000


class AzureCliStorage(AzureCliCase):
    def setUp(self):
        self.blob = Blob(self.emulator.blob, version="2024-11-04")
        self.addCleanup(self.blob.close)
        folder = tempfile.TemporaryDirectory(prefix="az-files-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def storage(self, command, container, *arguments):
        """`az storage blob COMMAND` on a container."""
        return self.az("storage", "blob", *command.split(), "--container-name", container, *arguments)

    def properties(self, path, **query):
        return self.blob.call("HEAD", path, query=query).expect(200).headers

    def test_files_go_up_are_listed_and_come_down(self):
        self.assertEqual(self.az("storage", "container", "create", "--name", "updown"), {"created": True})
        (self.folder / "in.bin").write_bytes(CONTENT)
        self.storage("upload", "updown", "--name", "one file.bin", "--file", self.folder / "in.bin", "--no-progress",
                     "--content-type", "text/plain", "--metadata", "colour=blue")
        for name in ("a.txt", "sub/b.txt", "sub/deep/ç.txt"):
            path = self.folder / "tree" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(name)
        self.az("storage", "blob", "upload-batch", "--destination", "updown", "--source", self.folder / "tree",
                "--destination-path", "tree", "--no-progress")
        self.assertEqual(sorted(self.blob.names("updown")),
                         ["one file.bin", "tree/a.txt", "tree/sub/b.txt", "tree/sub/deep/ç.txt"])
        self.assertEqual(self.blob.get("updown/tree/sub/b.txt").body, b"sub/b.txt")

        below = self.storage("list", "updown", "--prefix", "tree/sub/")
        self.assertEqual([item["name"] for item in below], ["tree/sub/b.txt", "tree/sub/deep/ç.txt"])
        level = self.storage("list", "updown", "--delimiter", "/")
        self.assertEqual(sorted(item["name"] for item in level), ["one file.bin", "tree/"])
        shown = self.storage("show", "updown", "--name", "one file.bin")
        self.assertEqual(shown["properties"]["contentLength"], len(CONTENT))
        self.assertEqual(shown["properties"]["contentSettings"]["contentType"], "text/plain")
        self.assertEqual(shown["metadata"], {"colour": "blue"})

        self.storage("download", "updown", "--name", "one file.bin", "--file", self.folder / "part", "--no-progress",
                     "--start-range", 5, "--end-range", 16)
        self.assertEqual((self.folder / "part").read_bytes(), CONTENT[5:17])
        (self.folder / "down").mkdir()
        self.az("storage", "blob", "download-batch", "--source", "updown", "--destination", self.folder / "down",
                "--pattern", "tree/*", "--no-progress")
        self.assertEqual((self.folder / "down/tree/sub/deep/ç.txt").read_text(), "sub/deep/ç.txt")

        self.az("storage", "blob", "delete-batch", "--source", "updown", "--pattern", "tree/sub/*")
        self.assertEqual(self.blob.names("updown"), ["one file.bin", "tree/a.txt"])
        self.assertEqual(self.az("storage", "container", "delete", "--name", "updown"), {"deleted": True})
        self.assertEqual(self.blob.get("updown", restype="container").status, 404)

    def test_what_surrounds_a_blob_is_changed(self):
        self.blob.create_container("around")
        self.blob.put("around/b", CONTENT).expect(201)
        self.storage("metadata update", "around", "--name", "b", "--metadata", "size=large", "year=2024")
        found = self.properties("around/b")
        self.assertEqual((found["x-ms-meta-size"], found["x-ms-meta-year"]), ("large", "2024"))

        moment = self.storage("snapshot", "around", "--name", "b")["snapshot"]
        self.blob.put("around/b", b"newer").expect(201)
        self.assertEqual(self.blob.get("around/b", snapshot=moment).body, CONTENT)

        self.storage("set-tier", "around", "--name", "b", "--tier", "Cool")
        self.assertEqual(self.properties("around/b")["x-ms-access-tier"], "Cool")

        lease = self.storage("lease acquire", "around", "--blob-name", "b", "--lease-duration", 60)
        self.assertEqual(self.blob.put("around/b", b"mine").status, 412)
        self.blob.put("around/b", b"leased", **{"x-ms-lease-id": lease}).expect(201)
        self.storage("lease release", "around", "--blob-name", "b", "--lease-id", lease)
        self.assertEqual(self.properties("around/b")["x-ms-lease-state"], "available")

    def test_a_blob_is_copied(self):
        self.blob.create_container("copies")
        self.blob.put("copies/from%20here", CONTENT).expect(201)
        begun = self.az("storage", "blob", "copy", "start", "--destination-container", "copies", "--destination-blob", "to",
                        "--source-container", "copies", "--source-blob", "from here")
        self.assertEqual(begun["copy_status"], "success")
        self.assertEqual(self.blob.get("copies/to").body, CONTENT)
        self.assertTrue(self.properties("copies/to")["x-ms-copy-source"].split("?")[0].endswith("/copies/from%20here"))

    def test_a_shared_access_signature_lets_its_holder_read(self):
        self.blob.create_container("shared")
        self.blob.put("shared/b", CONTENT).expect(201)
        address = self.storage("generate-sas", "shared", "--name", "b", "--permissions", "r", "--expiry", "2090-01-01T00:00Z",
                               "--full-uri")
        with urllib.request.urlopen(address) as answer:
            self.assertEqual(answer.read(), CONTENT)
        with self.assertRaises(urllib.error.HTTPError) as raised:
            urllib.request.urlopen(urllib.request.Request(address, method="DELETE"))
        self.assertEqual(raised.exception.code, 403)
        raised.exception.close()

    def test_a_deleted_blob_is_restored(self):
        self.az("storage", "blob", "service-properties", "delete-policy", "update", "--enable", "true", "--days-retained", 3)
        kept = self.az("storage", "blob", "service-properties", "delete-policy", "show")
        self.assertEqual((kept["enabled"], kept["days"]), (True, 3))
        self.blob.create_container("bin")
        self.blob.put("bin/b", CONTENT).expect(201)
        self.storage("delete", "bin", "--name", "b")
        self.assertEqual(self.blob.get("bin/b").status, 404)
        self.storage("undelete", "bin", "--name", "b")
        self.assertEqual(self.blob.get("bin/b").body, CONTENT)

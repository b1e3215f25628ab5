"""Blob answers in the version that a request asks for, seen on the raw wire."""

import unittest

from emulator import BLOB_ACCOUNT, Emulator
from wire import Blob

NEWEST = "2026-06-06"


class BlobVersions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator()
        cls.addClassCleanup(cls.emulator.end)
        cls.blob = Blob(cls.emulator.blob)

    def container(self, name, access=None):
        self.blob.create_container(name)
        if access:
            self.blob.call("PUT", name, query={"restype": "container", "comp": "acl"},
                           headers={"x-ms-blob-public-access": access}).expect(200)
        return name

    def browse(self, path, **headers):
        """As a browser does: without a signature and without a version."""
        return self.blob.send("GET", f"/{BLOB_ACCOUNT}/{path}", headers, None)

    def set_default_version(self, version):
        body = ("<StorageServiceProperties><DefaultServiceVersion>"
                f"{version}</DefaultServiceVersion></StorageServiceProperties>").encode()
        self.blob.call("PUT", body=body, query={"restype": "service", "comp": "properties"}).expect(202)

    def test_an_account_may_say_the_version_of_those_who_name_none(self):
        box = self.container("default-version", access="blob")
        self.blob.put(f"{box}/a", b"content", **{"x-ms-blob-content-disposition": "attachment"}).expect(201)

        before = self.browse(f"{box}/a").expect(200)
        self.assertEqual(before.headers["x-ms-version"], "2009-09-19")
        self.assertNotIn('"', before.headers["etag"])
        self.assertEqual(self.browse(f"{box}/missing?comp=metadata").headers["x-ms-version"], "2009-09-19")

        self.set_default_version("2020-04-08")
        after = self.browse(f"{box}/a").expect(200)
        self.assertEqual(after.headers["x-ms-version"], "2020-04-08")
        self.assertEqual(after.headers["etag"], f'"{before.headers["etag"]}"')
        self.assertEqual(after.headers["accept-ranges"], "bytes")
        self.assertEqual(after.body, b"content")
        named = self.browse(f"{box}/a", **{"x-ms-version": "2011-08-18"}).expect(200)
        self.assertEqual(named.headers["x-ms-version"], "2011-08-18")
        other = self.blob.send("GET", "/nobody/box/a", {}, None).expect(404)
        self.assertEqual(other.headers["x-ms-version"], "2009-09-19")

    def test_lists_are_in_the_form_of_their_version(self):
        box = self.container("old-lists")
        self.blob.put(f"{box}/a%20b", b"content").expect(201)
        old, new = (
            Blob(self.emulator.blob, version=version).get(box, restype="container", comp="list").expect(200).xml
            for version in ("2012-02-12", "2013-08-15")
        )
        endpoint = f"{self.emulator.blob}/"
        self.assertEqual(old.attrib, {"ContainerName": endpoint + box})
        self.assertEqual(new.attrib, {"ServiceEndpoint": endpoint, "ContainerName": box})
        self.assertEqual(old.findtext("Blobs/Blob/Url"), f"{endpoint}{box}/a%20b")
        self.assertIsNone(new.find("Blobs/Blob/Url"))
        properties = {element.tag for element in old.find("Blobs/Blob/Properties")}
        self.assertIn("LeaseState", properties)
        self.assertFalse(properties & {"Content-Disposition", "AccessTier", "Creation-Time", "ServerEncrypted"})

        containers = Blob(self.emulator.blob, version="2009-09-19").get("", comp="list", prefix=box).expect(200).xml
        self.assertEqual(containers.attrib, {"AccountName": endpoint})
        self.assertEqual(containers.findtext("Containers/Container/Url"), endpoint + box)

    def test_copies_of_old_versions_are_done_at_once_and_leave_no_trace(self):
        box = self.container("old-copies")
        self.blob.put(f"{box}/a", b"content").expect(201)
        source = {"x-ms-copy-source": f"/{BLOB_ACCOUNT}/{box}/a"}
        old = Blob(self.emulator.blob, version="2011-08-18").call("PUT", f"{box}/old", headers=source).expect(201)
        self.assertFalse([name for name in old.headers if name.startswith("x-ms-copy")])
        found = self.blob.get(f"{box}/old").expect(200)
        self.assertEqual(found.body, b"content")
        self.assertFalse([name for name in found.headers if name.startswith("x-ms-copy")])

        source = {"x-ms-copy-source": f"{self.emulator.blob}/{box}/a"}
        new = Blob(self.emulator.blob, version="2012-02-12").call("PUT", f"{box}/new", headers=source).expect(202)
        self.assertEqual(new.headers["x-ms-copy-status"], "success")

    def test_versions_newer_than_known_are_served_with_one_line_in_the_log(self):
        with Emulator() as emulator:
            blob = Blob(emulator.blob, version="2031-04-05")
            blob.create_container("box")
            blob.put("box/a", b"content").expect(201)
            answer = blob.get("box/a").expect(200)
            self.assertEqual((answer.headers["x-ms-version"], answer.body), ("2031-04-05", b"content"))
            Blob(emulator.blob, version="2032-04-05").get("box/a").expect(200)
            Blob(emulator.blob, version=NEWEST).get("box/a").expect(200)
            lines = [line for line in emulator.output().splitlines() if "Blob version" in line]
            self.assertEqual(len(lines), 1, emulator.output())
            self.assertIn("2031-04-05", lines[0])
            self.assertIn(NEWEST, lines[0])

    def test_the_newest_known_version_is_no_news(self):
        with Emulator() as emulator:
            Blob(emulator.blob, version=NEWEST).get("", comp="list").expect(200)
            self.assertNotIn("Blob version", emulator.output())

    def test_a_version_that_is_none_is_refused(self):
        for version in ("newest", "2021-12-2", "2021/12/02"):
            with self.subTest(version=version):
                answer = self.browse("box/a", **{"x-ms-version": version}).expect(400)
                self.assertEqual(answer.headers["x-ms-error-code"], "InvalidHeaderValue")


if __name__ == "__main__":
    unittest.main()

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


if __name__ == "__main__":
    unittest.main()

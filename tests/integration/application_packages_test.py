"""Application packages over the control interface, and what is left of them after a restart."""

import io
import json
import os
import pathlib
import shutil
import tempfile
import unittest
import urllib.error
import urllib.request
import zipfile

from emulator import BATCH_ACCOUNT, Emulator
from wire import Batch


def zip_of(size):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as content:
        content.writestr("data", os.urandom(size))
    return archive.getvalue()


def ask(emulator, method, path, body=None, **headers):
    url = f"{emulator.batch}/_bluebatch/applications/{BATCH_ACCOUNT}/{path}"
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data=body, method=method, headers=headers)) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


class ApplicationPackages(unittest.TestCase):
    def setUp(self):
        self.location = pathlib.Path(tempfile.mkdtemp(prefix="bluebatch-test-"))
        self.addCleanup(shutil.rmtree, self.location, ignore_errors=True)

    def files(self):
        return [path.stat().st_size for path in (self.location / "applications" / BATCH_ACCOUNT).iterdir()]

    def test_packages_outlast_the_emulator(self):
        package = zip_of(5 << 20)
        emulator = Emulator(location=self.location)
        self.addCleanup(emulator.end)
        self.assertEqual(ask(emulator, "PUT", "tool/versions/1.0", package)[0], 201)
        self.assertEqual(ask(emulator, "PATCH", "tool", b'{"defaultVersion": "1.0"}')[0], 200)
        emulator.kill()

        again = Emulator(location=self.location)
        self.addCleanup(again.end)
        status, application = ask(again, "GET", "tool")
        self.assertEqual((status, application["defaultVersion"]), (200, "1.0"))
        self.assertEqual([one["size"] for one in application["packages"]], [len(package)])
        self.assertEqual(self.files(), [len(package)])
        self.assertEqual(Batch(again.batch).get("/applications/tool").expect(200).json["versions"], ["1.0"])
        self.assertEqual(ask(again, "DELETE", "tool/versions/1.0")[0], 200)
        self.assertEqual(self.files(), [])
        self.assertEqual(list((self.location / "spool").iterdir()), [])

    def test_what_is_no_package_leaves_nothing(self):
        emulator = Emulator(location=self.location)
        self.addCleanup(emulator.end)
        self.assertEqual(ask(emulator, "PUT", "tool/versions/1.0", b"no zip file" * 100_000)[0], 400)
        self.assertEqual(ask(emulator, "PUT", "tool/versions/1.0", zip_of(1), Origin="http://evil.example")[0], 403)
        self.assertEqual(ask(emulator, "GET", "tool")[0], 404)
        self.assertEqual(self.files(), [])
        self.assertEqual(list((self.location / "spool").iterdir()), [])


if __name__ == "__main__":
    unittest.main()

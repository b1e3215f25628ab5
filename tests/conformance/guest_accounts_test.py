"""Programs with accounts of their own under `bluebatch run`: any name and any key will do, unless --strict."""

import base64
import pathlib
import subprocess
import sys
import tempfile
import unittest

try:
    import azure.batch
    from azure.core.exceptions import HttpResponseError
    from azure.storage.blob import BlobServiceClient
    MISSING = None
except ImportError as error:
    MISSING = str(error)

from emulator import BATCH_ACCOUNT, BATCH_KEY, BLOB_ACCOUNT, BLOB_KEY, Emulator, clean_environment, program

GUEST = pathlib.Path(__file__).resolve().parent / "programs" / "guest.py"
KEY = base64.b64encode(b"a key that nobody here knows").decode()
OTHER_KEY = base64.b64encode(b"another key").decode()


@unittest.skipIf(MISSING, f"the Python SDKs are not installed (apt-get install python3-azure): {MISSING}")
class GuestAccounts(unittest.TestCase):
    def setUp(self):
        self.location = self.enterContext(tempfile.TemporaryDirectory(prefix="guests-"))

    def start(self, *arguments):
        emulator = Emulator(*arguments, location=self.location)
        self.addCleanup(emulator.end)
        return emulator

    def run_guest(self, emulator, storage="myfilms", batch="mybatch", key=KEY, strict=()):
        return subprocess.run(
            [program("bluebatch"), "run", "--offline", *strict, "--", sys.executable, GUEST, storage, batch, key],
            env=clean_environment(BLUEBATCH_BATCH_URL=emulator.batch, BLUEBATCH_BLOB_URL=emulator.blob),
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=240, check=False)

    def test_any_name_and_any_key(self):
        done = self.run_guest(self.start())
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout, "what was written\n")

    def test_what_guests_made_is_there_after_a_restart(self):
        emulator = self.start()
        self.assertEqual(self.run_guest(emulator).returncode, 0)
        emulator.end()
        done = self.run_guest(self.start(), key=OTHER_KEY)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout, "there already: ['a.txt']\nwhat was written\n")

    def test_any_key_for_configured_accounts(self):
        emulator = self.start()
        done = self.run_guest(emulator, batch=BATCH_ACCOUNT)
        self.assertEqual(done.returncode, 0, done.stderr)
        emulator.end()
        done = self.run_guest(self.start("--account", f"myfilms:{OTHER_KEY}"))
        # The requests are the guest's, and the nodes are not: what he signed for them is checked.
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("the task has failed", done.stderr)
        self.assertIn("BlobAccessDenied", done.stderr)

    def test_strict_wants_the_configured_accounts_and_keys(self):
        emulator = self.start("--account", f"myfilms:{KEY}", "--batch-account", f"mybatch:{KEY}")
        self.assertEqual(self.run_guest(emulator, strict=("--strict",)).returncode, 0)
        for guest in ({"key": OTHER_KEY}, {"storage": "otherfilms"}, {"batch": "otherbatch"}):
            done = self.run_guest(emulator, strict=("--strict",), **guest)
            self.assertEqual(done.returncode, 1, guest)
            self.assertRegex(done.stderr, "AuthenticationFailed|There is no account 'otherfilms' here|BatchErrorException", guest)

    def test_what_was_made_for_guests_is_closed_to_others(self):
        emulator = self.start()
        self.assertEqual(self.run_guest(emulator).returncode, 0)
        done = self.run_guest(emulator, strict=("--strict",))
        self.assertEqual(done.returncode, 1)
        self.assertIn("AuthenticationFailed", done.stderr)
        credentials = azure.batch.batch_auth.SharedKeyCredentials("mybatch", KEY)
        with self.assertRaises(azure.batch.models.BatchErrorException) as refused:
            list(azure.batch.BatchServiceClient(credentials, batch_url=emulator.batch).job.list())
        self.assertEqual(refused.exception.response.status_code, 403)

    def test_who_is_no_guest_needs_the_configured_keys(self):
        emulator = self.start()
        self.assertEqual(self.run_guest(emulator, BLOB_ACCOUNT, BATCH_ACCOUNT, BLOB_KEY).returncode, 0)
        with self.assertRaises(HttpResponseError) as refused:
            BlobServiceClient(emulator.blob, credential=KEY).get_container_client("films").get_container_properties()
        self.assertEqual(refused.exception.status_code, 403)
        credentials = azure.batch.batch_auth.SharedKeyCredentials(BATCH_ACCOUNT, KEY)
        with self.assertRaises(azure.batch.models.BatchErrorException) as refused:
            list(azure.batch.BatchServiceClient(credentials, batch_url=emulator.batch).job.list())
        self.assertEqual(refused.exception.response.status_code, 403)
        credentials = azure.batch.batch_auth.SharedKeyCredentials(BATCH_ACCOUNT, BATCH_KEY)
        jobs = list(azure.batch.BatchServiceClient(credentials, batch_url=emulator.batch).job.list())
        self.assertEqual(len(jobs), 1)


if __name__ == "__main__":
    unittest.main()

"""--target azure over HTTPS with Azure's host names, against an emulator behind a local TLS front."""

import unittest

from client_runs import Folders, azure_environment, keys_in, left_over, transcode
from emulator import Emulator
from tls_front import Authority, AzureFronts

BATCH_HOST = "devbatchaccount1.westeurope.batch.azure.com"
BLOB_HOST = "devstoreaccount1.blob.core.windows.net"


class TlsFront(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator()
        cls.addClassCleanup(cls.emulator.kill)
        cls.fronts = AzureFronts(cls.emulator, BATCH_HOST, BLOB_HOST)
        cls.addClassCleanup(cls.fronts.close)

    def run_client(self, folders, **more):
        environment = azure_environment(BATCH_HOST, BLUEBATCH_RESOLVE=self.fronts.resolve, **more)
        return transcode(folders, "--target", "azure", "--yes", environment=environment)

    def test_the_same_run_with_nothing_but_another_target(self):
        folders = Folders()
        self.addCleanup(folders.cleanup)

        self.fronts.batch.names.clear()
        self.fronts.blob.names.clear()
        run = self.run_client(folders, SSL_CERT_FILE=self.fronts.ca_file)

        self.assertEqual(run.returncode, 0, run.stderr)
        folders.assert_results(self, [file.stem + ".mp3" for file in folders.input.iterdir()])
        self.assertEqual(self.fronts.batch.names, {BATCH_HOST})
        self.assertEqual(self.fronts.blob.names, {BLOB_HOST})
        self.assertIn(f"https://{BATCH_HOST} (environment AZURE_BATCH_ENDPOINT; credential: environment AZURE_BATCH_ACCESS_KEY)", run.stderr)
        self.assertEqual(keys_in(run.stdout + run.stderr), [])
        self.assertEqual(left_over(self.emulator)[0], [])

    def test_a_certificate_of_nobody_we_know_is_refused(self):
        folders = Folders(["clip.mp4"])
        self.addCleanup(folders.cleanup)

        run = self.run_client(folders)

        self.assertEqual(run.returncode, 3)
        self.assertIn("certificate is not trusted", run.stderr)
        self.assertEqual(folders.results(), {})

    def test_a_certificate_of_another_host_is_refused(self):
        folders = Folders(["clip.mp4"])
        self.addCleanup(folders.cleanup)
        environment = azure_environment(
            BATCH_HOST, SSL_CERT_FILE=self.fronts.ca_file,
            # Both names lead to the front of the Batch account.
            BLUEBATCH_RESOLVE=self.fronts.resolve.replace(str(self.fronts.blob.port), str(self.fronts.batch.port)))

        run = transcode(folders, "--target", "azure", "--yes", environment=environment)

        self.assertEqual(run.returncode, 3)
        self.assertIn("certificate is not trusted", run.stderr)

    def test_an_authority_of_the_same_name_does_not_do(self):
        folders = Folders(["clip.mp4"])
        self.addCleanup(folders.cleanup)
        other = Folders([])
        self.addCleanup(other.cleanup)

        run = self.run_client(folders, SSL_CERT_FILE=str(Authority(other.input).certificate))

        self.assertEqual(run.returncode, 3)


if __name__ == "__main__":
    unittest.main()

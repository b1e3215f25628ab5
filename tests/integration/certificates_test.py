"""Where certificates come from: the authority of a location, a certificate of one's own, and the command that shows them."""

import pathlib
import resource
import shutil
import ssl
import stat
import subprocess
import tempfile
import unittest

import azure_hosts
from emulator import Emulator, clean_environment, program
from tls_front import Authority, openssl
from wire import Batch, secure


def run(*arguments, **environment):
    return subprocess.run([program("bluebatch-emulator"), *arguments], env=clean_environment(**environment),
                          capture_output=True, text=True, timeout=30, check=False)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


class Certificates(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bluebatch-certificates-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.location = self.folder / "location"
        self.key, self.certificate = self.location / "ca" / "ca.key", self.location / "ca" / "ca.pem"

    def start(self, *arguments, **more):
        emulator = Emulator(*arguments, location=self.location, **more)
        self.addCleanup(emulator.end)
        return emulator

    def is_trusted(self, emulator, authority):
        try:
            Batch(secure(emulator.batch), authority=str(authority)).get("/pools").expect(200)
        except ssl.SSLCertVerificationError:
            return False
        return True

    def test_the_authority_of_a_location_stays(self):
        emulator = self.start()
        self.assertEqual(emulator.endpoints["ca"], str(self.certificate))
        self.assertTrue(self.is_trusted(emulator, self.certificate))
        self.assertEqual(mode(self.key), 0o600)
        self.assertEqual(mode(self.certificate), 0o644)
        kept = self.certificate.read_text()
        emulator.stop()

        again = self.start()
        self.assertEqual(self.certificate.read_text(), kept)
        self.assertTrue(self.is_trusted(again, self.certificate))
        # The key is in no answer, and in no other file.
        secret = self.key.read_text().splitlines()[1].encode()
        for file in self.location.rglob("*"):
            if file.is_file() and file != self.key:
                self.assertNotIn(secret, file.read_bytes(), file)
        self.assertNotIn(b"PRIVATE", Batch(again.batch).send("GET", "/_bluebatch/ca.pem", {}, None).body)

    def test_a_key_that_others_can_read_is_mended(self):
        self.start().stop()
        self.key.chmod(0o644)
        emulator = self.start()
        self.assertEqual(mode(self.key), 0o600)
        self.assertIn("could be read by others", emulator.output())

    def test_a_damaged_authority_says_what_to_do(self):
        self.start().stop()
        self.certificate.write_text("damaged")
        ended = run("--location", str(self.location), "--blob-port", "0", "--batch-port", "0")
        self.assertEqual(ended.returncode, 1)
        self.assertIn(f"remove the folder {self.location / 'ca'} to", ended.stderr)
        self.assertIn(str(self.certificate), ended.stderr)

    def test_nothing_is_left_of_one_that_could_not_be_written(self):
        def without_room():
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

        ended = subprocess.run([program("bluebatch-emulator"), "ca", "--location", str(self.location)], env=clean_environment(),
                               preexec_fn=without_room, capture_output=True, text=True, timeout=30, check=False)
        self.assertEqual(ended.returncode, 1)
        self.assertIn("File too large", ended.stderr)
        self.assertEqual(list(self.location.iterdir()), [])

    def test_in_memory_has_one_for_its_life(self):
        with Emulator() as emulator:
            authority = pathlib.Path(emulator.endpoints["ca"])
            self.assertTrue(self.is_trusted(emulator, authority))
        self.assertFalse(authority.exists())

    def test_the_command_shows_it_with_and_without_an_emulator(self):
        made = run("ca", "--location", str(self.location))
        self.assertEqual((made.returncode, made.stdout), (0, f"{self.certificate}\n"))
        self.assertEqual(mode(self.key), 0o600)
        pem = run("ca", "--pem", BLUEBATCH_LOCATION=str(self.location)).stdout
        self.assertEqual(pem, self.certificate.read_text())
        emulator = self.start()
        self.assertTrue(self.is_trusted(emulator, self.certificate))
        self.assertEqual(run("ca", "--location", str(self.location), "--pem").stdout, pem)
        refused = run("ca", "--in-memory")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("/_bluebatch/ca.pem", refused.stderr)

    def own(self):
        """A certificate for own.example, its key, and the authority behind it."""
        authority = Authority(self.folder)
        authority.context_for("own.example")
        return self.folder / "own.example.pem", self.folder / "own.example.key", authority.certificate

    def ask(self, emulator, host, authority):
        port = int(emulator.batch.rsplit(":", 1)[1])
        return azure_hosts.ask(host, port, str(authority), "GET", "/_bluebatch/health", Host="localhost").status

    def test_a_certificate_of_ones_own(self):
        certificate, key, authority = self.own()
        emulator = self.start("--cert", str(certificate), "--key", str(key))
        self.assertEqual(self.ask(emulator, "own.example", authority), 200)
        # Hosts that it is not for still have the emulator's own.
        self.assertEqual(self.ask(emulator, "localhost", self.certificate), 200)
        with self.assertRaises(ssl.SSLCertVerificationError):
            self.ask(emulator, "own.example", self.certificate)

    def test_one_of_ones_own_as_pkcs12(self):
        certificate, key, authority = self.own()
        bundle = self.folder / "own.pfx"
        openssl("pkcs12", "-export", "-in", str(certificate), "-inkey", str(key), "-out", str(bundle),
                "-passout", "pass:secret")
        emulator = self.start("--cert", str(bundle), environment=clean_environment(BLUEBATCH_PWD="secret"))
        self.assertEqual(self.ask(emulator, "own.example", authority), 200)
        wrong = run("--in-memory", "--cert", str(bundle), "--pwd", "wrong")
        self.assertEqual(wrong.returncode, 1)
        self.assertIn("password", wrong.stderr)

    def test_what_is_wrong_with_one_is_said(self):
        certificate, key, authority = self.own()
        for arguments, words in (
            (["--cert", "/nowhere.pem", "--key", str(key)], "/nowhere.pem: No such file"),
            (["--cert", str(certificate)], "give it with --key"),
            (["--cert", str(authority), "--key", str(key)], "not that of the first certificate"),
            (["--cert", str(key), "--key", str(key)], "no certificate"),
        ):
            with self.subTest(arguments=arguments):
                ended = run("--in-memory", *arguments)
                self.assertEqual(ended.returncode, 1)
                self.assertIn(words, ended.stderr)
        for ended in (run("--key", str(key)), run(BLUEBATCH_KEY=str(key))):
            self.assertEqual(ended.returncode, 2)
            self.assertIn("BLUEBATCH_KEY", ended.stderr)
        weak = self.folder / "weak.pem"
        openssl("req", "-x509", "-newkey", "rsa:1024", "-nodes", "-subj", "/CN=weak.example", "-addext",
                "subjectAltName=DNS:weak.example", "-keyout", str(weak) + ".key", "-out", str(weak))
        ended = run("--in-memory", "--cert", str(weak), "--key", f"{weak}.key", "--blob-port", "0", "--batch-port", "0")
        self.assertEqual(ended.returncode, 1)
        self.assertIn(f"--cert {weak}: ", ended.stderr)


if __name__ == "__main__":
    unittest.main()

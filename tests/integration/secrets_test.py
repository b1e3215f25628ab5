"""Files that hold secrets, and the word of guests: for this user's programs only, and only while they run."""

import email.utils
import pathlib
import socket
import stat
import struct
import tempfile
import unittest
import urllib.parse

from emulator import Emulator

SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n\x20\0"


def preface(word):
    field = b"\xe0" + struct.pack(">H", len(word)) + word
    return SIGNATURE + struct.pack(">H", len(field)) + field


def status_for_guest(emulator, account, word):
    """Of a request with a signature that is wrong, to an account that nobody has made."""
    url = urllib.parse.urlsplit(emulator.blob)
    head = (f"GET /?comp=list HTTP/1.1\r\nHost: {account}.blob.core.windows.net\r\nx-ms-version: 2021-12-02\r\n"
            f"x-ms-date: {email.utils.formatdate(usegmt=True)}\r\nAuthorization: SharedKey {account}:AAAA\r\n"
            "Connection: close\r\n\r\n")
    with socket.create_connection((url.hostname, url.port), timeout=10) as connection:
        connection.sendall(preface(word) + head.encode())
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    return int(answer.split()[1])


class Secrets(unittest.TestCase):
    def setUp(self):
        self.location = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="secrets-")))

    def start(self, *arguments):
        emulator = Emulator(*arguments, location=self.location)
        self.addCleanup(emulator.end)
        return emulator

    def word(self):
        return (self.location / "guest-word").read_bytes()

    def open_to_others(self):
        """Names of the files with secrets that others can read."""
        names = ("guest-word", "secret", "accounts.sqlite", "accounts.sqlite-wal", "accounts.sqlite-shm",
                 "ca/ca.key")
        files = [file for file in map(self.location.joinpath, names) if file.exists()]
        files += [file for file in self.location.glob("identity/*") if file.is_file()]
        self.assertGreater(len(files), 4)
        return [file.name for file in files if stat.S_IMODE(file.stat().st_mode) & 0o077]

    def test_files_with_secrets_are_for_their_owner_only(self):
        emulator = self.start()
        self.assertEqual(self.open_to_others(), [])
        emulator.kill()
        for file in self.location.rglob("*"):
            if file.is_file():
                file.chmod(0o644)
        self.start()
        self.assertEqual(self.open_to_others(), [])

    def test_an_overheard_word_brings_nobody_in_later(self):
        emulator = self.start()
        overheard = self.word()
        self.assertEqual(status_for_guest(emulator, "guest1", overheard), 200)
        emulator.stop()
        emulator = self.start()
        self.assertNotEqual(self.word(), overheard)
        self.assertEqual(status_for_guest(emulator, "guest2", overheard), 404)
        self.assertEqual(status_for_guest(emulator, "guest2", self.word()), 200)


if __name__ == "__main__":
    unittest.main()

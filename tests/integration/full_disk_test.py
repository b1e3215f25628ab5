"""A disk that is really full: writes are refused, nothing that was acknowledged is lost or torn, and it goes on afterwards."""

import socket
import unittest

from emulator import Emulator, wait_until
from small_disk import MIB, SmallDisk
from wire import Blob

DISK = 64
# In rows of the database, in files that are written at once, and in files that are spooled.
SIZES = (1_000, 50_000, MIB)


def content(name, size):
    line = f"{name};".encode()
    return (line * (size // len(line) + 1))[:size]


class FullDisk(unittest.TestCase):
    arguments = ()

    def setUp(self):
        self.disk = SmallDisk(DISK)
        self.addCleanup(self.disk.close)
        self.number = 0
        self.acknowledged = {}
        self.refused = set()
        self.start()
        self.blob.create_container("box")

    def start(self):
        self.emulator = Emulator(
            *self.arguments, location=self.disk.mount_point / "state", wrapper=self.disk.wrapper)
        self.addCleanup(self.emulator.end)
        self.blob = Blob(self.emulator.blob)

    def put(self, name, size):
        """True when it was acknowledged; the only other answer is that of a full disk."""
        answer = self.blob.put(f"box/{name}", content(name, size)).expect(201, 507)
        if answer.status == 507:
            self.assertEqual(answer.headers["x-ms-error-code"], "InsufficientStorage")
            self.assertEqual(answer.xml.findtext("Code"), "InsufficientStorage")
            self.refused.add(name)
            return False
        self.acknowledged[name] = size
        return True

    def fill(self):
        """Until not even the smallest blob fits."""
        for size in reversed(SIZES):
            refusals = 0
            while refusals < 3:
                self.number += 1
                refusals += not self.put(f"n{self.number}", size)
                self.assertLess(self.number, 200_000)

    def check(self):
        for name, size in self.acknowledged.items():
            answer = self.blob.get(f"box/{name}").expect(200)
            self.assertEqual(answer.body, content(name, size), name)
        for name in self.refused - set(self.acknowledged):
            self.blob.get(f"box/{name}").expect(404)
        names, marker = set(), ""
        while True:
            page = self.blob.get("box", restype="container", comp="list", marker=marker).expect(200).xml
            names |= {element.text for element in page.iter("Name")}
            marker = page.findtext("NextMarker") or ""
            if not marker:
                break
        self.assertEqual(names, set(self.acknowledged))

    def spooled(self):
        return list((self.disk.seen / "state" / "spool").iterdir())

    def remove(self, *names):
        for name in names:
            self.blob.call("DELETE", f"box/{name}").expect(202)
            del self.acknowledged[name]

    def names_of(self, size):
        return [name for name, known in self.acknowledged.items() if known == size]

    def test_uploads_are_refused_and_what_was_acknowledged_stays_whole(self):
        self.fill()
        self.assertGreater(len(self.names_of(MIB)), DISK // 2)
        self.assertEqual(self.spooled(), [])
        self.check()

    def test_what_a_refused_upload_would_replace_stays_as_it_was(self):
        self.put("kept", 50_000)
        self.fill()
        self.blob.put("box/kept", content("other", MIB)).expect(507)
        self.blob.call("PUT", "box/kept", content("other", MIB), query={"comp": "block", "blockid": "AAAA"}).expect(507)
        self.check()

    def test_deletions_work_and_their_space_can_be_used_again(self):
        self.fill()
        with self.disk.filled():
            self.remove(*self.names_of(MIB)[:8])
            self.check()
        wait_until(lambda: self.disk.free() > 4 * MIB, 20, "space again")
        for number in range(4):
            wait_until(lambda: self.put(f"again{number}", MIB), 20, "room for an upload")
        self.check()

    def test_deletions_work_again_and_again_however_little_each_frees(self):
        self.fill()
        with self.disk.filled():
            for _ in range(5):
                self.remove(self.names_of(1_000)[0])
                self.fill()
            self.check()

    def test_space_that_others_give_back_is_used_without_a_restart(self):
        self.put("first", MIB)
        with self.disk.filled():
            self.assertFalse(self.put("second", MIB))
            self.assertFalse(self.put("third", 1_000))
            self.check()
        self.assertTrue(self.put("second", MIB))
        self.assertTrue(self.put("third", 1_000))
        self.check()

    def test_it_starts_again_on_the_full_disk(self):
        self.fill()
        with self.disk.filled():
            for end in ("stop", "kill", "stop"):
                getattr(self.emulator, end)()
                self.start()
                self.check()
                self.fill()  # what the start left of the reserve is not for uploads
            self.remove(*self.names_of(MIB)[:4])
            self.check()
        wait_until(lambda: self.put("again", MIB), 20, "room for an upload")
        self.check()

    def test_a_body_that_breaks_off_on_the_full_disk_leaves_nothing(self):
        self.fill()
        sas = self.blob.container_sas("box")
        with socket.create_connection((self.blob.address.hostname, self.blob.address.port)) as connection:
            connection.sendall(
                f"PUT /{self.blob.account}/box/half?{sas} HTTP/1.1\r\nHost: localhost\r\nx-ms-blob-type: BlockBlob\r\n"
                f"Content-Length: {8 * MIB}\r\n\r\n".encode() + b"x" * 100_000)
        self.refused.add("half")
        wait_until(lambda: not self.spooled(), 20, "an empty spool")
        self.check()


class FullDiskWithFsync(FullDisk):
    arguments = ("--durability", "fsync")


if __name__ == "__main__":
    unittest.main()

"""Large blobs that are replaced again and again: their files are written over, and nobody ever sees another's bytes."""

import pathlib
import re
import tempfile
import threading
import unittest

from emulator import Emulator, wait_until
from wire import Blob

MIB = 1 << 20


def content(version, size):
    line = f"version {version:08};".encode()
    return (line * (size // len(line) + 1))[:size]


def size_of(version):
    """Longer and shorter ones follow each other, so that what is left of a longer one would be seen."""
    return (5, 2, 9, 1, 3)[version % 5] * MIB + version * 4096 % MIB


class Overwrites(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="overwrites-")
        self.addCleanup(folder.cleanup)
        self.location = pathlib.Path(folder.name)
        self.emulator = Emulator(location=self.location)
        self.addCleanup(self.emulator.end)
        self.blob = Blob(self.emulator.blob)
        self.blob.create_container("box")

    def put(self, name, version, blob=None):
        (blob or self.blob).put(f"box/{name}", content(version, size_of(version))).expect(201)

    def stored_bytes(self):
        total = 0
        for folder in ("content", "spool"):
            for file in (self.location / folder).rglob("*"):
                try:
                    total += file.stat().st_blocks * 512 if file.is_file() else 0
                except FileNotFoundError:
                    pass
        return total

    def test_each_upload_is_whole_whatever_its_file_held(self):
        for version in range(25):
            self.put("one", version)
            # The blob that was replaced before has been read and must not be written over, the others may be.
            if version % 3 == 0:
                self.assertEqual(content(version, size_of(version)), self.blob.get("box/one").expect(200).body)

    def test_who_reads_slowly_gets_what_was_there_at_first(self):
        self.put("slow", 1)
        reader = Blob(self.emulator.blob)
        connection = reader.connect()
        connection.request("GET", "/" + reader.url("box/slow", reader.container_sas("box")).split("/", 3)[3])
        response = connection.getresponse()
        first = response.read(1000)

        for version in range(2, 12):
            self.put("slow", version)
        rest = response.read()
        connection.close()

        self.assertEqual(content(1, size_of(1)), first + rest)

    def test_readers_between_writers_never_see_a_mixture(self):
        faults = []
        done = threading.Event()

        def write(number):
            blob = Blob(self.emulator.blob)
            for version in range(12):
                self.put(f"shared{number}", version, blob)

        def read():
            blob = Blob(self.emulator.blob)
            while not done.is_set():
                for number in range(4):
                    answer = blob.get(f"box/shared{number}")
                    if answer.status == 404:
                        continue
                    version = int(re.match(rb"version (\d+);", answer.body)[1])
                    if answer.body != content(version, size_of(version)):
                        faults.append(f"version {version} of shared{number} is torn")

        reader = threading.Thread(target=read)
        writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
        for thread in (reader, *writers):
            thread.start()
        for writer in writers:
            writer.join()
        done.set()
        reader.join()

        self.assertEqual([], faults)

    def test_the_disk_has_its_room_back_within_seconds(self):
        for number in range(4):
            self.put(f"gone{number}", 2)
        self.assertGreater(self.stored_bytes(), size_of(2))
        for number in range(4):
            self.blob.call("DELETE", f"box/gone{number}").expect(202)

        wait_until(lambda: self.stored_bytes() == 0, 10, "the files of deleted blobs to go")


if __name__ == "__main__":
    unittest.main()

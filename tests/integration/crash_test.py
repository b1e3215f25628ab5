"""kill -9 in the middle of writers, again and again: what was acknowledged is there, nothing is torn, no file is left over.

Five times; BLUEBATCH_TEST_KILLS=100 for the whole promise.
"""

import os
import pathlib
import random
import sqlite3
import tempfile
import threading
import time
import unittest

from emulator import Emulator, wait_until
from wire import Blob

KILLS = int(os.environ.get("BLUEBATCH_TEST_KILLS", "5"))
WRITERS = 8
NAMES = 20
# In rows, in files that are written at once, in files that are spooled, and in those that are written over later.
SIZES = (0, 1_000, 16_384, 16_385, 50_000, 200_000, 700_000, 1_100_000, 1_500_000)


def content(name, version):
    """Every version of every blob has bytes of its own, so that a mixture is seen."""
    size = SIZES[version % len(SIZES)]
    line = f"{name} in version {version:08};".encode()
    return (line * (size // len(line) + 1))[:size]


class Writer(threading.Thread):
    """Puts, replaces and deletes blobs of its own until the emulator is gone."""

    def __init__(self, number, url, known, seed):
        super().__init__()
        self.number, self.url, self.known, self.random = number, url, known, random.Random(seed)
        self.acknowledged = 0

    def run(self):
        blob = Blob(self.url, timeout=20)
        try:
            while True:
                self.step(blob)
        except OSError:
            pass  # the kill
        except AssertionError as wrong:
            self.known["faults"].append(str(wrong))

    def step(self, blob):
        name = f"w{self.number}n{self.random.randrange(NAMES)}"
        state = self.known["blobs"].setdefault(name, {"may be": {None}, "version": 0})
        state["version"] += 1
        version = None if self.random.random() < 0.15 else state["version"]
        state["may be"] = state["may be"] | {version}
        if version is None:
            blob.call("DELETE", f"box/{name}").expect(202, 404)
        elif self.random.random() < 0.2:
            self.put_in_blocks(blob, name, content(name, version))
        else:
            blob.put(f"box/{name}", content(name, version)).expect(201)
        state["may be"] = {version}
        self.acknowledged += 1

    @staticmethod
    def put_in_blocks(blob, name, body):
        half = len(body) // 2
        blocks = [(key, part) for key, part in (("AAAA", body[:half]), ("BBBB", body[half:])) if part]
        for key, part in blocks:
            blob.call("PUT", f"box/{name}", part, query={"comp": "block", "blockid": key}).expect(201)
        names = "".join(f"<Latest>{key}</Latest>" for key, _ in blocks)
        blob.call("PUT", f"box/{name}", f"<BlockList>{names}</BlockList>".encode(), query={"comp": "blocklist"}).expect(201)


class Crash(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="crash-")
        self.addCleanup(folder.cleanup)
        self.location = pathlib.Path(folder.name) / "state"
        self.known = {"blobs": {}, "faults": []}

    def test_kill_9_amid_writers_loses_nothing_and_leaves_nothing(self):
        self.crash_and_look()

    def test_the_same_with_fsync(self):
        self.crash_and_look("--durability", "fsync")

    def crash_and_look(self, *arguments):
        seed = int(os.environ.get("BLUEBATCH_TEST_SEED", time.time_ns() % 1_000_000))
        moments = random.Random(seed)
        acknowledged = 0
        for kill in range(KILLS):
            with self.subTest(kill=kill, seed=seed):
                emulator = Emulator(*arguments, location=self.location)
                if kill == 0:
                    Blob(emulator.blob).create_container("box")
                self.look(emulator)
                writers = [Writer(i, emulator.blob, self.known, seed + kill * WRITERS + i) for i in range(WRITERS)]
                for writer in writers:
                    writer.start()
                time.sleep(moments.uniform(0.02, 0.4))
                emulator.kill()
                for writer in writers:
                    writer.join()
                acknowledged += sum(writer.acknowledged for writer in writers)
                self.assertEqual(self.known["faults"], [])
        self.assertGreater(acknowledged, 20 * KILLS)
        emulator = Emulator(*arguments, location=self.location)
        self.addCleanup(emulator.end)
        self.look(emulator)

    def look(self, emulator):
        blob = Blob(emulator.blob)
        for name, state in self.known["blobs"].items():
            answer = blob.get(f"box/{name}").expect(200, 404)
            found = answer.body if answer.status == 200 else None
            held = [v for v in state["may be"] if (None if v is None else content(name, v)) == found]
            self.assertTrue(held, f"{name}: {found and (len(found), found[:60])!r} is none of {state['may be']}")
            state["may be"] = set(held)
        wait_until(lambda: self.files() == self.rows(), 20, "the files that no row names are gone")
        self.assertEqual(list((self.location / "spool").iterdir()), [])

    def files(self):
        return sum(1 for path in (self.location / "content").rglob("*") if path.is_file())

    def rows(self):
        with sqlite3.connect(f"file:{self.location}/blob.sqlite?mode=ro", uri=True, timeout=10) as database:
            return database.execute("SELECT count(*) FROM contents WHERE bytes IS NULL").fetchone()[0]

"""The client where services are busy, lose answers or go away: what it sends again, and what it does not."""

import hashlib
import pathlib
import random
import signal
import subprocess
import tempfile
import unittest

from client_commands import SUCCESS, run_client
from client_runs import Folders, transcode
from emulator import clean_environment, program, wait_until
from faulty_front import Answer, CutAfter, CutAmid, CutBefore, FaultyFront, Hold, Spoil, server_busy
from shared_emulator import SharedEmulator
from wire import Blob

MIB = 1 << 20


class Faults(SharedEmulator):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="faults-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.blob = Blob(self.emulator.blob)
        self.addCleanup(self.blob.close)

    def fronts(self, batch=None, blob=None):
        """Fronts before both services, and the environment that leads to them."""
        pass_on = lambda method, target, number: None
        fronts = [FaultyFront(self.emulator.batch, batch or pass_on), FaultyFront(self.emulator.blob, blob or pass_on)]
        for front in fronts:
            self.addCleanup(front.close)
        return (*fronts, clean_environment(BLUEBATCH_BATCH_URL=fronts[0].url, BLUEBATCH_BLOB_URL=fronts[1].url))

    def client(self, environment, *arguments, status=SUCCESS, **more):
        run = run_client(*arguments, environment=environment, **more)
        self.assertEqual(run.returncode, status, f"{arguments}\n{run.stdout}{run.stderr}")
        return run

    def film(self, size, name="film.bin"):
        """A file with content that compresses to nothing else, and a container for it."""
        path = self.folder / name
        path.write_bytes(random.Random(size).randbytes(size))
        return path

    def container(self, name):
        self.blob.create_container(name)
        return name

    def assert_blob(self, path, file):
        self.assertEqual(hashlib.md5(self.blob.get(path).expect(200).body).digest(), hashlib.md5(file.read_bytes()).digest())

    def test_a_busy_service_slows_an_upload_and_a_download(self):
        file, container = self.film(41 * MIB + 5), self.container("busy")
        _, front, environment = self.fronts(blob=lambda method, target, number: server_busy() if number % 2 else None)

        run = self.client(environment, "blob", "upload", str(file), f"{container}/film.bin")
        self.assert_blob(f"{container}/film.bin", file)
        self.assertGreater(len(front.requests), 10)
        self.assertIn("Storage asks for fewer requests", run.stderr)

        self.client(environment, "blob", "download", f"{container}/film.bin", str(self.folder / "back.bin"))
        self.assertEqual((self.folder / "back.bin").read_bytes(), file.read_bytes())

    def test_connections_that_are_lost_amid_a_download_go_on_where_they_stopped(self):
        file, container = self.film(21 * MIB), self.container("amid")
        self.client(self.fronts()[2], "blob", "upload", str(file), f"{container}/film.bin")
        lost = set()

        def lose_each_once(method, target, number):
            wanted = front.requests[-1][2]
            if method != "GET" or len(lost) == 2 or (wanted.startswith("bytes=0-") and lost):
                return None
            lost.add(wanted)
            return CutAmid()

        _, front, environment = self.fronts(blob=lose_each_once)
        self.client(environment, "blob", "download", f"{container}/film.bin", str(self.folder / "back.bin"))

        self.assertEqual((self.folder / "back.bin").read_bytes(), file.read_bytes())
        self.assertEqual(len(lost), 2)
        self.assertEqual([path.name for path in self.folder.iterdir() if path.name.endswith(".part")], [])
        begins = {int(wanted.partition("=")[2].partition("-")[0]) for wanted in front.ranges()}
        self.assertTrue(any(begin % (8 * MIB) for begin in begins), begins)

    def test_a_killed_upload_leaves_its_blocks_to_the_next_one(self):
        file, container = self.film(48 * MIB), self.container("killed")
        blocks = "comp=block&"
        held = []

        def hold_the_last(method, target, number):
            if blocks in target and sum(1 for _, seen, _ in front.requests if blocks in seen) > 4:
                held.append(number)
                return Hold()
            return None

        _, front, environment = self.fronts(blob=hold_the_last)
        upload = subprocess.Popen([program("bluebatch"), "blob", "upload", str(file), f"{container}/film.bin"], env=environment,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(upload.kill)

        def came():
            listed = self.blob.call("GET", f"{container}/film.bin", query={"comp": "blocklist", "blocklisttype": "uncommitted"})
            return held and listed.status == 200 and len(list(listed.xml.iter("Block"))) == 4

        wait_until(came, what="four blocks")
        upload.send_signal(signal.SIGKILL)
        upload.wait(30)

        _, again, environment = self.fronts()
        self.client(environment, "blob", "upload", str(file), f"{container}/film.bin")
        self.assertEqual(again.count("PUT", blocks), 2, again.requests)
        self.assert_blob(f"{container}/film.bin", file)

    def test_what_was_damaged_on_its_way_does_not_become_a_blob(self):
        container = self.container("damaged")
        for size, words in ((1000, "film.bin"), (20 * MIB, "comp=block&")):
            spoil = lambda method, target, number, words=words: Spoil() if method == "PUT" and words in target else None
            _, _, environment = self.fronts(blob=spoil)
            run = self.client(environment, "blob", "upload", str(self.film(size)), f"{container}/film.bin", status=3)
            self.assertIn("Md5Mismatch", run.stderr)
            self.assertEqual(self.blob.names(container), [])

    def test_what_was_damaged_once_is_sent_again(self):
        container = self.container("once")
        for size in (1000, 20 * MIB):
            spoilt = []

            def spoil_the_first(method, target, number):
                if method != "PUT" or "restype=container" in target or spoilt:
                    return None
                spoilt.append(target)
                return Spoil()

            _, _, environment = self.fronts(blob=spoil_the_first)
            file = self.film(size)
            self.client(environment, "blob", "upload", str(file), f"{container}/{size}.bin")
            self.assertEqual(len(spoilt), 1)
            self.assert_blob(f"{container}/{size}.bin", file)

    def test_lost_answers_do_not_make_things_twice_and_are_no_failures(self):
        lost = set()

        def lose_the_first_of_each(method, target, number):
            key = (method, target.partition("?")[0])
            if method not in ("POST", "DELETE") or key in lost:
                return None
            lost.add(key)
            return CutAfter()

        batch, _, environment = self.fronts(batch=lose_the_first_of_each)
        client = lambda *words: self.client(environment, *words)
        client("pool", "create", "lost", "--vm-size", "STANDARD_A1_v2", "--nodes", "0")
        client("job", "create", "lost", "--pool", "lost")
        client("task", "create", "lost", "once", "--command", "true")
        self.assertEqual(self.ids("/jobs/lost/tasks"), ["once"])
        client("task", "terminate", "lost", "once")
        client("task", "delete", "lost", "once", "--yes")
        client("job", "delete", "lost", "--yes")
        client("pool", "delete", "lost", "--yes")
        self.assertGreaterEqual(len(lost), 7, batch.requests)

    def test_somebody_elses_is_no_success(self):
        lost = []

        def lose_the_first(method, target, number):
            if method != "POST" or lost:
                return None
            lost.append(target)
            return CutBefore()

        _, _, environment = self.fronts(batch=lose_the_first)
        self.client(self.fronts()[2], "pool", "create", "taken", "--vm-size", "STANDARD_A1_v2", "--nodes", "0")
        run = self.client(environment, "pool", "create", "taken", "--vm-size", "STANDARD_A1_v2", "--nodes", "0", status=2)
        self.assertIn("PoolExists", run.stderr)
        self.assertEqual(len(lost), 1)

    def test_a_service_that_is_away_is_given_up(self):
        page = Answer(503, b"<html><body>Service Unavailable</body></html>", Content_Type="text/html")
        front, _, environment = self.fronts(batch=lambda method, target, number: page if number > 1 else None)
        run = self.client(environment, "pool", "list", status=3)
        self.assertIn("503", run.stderr)
        self.assertLess(len(front.requests), 20)

    def test_a_whole_run_on_busy_services(self):
        # Each thing is refused once: what comes a second time gets through, from nodes as well.
        asked = set()
        choose = lambda method, target, number: None if (method, target) in asked else asked.add((method, target)) or server_busy()
        refuse = lambda method, target, number: Answer(429, b"", Retry_After="0") if number % 4 == 0 else None
        _, _, environment = self.fronts(batch=refuse, blob=choose)
        folders = Folders(["clip.mp4", "other.mp4"])
        self.addCleanup(folders.cleanup)
        run = transcode(folders, "--yes", "--job-id", "busy", "--pool-id", "busy", environment=environment)
        self.assertEqual(run.returncode, 0, run.stderr)
        folders.assert_results(self, ["clip.mp3", "other.mp3"])


if __name__ == "__main__":
    unittest.main()

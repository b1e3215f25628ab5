"""Kill -9 at any moment loses nothing that was acknowledged; what was running runs again."""

import pathlib
import tempfile
import threading
import unittest

from emulator import Emulator, gated, is_running, wait_until
from wire import Batch, Blob


class Restart(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="restart-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.location = self.folder / "state"

    def start(self):
        emulator = Emulator(location=self.location)
        self.addCleanup(emulator.end)
        return emulator

    def test_state_is_there_after_kill(self):
        first = self.start()
        batch, blob = Batch(first.batch), Blob(first.blob)
        batch.add_pool("p", dedicated=2)
        batch.add_job("j", "p")
        batch.add_task("j", "done", "/bin/sh -c 'echo out; exit 7'")
        before = batch.wait_for_task("j", "done")
        blob.create_container("box")
        blob.put("box/small", b"small").expect(201)
        blob.put("box/large", b"0123456789" * 100_000).expect(201)
        blob.call("PUT", "box/blocks", b"block", query={"comp": "block", "blockid": "AAAA"}).expect(201)
        first.kill()

        second = self.start()
        batch, blob = Batch(second.batch), Blob(second.blob)
        pool = batch.get("/pools/p").expect(200).json
        self.assertEqual((pool["state"], pool["targetDedicatedNodes"]), ("active", 2))
        self.assertEqual(len(batch.get("/pools/p/nodes").json["value"]), 2)
        after = batch.task("j", "done")
        for member in ("state", "creationTime", "stateTransitionTime", "executionInfo"):
            self.assertEqual(after[member], before[member], member)
        self.assertEqual(after["executionInfo"]["exitCode"], 7)
        self.assertEqual(batch.file("j", "done", "stdout.txt"), b"out\n")
        self.assertEqual(blob.get("box/small").body, b"small")
        self.assertEqual(blob.get("box/large").body, b"0123456789" * 100_000)
        blocks = blob.get("box/blocks", comp="blocklist", blocklisttype="uncommitted").expect(200)
        self.assertEqual([name.text for name in blocks.xml.iter("Name")], ["AAAA"])

    def test_running_tasks_run_again_and_their_old_processes_are_gone(self):
        first = self.start()
        batch = Batch(first.batch)
        batch.add_pool("p", dedicated=1)
        batch.add_job("j", "p")
        trace = self.folder / "trace"
        gate = self.folder / "gate"
        batch.add_task("j", "t", f"/bin/sh -c 'echo $$ >> {trace}; {gated(gate)}; echo end'")
        batch.add_task("j", "waiting", "/bin/true")
        wait_until(lambda: trace.exists() and trace.read_text().strip(), 20, "the first run")
        old = trace.read_text().strip()
        first.kill()

        second = self.start()
        batch = Batch(second.batch)
        wait_until(lambda: len(trace.read_text().split()) == 2, 20, "the second run")
        self.assertFalse(is_running(old), "the process of the first run is still there")
        gate.touch()
        task = batch.wait_for_task("j", "t")
        self.assertEqual(task["executionInfo"]["exitCode"], 0)
        self.assertEqual(task["executionInfo"].get("retryCount", 0), 0)
        batch.wait_for_task("j", "waiting")

    def test_a_clean_end_is_a_restart_like_any_other(self):
        first = self.start()
        batch = Batch(first.batch)
        batch.add_pool("p", dedicated=1)
        batch.add_job("j", "p")
        gate = self.folder / "gate"
        batch.add_task("j", "t", f"/bin/sh -c '{gated(gate)}'")
        batch.wait_for_task("j", "t", state="running")
        first.stop()
        gate.touch()
        task = Batch(self.start().batch).wait_for_task("j", "t")
        self.assertEqual(task["executionInfo"]["result"], "success")

    def test_no_acknowledged_write_is_lost_whenever_the_kill_comes(self):
        acknowledged = self.write_until_killed()
        self.assertGreater(len(acknowledged["tasks"]), 20)
        self.assertGreater(len(acknowledged["blobs"]), 20)
        emulator = self.start()
        batch, blob = Batch(emulator.batch), Blob(emulator.blob)
        for task in acknowledged["tasks"]:
            batch.get(f"/jobs/j/tasks/{task}").expect(200)
        for name in acknowledged["blobs"]:
            self.assertEqual(blob.get(f"box/{name}").expect(200).body, name.encode() * 500, name)

    def write_until_killed(self):
        """Adds tasks and blobs from two threads and kills the emulator in the middle of it."""
        emulator = self.start()
        Batch(emulator.batch).add_pool("p")
        Batch(emulator.batch).add_job("j", "p")
        Blob(emulator.blob).create_container("box")
        acknowledged = {"tasks": [], "blobs": []}

        def add_tasks():
            batch = Batch(emulator.batch)
            while True:
                task = f"t{len(acknowledged['tasks'])}"
                batch.add_task("j", task, "/bin/true")
                acknowledged["tasks"].append(task)

        def put_blobs():
            blob = Blob(emulator.blob)
            while True:
                name = f"b{len(acknowledged['blobs'])}"
                blob.put(f"box/{name}", name.encode() * 500).expect(201)
                acknowledged["blobs"].append(name)

        def until_it_dies(work):
            try:
                work()
            except OSError:
                pass  # the kill

        writers = [threading.Thread(target=until_it_dies, args=(work,)) for work in (add_tasks, put_blobs)]
        for writer in writers:
            writer.start()
        wait_until(lambda: min(map(len, acknowledged.values())) > 50, 30, "fifty writes of each kind")
        emulator.kill()
        for writer in writers:
            writer.join()
        return acknowledged

"""Start and end of the emulator, as a person or a service manager sees them."""

import http.client
import json
import pathlib
import signal
import socket
import subprocess
import tempfile
import unittest
import urllib.parse

from emulator import Emulator, clean_environment, is_running, program, wait_until
from wire import Batch

END_SECONDS = 5


def run(*arguments, **environment):
    return subprocess.run(
        [program("bluebatch-emulator"), *arguments], env=clean_environment(**environment), stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=30, check=False)


def health(address):
    url = urllib.parse.urlsplit(address)
    connection = http.client.HTTPConnection(url.hostname, url.port, timeout=10)
    connection.request("GET", "/_bluebatch/health")
    return connection.getresponse().status


def children_of(pid):
    """Every process that descends from pid."""
    parents = {}
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(fields[1])
    found = {pid}
    while True:
        more = {child for child, parent in parents.items() if parent in found} - found
        if not more:
            return found - {pid}
        found |= more


def processes_of_tasks(location):
    """Those that nodes of the location run."""
    marker = f"AZ_BATCH_NODE_ROOT_DIR={location.resolve()}/".encode()
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if marker in (entry / "environ").read_bytes() and is_running(int(entry.name)):
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


class Lifecycle(unittest.TestCase):
    def folder(self):
        made = tempfile.TemporaryDirectory(prefix="lifecycle-")
        self.addCleanup(made.cleanup)
        return pathlib.Path(made.name)

    def busy_emulator(self, *arguments, **more):
        """An emulator with a node that runs a command which would take long."""
        emulator = Emulator(*arguments, **more)
        self.addCleanup(emulator.end)
        batch = Batch(emulator.batch)
        batch.add_pool("p", dedicated=1)
        batch.add_job("j", "p")
        batch.add_task("j", "long", "/bin/sh -c 'sleep 600 & sleep 600'")
        batch.wait_for_task("j", "long", state="running")
        return emulator

    def test_help_teaches_and_the_version_is_told(self):
        told = run("--help")
        self.assertEqual(told.returncode, 0)
        for word in ("--blob-port", "--batch-port", "--location", "--in-memory", "--account", "--endpoints-file", "BLUEBATCH_"):
            self.assertIn(word, told.stdout)
        self.assertRegex(run("--version").stdout, r"\d+\.\d+\.\d+")

    def test_a_wrong_option_is_named(self):
        told = run("--bolb-port", "1")
        self.assertEqual(told.returncode, 2)
        self.assertIn("--bolb-port", told.stderr)

    def test_a_port_in_use_is_named(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
            told = run("--in-memory", "--blob-port", port, "--batch-port", "0")
        self.assertNotEqual(told.returncode, 0)
        self.assertIn(port, told.stderr)
        self.assertIn("in use", told.stderr)

    def test_flags_come_from_the_environment_too(self):
        endpoints = self.folder() / "endpoints.json"
        data = self.folder()
        started = subprocess.Popen(
            [program("bluebatch-emulator")], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            env=clean_environment(BLUEBATCH_IN_MEMORY="true", BLUEBATCH_BLOB_PORT="0", BLUEBATCH_BATCH_PORT="0",
                                  BLUEBATCH_LOG_FORMAT="json", BLUEBATCH_LOG_LEVEL="info", XDG_DATA_HOME=str(data),
                                  BLUEBATCH_ENDPOINTS_FILE=str(endpoints)))
        wait_until(endpoints.exists, 30, "the endpoints file")
        self.assertEqual(health(json.loads(endpoints.read_text())["batch"]), 200)
        started.terminate()
        _, log = started.communicate(timeout=30)
        self.assertIn("GET /_bluebatch/health", json.loads(log.splitlines()[0])["message"])
        self.assertEqual([], list(data.iterdir()))

    def test_without_a_folder_for_temporary_files_it_runs_all_the_same(self):
        location = self.folder()
        with Emulator(location=location, environment=clean_environment(TMPDIR=str(location / "missing"))) as emulator:
            self.assertEqual(health(emulator.batch), 200)
            process = emulator.process
        self.assertEqual(process.returncode, 0)

    def test_a_start_that_fails_in_the_end_leaves_nothing_running(self):
        location = self.folder()
        self.busy_emulator(location=location).kill()
        missing = location / "missing" / "endpoints.json"
        told = run("--location", str(location), "--blob-port", "0", "--batch-port", "0", "--endpoints-file", str(missing))
        self.assertEqual(told.returncode, 1)
        self.assertIn(f"can't write {missing}", told.stderr)
        self.assertEqual(processes_of_tasks(location), [])

    def test_once_the_endpoints_file_is_there_everything_answers(self):
        with Emulator() as emulator:
            self.assertEqual(health(emulator.batch), 200)
            self.assertEqual(emulator.endpoints["pid"], emulator.process.pid)
            self.assertTrue(emulator.blob.endswith("/devstoreaccount1"))
            self.assertIn("/_bluebatch/ui/", emulator.endpoints["dashboard"])
            self.assertTrue(pathlib.Path(emulator.endpoints["ca"]).is_file())
            self.assertIn("Blob service is successfully listening at http://127.0.0.1:", emulator.output())
            self.assertIn("Batch service is successfully listening at http://127.0.0.1:", emulator.output())
            self.assertEqual([file.name for file in emulator.folder.glob("endpoints*")], ["endpoints.json"])

    def test_ends_within_seconds_of_sigterm_and_sigint(self):
        for end_signal in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(signal=end_signal.name):
                emulator = self.busy_emulator()
                children = wait_until(lambda: children_of(emulator.process.pid), 10, "the task's process")
                status, seconds = emulator.stop(end_signal)
                self.assertEqual(status, 0)
                self.assertLess(seconds, END_SECONDS)
                wait_until(lambda: not any(map(is_running, children)), 5, "the end of tasks")

    def test_ends_in_time_with_connections_open(self):
        emulator = Emulator()
        self.addCleanup(emulator.end)
        batch, half = Batch(emulator.batch), urllib.parse.urlsplit(emulator.blob)
        batch.get("/pools").expect(200)
        with socket.create_connection((half.hostname, half.port)) as idle:
            idle.sendall(b"PUT /devstoreaccount1/c/b HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n")
            status, seconds = emulator.stop()
        self.assertEqual(status, 0)
        self.assertLess(seconds, END_SECONDS)

    def test_in_memory_leaves_nothing_behind(self):
        temporary = self.folder()
        before = set(pathlib.Path("/dev/shm").iterdir())
        emulator = self.busy_emulator(environment=clean_environment(TMPDIR=str(temporary)))
        emulator.stop()
        self.assertEqual(list(temporary.iterdir()), [])
        ours = [path for path in set(pathlib.Path("/dev/shm").iterdir()) - before
                if path.is_dir() and (path / "lock").exists()
                and (path / "lock").read_text().strip() == str(emulator.process.pid)]
        self.assertEqual(ours, [])

    def test_a_location_has_one_emulator_at_a_time(self):
        location = self.folder() / "state"
        first = Emulator(location=location)
        self.addCleanup(first.end)
        told = run("--location", str(location), "--blob-port", "0", "--batch-port", "0")
        self.assertNotEqual(told.returncode, 0)
        self.assertIn(str(first.process.pid), told.stderr)
        first.stop()
        Emulator(location=location).stop()

    def test_own_accounts_replace_the_well_known_ones(self):
        key = "c2VjcmV0IG9mIGEgdGVzdA=="
        with Emulator("--batch-account", f"mine:{key}", "--account", f"minestore:{key}") as emulator:
            Batch(emulator.batch, account="mine", key=key).get("/pools").expect(200)
            Batch(emulator.batch).get("/pools").expect(403)
            self.assertIn("minestore", json.dumps(emulator.endpoints))
            self.assertNotIn(key, emulator.output())

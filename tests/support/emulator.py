"""Starts the real bluebatch-emulator for a test and ends it again."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

BLOB_ACCOUNT = "devstoreaccount1"
BLOB_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
BATCH_ACCOUNT = "devbatchaccount1"
BATCH_KEY = "Ymx1ZWJhdGNoIGVtdWxhdG9yOiB0aGUgd2VsbC1rbm93biBkZXZlbG9wbWVudCBrZXksIG5vdCBhIHNlY3JldA=="


def program(name):
    """The built program, from $BLUEBATCH_BIN or build/dev/bin."""
    folder = pathlib.Path(os.environ.get("BLUEBATCH_BIN", ROOT / "build" / "dev" / "bin"))
    return str(folder / name)


def clean_environment(**more):
    """The environment without what would steer our programs."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("BLUEBATCH_", "AZURE_", "AZURITE_")) and not name.lower().endswith("_proxy")
    }
    return {**kept, **more}


def wait_until(condition, seconds=30.0, what="the condition"):
    """Polls; returns the first true answer, or fails."""
    deadline = time.monotonic() + seconds
    pause = 0.005
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come true within {seconds} s")
        time.sleep(pause)
        pause = min(pause * 1.5, 0.1)


def is_running(pid):
    """False also for a process that has ended and that nobody has asked about yet."""
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rsplit(")", 1)[1].split()[0] not in ("Z", "X")


def gated(gate):
    """Shell words that last until the gate is there, or until the test is over and its folder gone."""
    return f"while [ -d {gate.parent} ] && [ ! -e {gate} ]; do sleep 0.02; done"


class Emulator:
    """One running emulator. Use it as a context manager, or call stop(); kill() ends it without a word.

    `wrapper` is a command that becomes the one behind it.
    """

    def __init__(self, *arguments, location=None, seconds=30.0, environment=None, wrapper=()):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bluebatch-test-"))
        self.endpoints_file = self.folder / "endpoints.json"
        self.log = self.folder / "emulator.log"
        state = ["--in-memory"] if location is None else ["--location", str(location)]
        command = [
            *wrapper, program("bluebatch-emulator"), "--blob-port", "0", "--batch-port", "0",
            "--endpoints-file", str(self.endpoints_file), *state, *arguments,
        ]
        started = time.monotonic()
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                env=environment or clean_environment(),
            )
        try:
            wait_until(self._is_up, seconds, "the start of the emulator")
        except BaseException:
            self.kill()
            raise
        self.start_seconds = time.monotonic() - started
        endpoints = json.loads(self.endpoints_file.read_text())
        self.blob = endpoints["blob"]
        self.batch = endpoints["batch"]
        self.endpoints = endpoints

    def _is_up(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the emulator ended with {self.process.returncode}:\n{self.output()}")
        return self.endpoints_file.exists()

    def output(self):
        return self.log.read_text(errors="replace")

    def status(self, field):
        """A number of /proc/PID/status, for example VmRSS in KiB."""
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(field + ":"):
                return int(line.split()[1])
        raise KeyError(field)

    def connection_string(self):
        return (f"DefaultEndpointsProtocol=http;AccountName={BLOB_ACCOUNT};AccountKey={BLOB_KEY};"
                f"BlobEndpoint={self.blob};")

    def stop(self, end_signal=signal.SIGTERM, seconds=30.0):
        """Ends it politely; returns the exit status and the seconds it took."""
        began = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(end_signal)
        try:
            status = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"the emulator did not end within {seconds} s of signal {end_signal}")
        finally:
            took = time.monotonic() - began
            shutil.rmtree(self.folder, ignore_errors=True)
        return status, took

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def end(self):
        """For addCleanup: ends what still runs, its tasks included, without judging how."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                pass
        self.kill()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

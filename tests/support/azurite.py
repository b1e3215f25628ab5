"""Azurite beside our Blob service: the emulator that people know, from npm, pinned by tests/benchmark/peers."""

import pathlib
import signal
import socket
import subprocess

from emulator import ROOT, clean_environment, wait_until

PEERS = ROOT / "tests" / "benchmark" / "peers"
NODE = PEERS / "node_modules" / "node" / "bin" / "node"
AZURITE = PEERS / "node_modules" / "azurite" / "dist" / "src" / "blob" / "main.js"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
        return True
    except OSError:
        return False


class Process:
    """A server that is there once its port answers, and gone at the end of the block."""

    def __init__(self, port, *command, log):
        self.port = port
        with open(log, "wb") as output:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=clean_environment())
        try:
            wait_until(lambda: self.process.poll() is not None or answers(port), 60, f"the start of {command[0]}")
        except BaseException:
            self.stop()
            raise
        if self.process.poll() is not None:
            said = pathlib.Path(log).read_text(errors="replace")[-3000:]
            raise AssertionError(f"{command[0]} did not start:\n{said}")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Azurite(Process):
    """Its Blob service. The folder holds its log and, unless it works in memory, what it stores."""

    def __init__(self, folder, in_memory=False):
        if not AZURITE.is_file() or not NODE.is_file():
            raise AssertionError(f"Azurite is not here: npm ci in {PEERS}, as ./scripts/test and ./scripts/bench blob do")
        port = free_port()
        state = ["--inMemoryPersistence"] if in_memory else ["--location", str(folder)]
        super().__init__(
            port, str(NODE), str(AZURITE), "--blobPort", str(port), *state, "--silent", "--skipApiVersionCheck",
            "--disableTelemetry", log=pathlib.Path(folder) / "azurite.log")

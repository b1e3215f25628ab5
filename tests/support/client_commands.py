"""Runs the client's daily commands against an emulator that the tests of a class share."""

import json
import os
import pathlib
import pty
import subprocess
import tempfile

from client_runs import emulator_environment
from emulator import clean_environment, program
from shared_emulator import SharedEmulator
from wire import Blob

SUCCESS, TASK_FAILED, USAGE, UNREACHABLE, INTERRUPTED = 0, 1, 2, 3, 130


def run_client(*arguments, environment=None, typed="", seconds=60):
    """Runs to the end, away from any terminal; the answer has returncode, stdout and stderr."""
    return subprocess.run([program("bluebatch"), *arguments], env=environment or clean_environment(), input=typed,
                          capture_output=True, text=True, timeout=seconds, check=False)


class Commands(SharedEmulator):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.blob = Blob(cls.emulator.blob)
        cls.addClassCleanup(cls.blob.close)
        cls.environment = emulator_environment(cls.emulator)

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="commands-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def client(self, *arguments, status=SUCCESS, **more):
        run = run_client(*arguments, environment=self.environment, **more)
        self.assertEqual(run.returncode, status, f"{arguments}\n{run.stdout}{run.stderr}")
        return run

    def client_json(self, *arguments, **more):
        return json.loads(self.client(*arguments, "--json", **more).stdout)

    def rows(self, *arguments):
        """The table of a command as lists of cells; no cell of it may hold blanks."""
        return [line.split() for line in self.client(*arguments).stdout.splitlines()]

    def start(self, *arguments, **more):
        process = subprocess.Popen([program("bluebatch"), *arguments], env=self.environment, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)
        self.addCleanup(end, process)
        return process

    def on_terminal(self, *arguments, typed=b"", after=b""):
        """What a person sees who runs this at a terminal of 80 columns and types once that is shown, and the exit status."""
        shown = bytearray()
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve(program("bluebatch"), ["bluebatch", *arguments], {**self.environment, "TERM": "xterm", "COLUMNS": "80"})
        try:
            while True:
                if typed and after in shown:
                    os.write(terminal, typed)
                    typed = b""
                try:
                    piece = os.read(terminal, 65536)
                except OSError:  # how Linux tells the end of a terminal
                    break
                if not piece:
                    break
                shown += piece
        finally:
            os.close(terminal)
        _, status = os.waitpid(pid, 0)
        return shown.decode(errors="replace").replace("\r\n", "\n"), os.waitstatus_to_exitcode(status)


def end(process):
    if process.poll() is None:
        process.kill()
    process.communicate()

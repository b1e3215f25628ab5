"""A small file system of its own for a test: a tmpfs in a mount namespace that nobody else sees."""

import contextlib
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

MIB = 1 << 20


class SmallDisk:
    """Mounted from its making to close(); programs reach it through `wrapper`, and the test through `seen`."""

    def __init__(self, mebibytes):
        needed = ("unshare", "nsenter", "mount")
        missing = [name for name in needed if shutil.which(name) is None]
        if missing:
            raise unittest.SkipTest(f"not installed: {', '.join(missing)}")
        self.mount_point = pathlib.Path(tempfile.mkdtemp(prefix="small-disk-"))
        # Who is not root becomes it in a namespace of users, where the machine allows that.
        user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
        script = f"mount -t tmpfs -o size={mebibytes}m none {self.mount_point} && echo mounted && exec cat"
        self.holder = subprocess.Popen(
            ["unshare", *user, "--mount", "sh", "-c", script],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        if self.holder.stdout.readline().strip() != "mounted":
            reason = self.holder.communicate()[1].strip()
            self.mount_point.rmdir()
            raise unittest.SkipTest(f"no file system can be mounted here: {reason}")
        entered = ["--user", "--preserve-credentials"] if user else []
        self.wrapper = ["nsenter", "--target", str(self.holder.pid), *entered, "--mount"]
        self.seen = pathlib.Path(f"/proc/{self.holder.pid}/root{self.mount_point}")

    def free(self):
        state = os.statvfs(self.seen)
        return state.f_bavail * state.f_frsize

    @contextlib.contextmanager
    def filled(self):
        """Somebody else takes what is left, to the last byte, and gives it back at the end."""
        filler = self.seen / "filler"
        try:
            with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
                while True:
                    file.write(b"\0" * 4096)
            yield
        finally:
            filler.unlink()

    def close(self):
        self.holder.communicate()
        self.mount_point.rmdir()

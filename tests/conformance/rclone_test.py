"""rclone, as people copy trees with it: up, compared, listed, read in part, mirrored, copied on the server, purged."""

import pathlib
import random
import re
import shutil
import subprocess
import tempfile
import unittest

from emulator import BLOB_ACCOUNT, BLOB_KEY, Emulator, clean_environment
from wire import Blob

if shutil.which("rclone") is None:
    raise unittest.SkipTest("rclone is not installed (apt-get install rclone)")

MIB = 1 << 20
LARGE = random.Random(1).randbytes(101 * MIB + 7)
FILES = {
    "plain.txt": b"plain",
    "empty": b"",
    "with blanks/a b  c.txt": b"blanks",
    "with blanks/100% & more + #1?.txt": b"signs",
    "äöü/日本語/naïve ☃.bin": bytes(range(256)) * 40,
    "deep/er/and/er/leaf": b"leaf",
    "large.bin": LARGE,
}


def version():
    said = subprocess.run(["rclone", "version"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True).stdout
    return tuple(map(int, re.search(r"v(\d+)\.(\d+)", said).groups()))


def files_in(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def write(folder, files):
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


class Rclone(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory(prefix="rclone-")
        cls.addClassCleanup(cls.scratch.cleanup)
        cls.tree = pathlib.Path(cls.scratch.name, "tree")
        write(cls.tree, FILES)

    def setUp(self):
        self.emulator = Emulator()
        self.addCleanup(self.emulator.end)
        self.blob = Blob(self.emulator.blob)
        self.environment = clean_environment(
            RCLONE_CONFIG=f"{self.scratch.name}/none.conf", RCLONE_RETRIES="1", RCLONE_LOW_LEVEL_RETRIES="2",
            RCLONE_CONFIG_OURS_TYPE="azureblob", **self.way_in())

    def way_in(self):
        """Before 1.62 an endpoint is always reached by HTTPS; only the address of a SAS may be of HTTP."""
        if version() < (1, 62):
            return {"RCLONE_CONFIG_OURS_SAS_URL": f"{self.emulator.blob}?{self.blob.account_sas()}"}
        return {"RCLONE_CONFIG_OURS_ACCOUNT": BLOB_ACCOUNT, "RCLONE_CONFIG_OURS_KEY": BLOB_KEY,
                "RCLONE_CONFIG_OURS_ENDPOINT": self.emulator.blob}

    def run_rclone(self, *arguments):
        return subprocess.run(["rclone", *map(str, arguments)], env=self.environment, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=120, check=False)

    def rclone(self, *arguments):
        run = self.run_rclone(*arguments)
        if run.returncode != 0:
            self.fail(f"rclone {' '.join(map(str, arguments))}: {run.stderr.decode(errors='replace')[-3000:]}")
        return run.stdout

    def listed(self, remote):
        """Names and sizes, as rclone sees them."""
        lines = self.rclone("lsf", "-R", "--files-only", "--format", "sp", "--separator", "|", remote).decode().splitlines()
        return {name: int(size) for size, name in (line.split("|", 1) for line in lines)}

    def test_a_tree_goes_up_and_comes_back(self):
        self.rclone("copy", self.tree, "ours:upload/tree")
        self.assertEqual(self.listed("ours:upload/tree"), {name: len(content) for name, content in FILES.items()})
        self.rclone("check", self.tree, "ours:upload/tree")
        self.rclone("check", "--download", self.tree, "ours:upload/tree")
        self.assertEqual(sorted(self.blob.names("upload")), sorted(f"tree/{name}" for name in FILES))
        blocks = self.blob.get("upload/tree/large.bin", comp="blocklist").expect(200).xml
        sizes = [int(size.text) for size in blocks.iter("Size")]
        self.assertGreater(len(sizes), 20)
        self.assertEqual(sum(sizes), len(LARGE))
        back = pathlib.Path(self.scratch.name, "back")
        self.rclone("copy", "ours:upload/tree", back)
        self.assertEqual(files_in(back), FILES)

    def test_a_range_is_read(self):
        self.rclone("copy", self.tree, "ours:part")
        self.assertEqual(self.rclone("cat", "--offset", 50 * MIB, "--count", 1000, "ours:part/large.bin"),
                         LARGE[50 * MIB:50 * MIB + 1000])
        self.assertEqual(self.rclone("cat", "--tail", 7, "ours:part/large.bin"), LARGE[-7:])
        self.assertEqual(self.rclone("cat", "ours:part/äöü/日本語/naïve ☃.bin"), FILES["äöü/日本語/naïve ☃.bin"])

    def test_check_sees_what_differs(self):
        self.blob.create_container("differing")
        self.blob.put("differing/plain.txt", b"plaiN").expect(201)
        one = pathlib.Path(self.scratch.name, "one")
        write(one, {"plain.txt": b"plain"})
        run = self.run_rclone("check", one, "ours:differing")
        self.assertNotEqual(run.returncode, 0)
        self.assertIn(b"plain.txt", run.stderr)

    def test_sync_deletes_what_is_gone_and_sends_what_changed(self):
        mirrored = pathlib.Path(self.scratch.name, "mirrored")
        write(mirrored, {"keep": b"kept", "change": b"before", "gone/deep": b"x", "gone too": b"y"})
        self.rclone("sync", mirrored, "ours:mirror")
        kept = self.blob.call("HEAD", "mirror/keep").expect(200).headers["etag"]
        shutil.rmtree(mirrored / "gone")
        (mirrored / "gone too").unlink()
        write(mirrored, {"change": b"afterwards", "new": b"n"})
        self.rclone("sync", mirrored, "ours:mirror")
        self.assertEqual(sorted(self.blob.names("mirror")), ["change", "keep", "new"])
        self.assertEqual(self.blob.get("mirror/change").body, b"afterwards")
        self.assertEqual(self.blob.call("HEAD", "mirror/keep").expect(200).headers["etag"], kept)

    def test_a_copy_is_made_by_the_server(self):
        self.rclone("copy", self.tree, "ours:source/here")
        self.rclone("copy", "ours:source/here", "ours:target/there")
        self.assertEqual(self.listed("ours:target/there"), {name: len(content) for name, content in FILES.items()})
        copied = self.blob.call("HEAD", "target/there/large.bin").expect(200).headers
        self.assertEqual(copied["x-ms-copy-status"], "success")
        self.assertIn("/source/here/large.bin", copied["x-ms-copy-source"])
        self.assertEqual(self.blob.get("target/there/large.bin").body, LARGE)
        self.rclone("moveto", "ours:target/there/plain.txt", "ours:target/moved name.txt")
        names = self.blob.names("target")
        self.assertIn("moved name.txt", names)
        self.assertNotIn("there/plain.txt", names)

    def test_purge_leaves_nothing(self):
        write(one := pathlib.Path(self.scratch.name, "purged"), {"a/1": b"1", "a/2": b"2", "b": b"3"})
        self.rclone("copy", one, "ours:purged")
        self.rclone("purge", "ours:purged/a")
        self.assertEqual(self.blob.names("purged"), ["b"])
        self.rclone("purge", "ours:purged")
        self.assertEqual(self.blob.get("purged", restype="container").status, 404)
        self.assertNotIn("purged/", self.rclone("lsf", "ours:").decode())

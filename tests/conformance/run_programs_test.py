"""Programs that know Azure's host names and nothing of an emulator, under `bluebatch run`."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

from emulator import BLOB_ACCOUNT, BLOB_KEY, clean_environment, program
from media import demo_files, looks_like_mp3

PROGRAMS = pathlib.Path(__file__).resolve().parent / "programs"


def run(*words, **environment):
    """With an emulator of its own, which nobody has started before."""
    return subprocess.run(
        [program("bluebatch"), "run", "--offline", "--", *map(str, words)], env=clean_environment(**environment),
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=240, check=False)


class Programs(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="programs-")))

    def test_the_media_tutorial_with_the_storage_sdk_of_2018(self):
        try:
            import azure.batch  # noqa: F401
            from azure.multiapi.storage.v2018_11_09 import blob  # noqa: F401
        except ImportError as missing:
            self.skipTest(f"the Python SDKs are not installed (apt-get install python3-azure): {missing}")
        films, music = self.folder / "films", self.folder / "music"
        films.mkdir()
        music.mkdir()
        for film in demo_files():
            (films / film.name).symlink_to(film)
        done = run(sys.executable, PROGRAMS / "media_tutorial.py", films, music)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual({file.name for file in music.iterdir()}, {film.with_suffix(".mp3").name for film in demo_files()})
        for file in music.iterdir():
            self.assertTrue(looks_like_mp3(file.read_bytes()), file.name)
        self.assertIn("devbatchaccount1.westeurope.batch.azure.com: ", done.stderr)

    def test_az_with_the_keys_of_the_environment(self):
        if shutil.which("az") is None:
            self.skipTest("az is not installed (apt-get install azure-cli)")
        file = self.folder / "a file"
        file.write_bytes(os.urandom(100_000))
        script = (
            f"set -e; az storage container create -n films --only-show-errors -o none; az storage blob upload -c films -n a -f '{file}' "
            f"--no-progress --only-show-errors -o none; az storage blob download -c films -n a -f '{file}.back' --no-progress "
            "--only-show-errors -o none; az batch pool list --only-show-errors -o tsv; cmp '%s' '%s.back'" % (file, file))
        done = run("sh", "-c", script, AZURE_CONFIG_DIR=str(self.folder / "az"))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_rclone_which_is_written_in_go(self):
        if shutil.which("rclone") is None:
            self.skipTest("rclone is not installed (apt-get install rclone)")
        file = self.folder / "file"
        file.write_bytes(os.urandom(3_000_000))
        remote = f":azureblob,account={BLOB_ACCOUNT},key='{BLOB_KEY}':films"
        done = run("sh", "-c", f"rclone mkdir \"{remote}\" && rclone copy '{file}' \"{remote}\" && rclone cat \"{remote}/file\" | cmp - '{file}'",
                   RCLONE_CONFIG=str(self.folder / "none"))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_curl(self):
        if shutil.which("curl") is None:
            self.skipTest("curl is not installed (apt-get install curl)")
        done = run("curl", "--silent", "--show-error", "--fail", "https://login.microsoftonline.com/common/discovery/keys")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn('"kty":"RSA"', done.stdout)


if __name__ == "__main__":
    unittest.main()

"""Runs the client as a person does, and says what it left behind."""

import json
import pathlib
import subprocess
import tempfile

from emulator import BATCH_ACCOUNT, BATCH_KEY, BLOB_ACCOUNT, BLOB_KEY, clean_environment, program
from media import demo_files, looks_like_mp3
from wire import Batch, Blob


class Folders:
    """An input folder with sample films, as links, and an empty output folder."""

    def __init__(self, names=None):
        self.root = tempfile.TemporaryDirectory(prefix="client-")
        self.input = pathlib.Path(self.root.name) / "in"
        self.output = pathlib.Path(self.root.name) / "out"
        self.input.mkdir()
        films = demo_files()
        for index, name in enumerate(names or [film.name for film in films]):
            (self.input / name).symlink_to(films[index % len(films)])

    def results(self):
        return {file.name: file.read_bytes() for file in self.output.iterdir()} if self.output.exists() else {}

    def assert_results(self, test, names):
        found = self.results()
        test.assertEqual(set(found), set(names))
        for name, data in found.items():
            test.assertTrue(looks_like_mp3(data), name)

    def cleanup(self):
        self.root.cleanup()


def emulator_environment(emulator, **more):
    return clean_environment(BLUEBATCH_BATCH_URL=emulator.batch, BLUEBATCH_BLOB_URL=emulator.blob, **more)


def azure_environment(batch_host, **more):
    return clean_environment(
        AZURE_BATCH_ENDPOINT=f"https://{batch_host}", AZURE_BATCH_ACCOUNT=BATCH_ACCOUNT,
        AZURE_BATCH_ACCESS_KEY=BATCH_KEY, AZURE_STORAGE_ACCOUNT=BLOB_ACCOUNT, AZURE_STORAGE_KEY=BLOB_KEY, **more)


def command(folders, *arguments):
    return [program("bluebatch"), "transcode", "--input", str(folders.input), "--output", str(folders.output), *arguments]


def transcode(folders, *arguments, environment, typed="", seconds=120):
    """Runs to the end; the answer has returncode, stdout and stderr."""
    return subprocess.run(command(folders, *arguments), env=environment, input=typed, capture_output=True, text=True,
                          timeout=seconds, check=False)


def left_over(emulator):
    """What there still is: pools and jobs that are not being deleted, and containers."""
    batch, blob = Batch(emulator.batch), Blob(emulator.blob)
    alive = [item["id"] for path in ("/pools", "/jobs") for item in batch.get(path).expect(200).json["value"]
             if item["state"] != "deleting"]
    containers = [element.text for element in blob.get("", comp="list").expect(200).xml.iter("Name")]
    return sorted(alive), sorted(containers)


def keys_in(text):
    return [key for key in (BATCH_KEY, BLOB_KEY, "sig=") if key in text]


def summary(run):
    return json.loads(run.stdout)

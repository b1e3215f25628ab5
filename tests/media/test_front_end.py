#!/usr/bin/env python3
"""The programs that a node's commands find on PATH: fall-back to the real one, signals, package managers.

Usage: test_front_end.py --ours FFMPEG --media FOLDER
"""
import argparse
import os
import pathlib
import signal
import stat
import subprocess
import tempfile
import time
import unittest


class FrontEnd(unittest.TestCase):
    node_bin = None
    media = None

    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def enterContext(self, context):
        """Python 3.10 has none of its own."""
        value = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        return value

    def run_program(self, *command, path=(), **more):
        environment = {**os.environ, "PATH": ":".join([str(self.node_bin), *map(str, path)])}
        environment.pop("BLUEBATCH_FFMPEG_FALLBACK", None)
        return subprocess.run(command, cwd=self.folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=60, check=False, executable=self.node_bin / command[0], **more)

    def real(self, name):
        """A folder with a program that stands for the machine's own."""
        folder = self.folder / "real"
        folder.mkdir(exist_ok=True)
        program = folder / name
        program.write_text('#!/bin/sh\necho "real $0 $*"\nexit 42\n')
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        return folder

    def test_converts_without_any_ffmpeg_on_the_machine(self):
        done = self.run_program("ffmpeg", "-i", str(self.media / "sound.wav"), "out.mp3")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertGreater((self.folder / "out.mp3").stat().st_size, 1000)

    def test_leaves_an_option_it_does_not_have_to_the_real_program(self):
        done = self.run_program("ffmpeg", "-i", "a", "-filter_complex", "amix", "b", path=[self.real("ffmpeg")])
        self.assertEqual(done.returncode, 42)
        self.assertIn("-i a -filter_complex amix b", done.stdout)

    def unknown_option(self):
        """The exit code of it: 6.1 and newer tell the error, as they do of a missing file."""
        missing = self.run_program("ffmpeg", "-i", "nowhere", "out.mp3").returncode
        self.assertIn(missing, (1, 254))
        return 8 if missing == 254 else 1

    def test_does_not_take_itself_for_the_real_program(self):
        copy = self.folder / "link"
        copy.mkdir()
        (copy / "ffmpeg").symlink_to(self.node_bin / "ffmpeg")
        done = self.run_program("ffmpeg", "-i", "a", "-filter_complex", "amix", "b", path=[copy])
        self.assertEqual(done.returncode, self.unknown_option())
        self.assertIn("option 'filter_complex' is not supported", done.stderr)

    def test_names_the_option_when_there_is_no_real_program(self):
        done = self.run_program("ffmpeg", "-i", "a", "-copyts", "b")
        self.assertEqual(done.returncode, self.unknown_option())
        self.assertIn("'copyts'", done.stderr)

    def test_leaves_questions_to_the_real_ffprobe(self):
        done = self.run_program("ffprobe", "-show_packets", "a", path=[self.real("ffprobe")])
        self.assertEqual(done.returncode, 42)

    def test_tells_its_version_on_standard_output(self):
        for name in ("ffmpeg", "ffprobe"):
            done = self.run_program(name, "-version")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertRegex(done.stdout, rf"\A{name} version \d+\.\d+")

    def test_ends_in_order_when_interrupted(self):
        command = [self.node_bin / "ffmpeg", "-i", self.media / "two-minutes.mp4", "-vf", "scale=1280:720", "-preset", "veryslow",
                   "-c:a", "copy", "-f", "mpegts", "out.ts"]
        log = self.folder / "log"
        with log.open("wb") as stderr, subprocess.Popen(command, cwd=self.folder, stdin=subprocess.DEVNULL, stderr=stderr) as process:
            deadline = time.monotonic() + 30
            while b"frame=" not in log.read_bytes() and time.monotonic() < deadline:
                time.sleep(0.02)
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(timeout=30), 255)
        self.assertIn(b"video:", log.read_bytes())

    def test_installs_nothing(self):
        for command in (["apt-get", "update"], ["apt-get", "install", "-y", "ffmpeg"], ["yum", "install", "ffmpeg"],
                        ["apk", "add", "ffmpeg"], ["add-apt-repository", "ppa:x/y"]):
            done = self.run_program(*command, path=[self.real(command[0])])
            self.assertEqual(done.returncode, 0, command)
            self.assertIn("nothing is installed", done.stdout)

    def test_lets_the_real_package_manager_answer_questions(self):
        done = self.run_program("apt-get", "--version", path=[self.real("apt-get")])
        self.assertEqual(done.returncode, 42)

    def test_reads_standard_input(self):
        with (self.media / "sound.wav").open("rb") as sound:
            done = subprocess.run([self.node_bin / "ffmpeg", "-v", "error", "-i", "pipe:0", "-f", "s16le", "-"], stdin=sound,
                                  capture_output=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(done.stdout), 3 * 22050 * 2)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ours", required=True)
    parser.add_argument("--media", required=True)
    options = parser.parse_args()
    FrontEnd.node_bin = pathlib.Path(options.ours).absolute().parent
    FrontEnd.media = pathlib.Path(options.media).resolve()
    unittest.main(argv=["test_front_end"])


if __name__ == "__main__":
    main()

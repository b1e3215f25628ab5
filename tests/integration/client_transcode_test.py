"""bluebatch transcode against a running emulator, as a person runs it."""

import os
import pathlib
import pty
import signal
import subprocess
import unittest

from client_runs import Folders, command, emulator_environment, keys_in, left_over, summary, transcode
from emulator import Emulator, clean_environment, program, wait_until
from media import mp3_of_real_ffmpeg
from wire import Batch, Blob

FOREVER = "sleep 300 && cp {input} {output}"


class Transcode(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator()
        cls.addClassCleanup(cls.emulator.kill)

    def setUp(self):
        self.addCleanup(self.clear)

    def clear(self):
        batch, blob = Batch(self.emulator.batch), Blob(self.emulator.blob)
        for kind in ("jobs", "pools"):
            for item in batch.get(f"/{kind}").json["value"]:
                batch.call("DELETE", f"/{kind}/{item['id']}")
        for name in left_over(self.emulator)[1]:
            blob.call("DELETE", name, query={"restype": "container"}).expect(202)

    def folders(self, names=None):
        made = Folders(names)
        self.addCleanup(made.cleanup)
        return made

    def run_client(self, folders, *arguments, **more):
        return transcode(folders, *arguments, environment=emulator_environment(self.emulator), **more)

    def test_the_whole_tutorial(self):
        folders = self.folders()
        names = sorted(file.name for file in folders.input.iterdir())

        run = self.run_client(folders, typed="\n\n")

        self.assertEqual(run.returncode, 0, run.stderr)
        folders.assert_results(self, [pathlib.Path(name).stem + ".mp3" for name in names])
        lines = run.stdout.splitlines()
        self.assertRegex(lines[0], r"^Sample start: ")
        self.assertEqual(lines[2:4], ["Container [input] created.", "Container [output] created."])
        self.assertEqual(sorted(lines[4:9]), sorted(f"Uploading file {name} to container [input]..." for name in names))
        self.assertEqual(lines[9:15], [
            "Creating pool [LinuxFFmpegPool]...", "Creating job [LinuxFFmpegJob]...",
            "Adding 5 tasks to job [LinuxFFmpegJob]...",
            "Monitoring all tasks for 'Completed' state, timeout in 00:30:00...",
            "Success! All tasks completed successfully within the specified timeout period.",
            "Deleting container [input]...",
        ])
        self.assertRegex(run.stdout, r"Sample end: .*\nElapsed time: 00:00:\d\d\.\d+\n\nDelete job\? \[Y/n\] Delete pool\? \[Y/n\] ")
        self.assertEqual(left_over(self.emulator), ([], ["output"]))
        self.assertIn("credential: ", run.stderr)
        self.assertEqual(keys_in(run.stdout + run.stderr), [])

    def test_a_result_is_what_ffmpeg_makes(self):
        folders = self.folders(["clip.mp4"])
        self.assertEqual(self.run_client(folders, "--yes").returncode, 0)
        expected = mp3_of_real_ffmpeg(folders.input / "clip.mp4", folders.input / "expected.mp3")
        self.assertEqual(folders.results()["clip.mp3"], expected)

    def test_awkward_names_come_back(self):
        names = ["a b.mp4", "it's.mp4", 'say "hi".mp4', "$HOME `x`.mp4", "[1]*?.mp4", "-dash.mp4", "ünï çødé 日本.mp4", "100%+#&.mp4"]
        folders = self.folders(names)
        run = self.run_client(folders, "--yes")
        self.assertEqual(run.returncode, 0, run.stderr)
        folders.assert_results(self, [name.replace(".mp4", ".mp3") for name in names])

    def test_each_failed_task_is_named(self):
        folders = self.folders(["good.mp4"])
        (folders.input / "broken.mp4").write_bytes(b"this is no film" * 100)

        run = self.run_client(folders, "--yes", "--json")

        self.assertEqual(run.returncode, 1, run.stderr)
        told = summary(run)
        self.assertEqual((told["succeeded"], told["failed"], told["exitStatus"]), (1, 1, 1))
        broken = next(task for task in told["tasks"] if task["input"].endswith("broken.mp4"))
        self.assertNotEqual(broken["exitCode"], 0)
        self.assertIn("Invalid data", broken["stderr"])
        self.assertIn("(broken.mp4) failed: exit code", run.stderr)
        self.assertIn("Invalid data", run.stderr)
        folders.assert_results(self, ["good.mp3"])

    def test_a_command_of_ones_own(self):
        folders = self.folders(["clip.mp4"])
        run = self.run_client(
            folders, "--yes", "--ext", "txt", "--command", """printf '%s "%s"' "$AZ_BATCH_TASK_ID" 'it is' > {output} && test -f {input}""")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(folders.results(), {"clip.txt": b'Task0 "it is"'})

    def test_what_is_kept_is_kept_and_a_pool_is_used_again(self):
        folders = self.folders(["clip.mp4"])
        self.assertEqual(self.run_client(folders, "--yes", "--keep-job", "--keep-pool").returncode, 0)
        self.assertEqual(left_over(self.emulator)[0], ["LinuxFFmpegJob", "LinuxFFmpegPool"])

        second = self.run_client(folders, "--yes")
        self.assertEqual(second.returncode, 2)
        self.assertIn("Job [LinuxFFmpegJob] exists already", second.stderr)

        third = self.run_client(folders, "--yes", "--job-id", "Another")
        self.assertEqual(third.returncode, 0, third.stderr)
        self.assertIn("Pool [LinuxFFmpegPool] exists already", third.stdout)
        self.assertEqual(left_over(self.emulator)[0], ["LinuxFFmpegJob", "LinuxFFmpegPool"])

    def test_runs_follow_each_other_without_a_pause(self):
        folders = self.folders(["clip.mp4"])
        for _ in range(3):
            run = self.run_client(folders, "--yes")
            self.assertEqual(run.returncode, 0, run.stderr)

    def test_two_runs_at_once_do_not_mix_their_files(self):
        folders = [self.folders(["clip.mp4"]) for _ in range(2)]
        for number, each in enumerate(folders):
            (each.input / "same.txt").write_text(f"of run {number}")
        gate = folders[0].input.parent / "gate"
        words = ("--yes", "--pattern", "same.txt", "--ext", ".out")
        first = subprocess.Popen(
            command(folders[0], *words, "--command", f"while ! test -e {gate}; do sleep 0.05; done; cp {{input}} {{output}}"),
            env=emulator_environment(self.emulator), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(first.kill)
        wait_until(lambda: "LinuxFFmpegJob" in left_over(self.emulator)[0], what="the job of the first run")

        clash = self.run_client(folders[1], *words, "--command", "cp {input} {output}")
        self.assertEqual(clash.returncode, 2)
        self.assertNotIn("Uploading", clash.stdout)
        second = self.run_client(folders[1], *words, "--job-id", "Second", "--command", "cp {input} {output}")
        self.assertEqual(second.returncode, 0, second.stderr)
        gate.touch()
        out, err = first.communicate(timeout=60)

        self.assertEqual(first.returncode, 0, err)
        self.assertIn("Deleting container [input]...", out)
        self.assertIn("Deleting the uploaded files from container [input]...", second.stdout)
        for number, each in enumerate(folders):
            self.assertEqual(each.results(), {"same.out": f"of run {number}".encode()})

    def test_a_result_of_an_earlier_run_is_not_fetched(self):
        folders = self.folders(["clip.mp4"])
        self.assertEqual(self.run_client(folders, "--yes").returncode, 0)
        (folders.output / "clip.mp3").unlink()
        run = self.run_client(folders, "--yes", "--command", "true {input} {output}")
        self.assertEqual(run.returncode, 1, run.stdout)
        self.assertEqual(folders.results(), {})

    def test_output_that_cannot_be_written_is_no_success(self):
        folders = self.folders(["clip.mp4"])
        for words in (command(folders, "--yes", "--json"), [program("bluebatch"), "--help"]):
            with open("/dev/full", "w", encoding="utf-8") as full:
                run = subprocess.run(words, env=emulator_environment(self.emulator), stdin=subprocess.DEVNULL,
                                     stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
            self.assertEqual(run.returncode, 2)
            self.assertIn("standard output could not be written", run.stderr)

    def test_an_unknown_key_of_the_config_file_is_a_usage_error(self):
        folders = self.folders(["clip.mp4"])
        config = folders.input.parent / "config.json"
        config.write_text('{"emulator":{"bach_endpoint":"x"}}')
        run = self.run_client(folders, "--yes", "--config", str(config))
        self.assertEqual(run.returncode, 2)
        self.assertIn("bach_endpoint", run.stderr)

    def test_time_can_run_out(self):
        folders = self.folders(["clip.mp4"])
        run = self.run_client(folders, "--yes", "--timeout", "1s", "--command", FOREVER)
        self.assertEqual(run.returncode, 3)
        self.assertIn("within the timeout period of 00:00:01", run.stderr)
        self.assertEqual(left_over(self.emulator)[0], [])

    def busy_client(self, folders):
        """A client that has made everything and waits for a task that does not end."""
        process = subprocess.Popen(
            command(folders, "--command", FOREVER), env=emulator_environment(self.emulator),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL))
        self.addCleanup(process.kill)
        wait_until(lambda: "LinuxFFmpegJob" in left_over(self.emulator)[0], what="the job")
        return process

    def test_ctrl_c_deletes_what_the_run_made(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            process = self.busy_client(self.folders(["clip.mp4"]))
            process.send_signal(number)
            out, err = process.communicate(timeout=30)
            self.assertEqual(process.returncode, 130)
            self.assertIn("Stopping", err)
            self.assertIn("Deleting pool [LinuxFFmpegPool]...", out)
            self.assertEqual(left_over(self.emulator), ([], []))

    def test_a_second_ctrl_c_leaves_at_once(self):
        process = self.busy_client(self.folders(["clip.mp4"]))
        # While the service does not answer, nothing can be cleaned up.
        self.emulator.process.send_signal(signal.SIGSTOP)
        self.addCleanup(self.emulator.process.send_signal, signal.SIGCONT)
        process.send_signal(signal.SIGINT)
        self.assertIn("Stopping", next(line for line in process.stderr if "account" not in line))
        self.assertIsNone(process.poll())
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(5), 130)
        process.communicate()

    def test_a_wrong_key_is_a_matter_of_credentials(self):
        folders = self.folders(["clip.mp4"])
        environment = emulator_environment(self.emulator, BLUEBATCH_BATCH_KEY="d3Jvbmcga2V5")
        run = transcode(folders, "--yes", environment=environment)
        self.assertEqual(run.returncode, 2)
        self.assertIn("BLUEBATCH_BATCH_KEY", run.stderr)
        self.assertNotIn("d3Jvbmcga2V5", run.stdout + run.stderr)
        self.assertEqual(left_over(self.emulator), ([], []))

    def test_nothing_listens(self):
        folders = self.folders(["clip.mp4"])
        environment = clean_environment(BLUEBATCH_BATCH_URL="http://127.0.0.1:1", BLUEBATCH_BLOB_URL="http://127.0.0.1:1/devstoreaccount1")
        run = transcode(folders, "--yes", environment=environment)
        self.assertEqual(run.returncode, 3)
        self.assertIn("is bluebatch-emulator running there?", run.stderr)

    def test_a_large_file_goes_in_blocks(self):
        folders = self.folders(["clip.mp4"])
        data = os.urandom(1 << 20) * 40
        (folders.input / "large.bin").write_bytes(data)
        run = self.run_client(folders, "--yes", "--pattern", "large.bin", "--ext", ".out", "--command", "cp {input} {output}")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(folders.results()["large.out"], data)

    def test_a_terminal_shows_a_bar_and_asks(self):
        folders = self.folders(["clip.mp4"])
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            command(folders), env={**emulator_environment(self.emulator), "TERM": "xterm"}, stdin=theirs, stdout=theirs, stderr=theirs)
        self.addCleanup(process.kill)
        os.close(theirs)
        shown = b""
        answers = {b"Delete job? [Y/n] ": b"n\n", b"Delete pool? [Y/n] ": b"\n"}
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:
                break
            if not piece:
                break
            shown += piece
            for question in [question for question in answers if question in shown]:
                os.write(ours, answers.pop(question))
        os.close(ours)
        self.assertEqual(process.wait(30), 0)
        self.assertIn(b"\x1b[K", shown)
        self.assertEqual(left_over(self.emulator)[0], ["LinuxFFmpegJob"])


def naps(seconds):
    """The processes that sleep for just so long."""
    found = []
    for entry in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if entry.read_bytes() == f"sleep\0{seconds}\0".encode():
                found.append(int(entry.parent.name))
        except OSError:
            pass
    return found


class OwnEmulator(unittest.TestCase):
    def test_one_is_started_when_none_answers_and_goes_with_the_run(self):
        folders = Folders(["clip.mp4"])
        self.addCleanup(folders.cleanup)
        run = transcode(folders, "--yes", environment=clean_environment())
        if "started one for this run" not in run.stderr:
            self.skipTest("an emulator listens on the default ports of this machine")
        self.assertEqual(run.returncode, 0, run.stderr)
        folders.assert_results(self, ["clip.mp3"])
        pid = int(run.stderr.split("(process ")[1].split(")")[0])
        self.assertFalse(pathlib.Path(f"/proc/{pid}").exists())

    def test_it_dies_with_a_client_that_is_killed(self):
        folders = Folders(["clip.mp4"])
        self.addCleanup(folders.cleanup)
        nap = f"300.{os.getpid()}"
        process = subprocess.Popen(
            command(folders, "--yes", "--start-task", "", "--command", f"sleep {nap} && cp {{input}} {{output}}"),
            env=clean_environment(), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.stderr.close)
        first = process.stderr.readline()
        if "started one for this run" not in first:
            process.kill()
            process.wait()
            self.skipTest("an emulator listens on the default ports of this machine")
        wait_until(lambda: naps(nap), what="the task")
        process.kill()
        process.wait()
        pid = int(first.split("(process ")[1].split(")")[0])
        wait_until(lambda: not pathlib.Path(f"/proc/{pid}").exists(), what="the end of the emulator")
        self.assertEqual(naps(nap), [])


if __name__ == "__main__":
    unittest.main()

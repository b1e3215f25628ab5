"""Rules of conversions, which look like any other command although no process of ffmpeg is started."""

import io
import signal
import unittest
import wave

from emulator import Emulator, wait_until
from wire import Batch, Blob


def sound(seconds):
    """A quiet WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(8000)
        writer.writeframes(bytes(16000 * seconds))
    return file.getvalue()


class Conversions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator()
        cls.addClassCleanup(cls.emulator.end)
        cls.batch = Batch(cls.emulator.batch)
        cls.blob = Blob(cls.emulator.blob)
        cls.blob.create_container("sounds")
        cls.blob.put("sounds/in.wav", sound(2)).expect(201)
        cls.container = cls.blob.url("sounds", cls.blob.container_sas("sounds"))
        # ENV-15: what the samples say, which installs nothing on this machine
        cls.batch.add_pool("p", dedicated=1, startTask={
            "commandLine": "/bin/bash -c \"apt-get update && apt-get install -y ffmpeg\"", "waitForSuccess": True,
            "userIdentity": {"autoUser": {"scope": "pool", "elevationLevel": "admin"}}})
        cls.batch.add_job("j", "p")

    def add(self, task, command, **members):
        files = [{"storageContainerUrl": self.container, "blobPrefix": "in.wav"}]
        self.batch.add_task("j", task, command, resourceFiles=files, **members)

    # ENV-15, ENV-16
    def test_the_samples_work_as_they_are(self):
        output = {"filePattern": "out.mp3", "destination": {"container": {"containerUrl": self.container, "path": "out.mp3"}},
                  "uploadOptions": {"uploadCondition": "tasksuccess"}}
        self.add("sample", "/bin/bash -c \"ffmpeg -i in.wav out.mp3 \"", outputFiles=[output])
        execution = self.batch.wait_for_task("j", "sample")["executionInfo"]
        self.assertEqual((execution["exitCode"], execution["result"]), (0, "success"))
        uploaded = self.blob.get("sounds/out.mp3").expect(200).body
        self.assertEqual(uploaded, self.batch.file("j", "sample", "wd/out.mp3"))
        self.assertGreater(len(uploaded), 1000)
        (node,) = self.batch.get("/pools/p/nodes").json["value"]
        said = self.batch.get(f"/pools/p/nodes/{node['id']}/files/startup%2Fstdout.txt").expect(200).body
        self.assertIn(b"nothing was installed", said)

    # ENV-17
    def test_only_a_shell_expands_the_tasks_variables(self):
        settings = [{"name": "NAME", "value": "song"}]
        self.add("shell", "/bin/sh -c 'ffmpeg -i in.wav $NAME.mp3'", environmentSettings=settings)
        self.add("plain", "ffmpeg -i in.wav $NAME.mp3", environmentSettings=settings)
        for task, name in (("shell", "song.mp3"), ("plain", "$NAME.mp3")):
            self.assertEqual(self.batch.wait_for_task("j", task)["executionInfo"]["exitCode"], 0)
            self.assertTrue(self.batch.file("j", task, f"wd/{name}"))
            self.assertIn(b"in.wav", self.batch.file("j", task, "stderr.txt"))

    # ENV-17
    def test_a_failing_conversion_has_an_exit_code_and_is_tried_again(self):
        self.add("fails", "ffmpeg -i missing.wav out.mp3", constraints={"maxTaskRetryCount": 1})
        execution = self.batch.wait_for_task("j", "fails")["executionInfo"]
        self.assertNotEqual(execution["exitCode"], 0)
        self.assertEqual((execution["failureInfo"]["code"], execution["retryCount"]), ("FailureExitCode", 1))

    # ENV-17; ffmpeg writes over nothing, and would fail if the first try's song were still there
    def test_the_next_try_finds_no_output_of_the_one_before(self):
        self.add("clean", "/bin/sh -c 'ffmpeg -i in.wav out.mp3 || exit 9; exit 1'", constraints={"maxTaskRetryCount": 1})
        execution = self.batch.wait_for_task("j", "clean")["executionInfo"]
        self.assertEqual((execution["exitCode"], execution["retryCount"]), (1, 1))

    # ENV-17
    def test_a_conversion_is_ended_at_any_time_and_leaves_what_it_has_made(self):
        nowhere = [{"name": "PATH", "value": "/nowhere"}]  # so that no other ffmpeg stands in
        self.add("endless", "ffmpeg -i in.wav -af aloop=-1:16000 out.wav", environmentSettings=nowhere)
        path = "/jobs/j/tasks/endless/files/"
        wait_until(lambda: self.batch.get(path + "wd%2Fout.wav").status == 200, 20, "the first bytes")
        self.assertIn(b"in.wav", self.batch.file("j", "endless", "stderr.txt"))
        self.assertEqual(self.batch.task("j", "endless")["state"], "running")
        self.batch.post("/jobs/j/tasks/endless/terminate").expect(204)
        execution = self.batch.wait_for_task("j", "endless")["executionInfo"]
        self.assertEqual((execution["exitCode"], execution["failureInfo"]["code"]), (-signal.SIGKILL, "TaskEnded"))
        self.batch.get(path + "wd%2Fout.wav").expect(200)


if __name__ == "__main__":
    unittest.main()

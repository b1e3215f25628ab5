"""The main figures: whole workloads against ffmpeg and bash on the same machine, start and memory."""

import http.client
import os
import pathlib
import shlex
import shutil
import socket
import statistics
import subprocess
import time

from bench import in_turn, run, seconds_of
from emulator import Emulator, clean_environment, program, wait_until
from wire import Batch

CORES = os.cpu_count()


# As in a folder of real films: music in stereo, voices in mono, several sample rates. The sound decides the figure, because libmp3lame
# is four fifths of our time and the same for ffmpeg: per second of film, mono costs half of stereo, and noise the most.
SHAPES = ((44100, "stereo"), (48000, "mono"), (48000, "stereo"), (22050, "mono"))


def make_film(path, seconds, seed, shape):
    """A small H.264 film whose AAC sound sweeps and hisses, a little different for each seed."""
    if path.exists():
        return
    rate, layout = shape
    draft = path.with_suffix(".draft.mp4")
    side = f"0.4*sin(2*PI*t*({200 + 13 * seed}+40*sin(t)))+0.05*(random({{}})-0.5)"
    sides = "|".join(side.format(channel) for channel in range(1 if layout == "mono" else 2))
    run("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", f"testsrc2=size=320x180:rate=25:duration={seconds}",
        "-f", "lavfi", "-i", f"aevalsrc={sides}:s={rate}:c={layout}:d={seconds}", "-c:v", "libx264", "-preset", "ultrafast",
        "-c:a", "aac", "-shortest", str(draft))
    draft.rename(path)


def films(folder, count, seconds, shapes=SHAPES):
    name = "mixed" if shapes == SHAPES else "stereo"
    made = folder / f"{count}x{seconds}s-{name}"
    made.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        make_film(made / f"film{number:02}.mp4", seconds, number, shapes[number % len(shapes)])
    return made


class Workload:
    """One folder of films, turned into music by us and by ffmpeg."""

    def __init__(self, source, work, emulator):
        self.source, self.ours, self.theirs = source, work / "ours", work / "theirs"
        self.emulator = emulator

    def by_bluebatch(self):
        shutil.rmtree(self.ours, ignore_errors=True)
        self.ours.mkdir(parents=True)
        run(program("bluebatch"), "transcode", "--input", str(self.source), "--output", str(self.ours), "--yes",
            "--blob-url", self.emulator.blob, "--batch-url", self.emulator.batch, env=clean_environment())

    def by_ffmpeg(self):
        shutil.rmtree(self.theirs, ignore_errors=True)
        self.theirs.mkdir(parents=True)
        line = (f"ls | xargs -P{CORES} -I@ ffmpeg -v error -nostdin -y -i @ {shlex.quote(str(self.theirs))}/@.mp3")
        run("sh", "-c", line, cwd=self.source)

    def compare(self):
        for film in self.source.iterdir():
            ours = (self.ours / f"{film.stem}.mp3").read_bytes()
            if ours != (self.theirs / f"{film.name}.mp3").read_bytes():
                raise SystemExit(f"{film.name}: our MP3 differs from ffmpeg's")


def transcodes(report, folder, repeats):
    half = {"goal": lambda ours, peer: ours <= peer / 2, "goal_text": "at most half"}
    no_slower = {"goal": lambda ours, peer: ours <= peer, "goal_text": "no slower"}
    with Emulator() as emulator:
        for material, text, goal in (
            (films(folder, 40, 5), "40 clips of 5 s, whole flow", half),
            (films(folder, 40, 5, SHAPES[:1]), "the same, noise in stereo only", {}),
            (films(folder, 5, 120), "5 clips of 120 s, whole flow", no_slower),
        ):
            work = Workload(material, folder / "work", emulator)
            ours, theirs = in_turn(repeats, work.by_bluebatch, work.by_ffmpeg)
            work.compare()
            report.add(text, ours, "s", theirs, f"xargs -P{CORES} ffmpeg", **goal)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def milliseconds_to_first_answer():
    port = free_port()
    command = [program("bluebatch-emulator"), "--in-memory", "--blob-port", "0", "--batch-port", str(port)]
    began = time.monotonic()
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=clean_environment())
    try:
        while time.monotonic() < began + 10:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                connection.request("GET", "/_bluebatch/health")
                if connection.getresponse().status == 200:
                    return 1000 * (time.monotonic() - began)
            except OSError:
                time.sleep(0.0005)
        raise SystemExit("the emulator did not answer within 10 s")
    finally:
        process.terminate()
        process.wait()


def start_and_memory(report):
    milliseconds = statistics.median(milliseconds_to_first_answer() for _ in range(11))
    report.add("start to first 200", milliseconds, "ms", goal=lambda ours, _: ours < 50, goal_text="below 50 ms")
    with Emulator() as emulator:
        time.sleep(1)  # whatever loads in the background is there now
        report.add("resident memory, idle", emulator.status("VmRSS") / 1024, "MiB", goal=lambda ours, _: ours < 20,
                   goal_text="below 20 MB")


def run_tasks(batch, job, count):
    for first in range(0, count, 100):
        tasks = [{"id": f"t{i}", "commandLine": "/bin/bash -c true"} for i in range(first, min(first + 100, count))]
        batch.post(f"/jobs/{job}/addtaskcollection", {"value": tasks}).expect(200)
    wait_until(lambda: counts(batch, job)["completed"] == count, 120, "every task is completed")


def counts(batch, job):
    return batch.get(f"/jobs/{job}/taskcounts").expect(200).json["taskCounts"]


def tasks_per_second(report, repeats, count=2000):
    ours, theirs = [], []
    with Emulator() as emulator:
        batch = Batch(emulator.batch)
        batch.add_pool("p", dedicated=CORES, taskSlotsPerNode=4)
        for repeat in range(repeats):
            batch.add_job(f"j{repeat}", "p")
            ours.append(count / seconds_of(lambda job=f"j{repeat}": run_tasks(batch, job, count)))
            if counts(batch, f"j{repeat}")["succeeded"] != count:
                raise SystemExit("not every task succeeded")
            line = f"seq {count} | xargs -P{CORES} -I@ /bin/bash -c true"
            theirs.append(count / seconds_of(lambda: run("sh", "-c", line)))
    report.add(f"{count:,} tasks of /bin/bash -c true", statistics.median(ours), "/s", statistics.median(theirs),
               f"xargs -P{CORES} bash", lambda rate, _: rate >= 400, "at least 400 /s")


def main(report, folder, repeats):
    start_and_memory(report)
    tasks_per_second(report, repeats)
    transcodes(report, pathlib.Path(folder), repeats)

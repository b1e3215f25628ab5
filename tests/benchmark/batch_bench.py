"""Batch: adding, reading and listing tasks when there are many."""

import statistics
import time

from bench import seconds_of
from emulator import Emulator
from wire import Batch, pool_body

COUNT = 20_000


def add_tasks(batch, job, first, count):
    for begin in range(first, first + count, 100):
        tasks = [{"id": f"t{i:07}", "commandLine": "/bin/true"} for i in range(begin, begin + 100)]
        batch.post(f"/jobs/{job}/addtaskcollection", {"value": tasks}).expect(200)


def milliseconds(action, repeats=20):
    return 1000 * statistics.median(seconds_of(action) for _ in range(repeats))


def main(report, _folder, _repeats):
    with Emulator() as emulator:
        batch = Batch(emulator.batch)
        batch.post("/pools", pool_body("p")).expect(201)
        batch.add_job("j", "p")
        began = time.monotonic()
        add_tasks(batch, "j", 0, COUNT)
        report.add(f"add {COUNT:,} tasks, 100 at a time", COUNT / (time.monotonic() - began), "/s")
        report.add("get one task", milliseconds(lambda: batch.task("j", "t0010000")), "ms")
        report.add("list 1,000 tasks", milliseconds(lambda: batch.get("/jobs/j/tasks", maxresults=1000).expect(200)), "ms")
        report.add("count tasks", milliseconds(lambda: batch.get("/jobs/j/taskcounts").expect(200)), "ms")
        report.add("resident memory with these tasks", emulator.status("VmRSS") / 1024, "MiB")

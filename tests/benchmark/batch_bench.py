"""Batch: a million tasks in one job are added, listed, counted and, simulated, completed on ten thousand nodes."""

import json
import os
import pathlib
import re
import shutil
import statistics
import time

from bench import run, seconds_of
from emulator import BATCH_ACCOUNT, BATCH_KEY, Emulator, program, wait_until
from main_bench import run_tasks
from wire import Batch, pool_body

COUNT = int(os.environ.get("BLUEBATCH_BENCH_TASKS", "1000000"))
NODES = int(os.environ.get("BLUEBATCH_BENCH_NODES", "10000"))
WORK_TIME = "10s..60s"
PAGE = 1000


def goal(text, holds):
    return {"goal": lambda ours, _: holds(ours), "goal_text": text}


def processor_seconds(emulator):
    """What the emulator has used so far, in all its threads."""
    fields = pathlib.Path(f"/proc/{emulator.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def add_tasks(emulator, job, count, first=0):
    port = emulator.batch.rsplit(":", 1)[1]
    done = run(program("batch_load"), "--port", port, "--account", BATCH_ACCOUNT, "--key", BATCH_KEY, "--job", job,
               "--tasks", str(count), "--first", str(first))
    return json.loads(done.stdout)


def counts(batch):
    return batch.get("/jobs/j/taskcounts").expect(200).json["taskCounts"]


def milliseconds(batch, path, query, repeats=15):
    """The median of some requests, the reading of their answers with them."""
    batch.call("GET", path, query=query).expect(200)
    return 1000 * statistics.median(seconds_of(lambda: batch.call("GET", path, query=query)) for _ in range(repeats))


def skip_token_after(task):
    """As the link to the page behind that task has it."""
    return {"$skiptoken": task}


def measure_adding(report, emulator):
    """Returns what one task takes of memory, in bytes."""
    memory, processor = emulator.status("RssAnon"), processor_seconds(emulator)
    added = add_tasks(emulator, "j", COUNT)
    per_task = 1e6 * (processor_seconds(emulator) - processor) / COUNT
    report.add(f"add {COUNT:,} tasks, 100 at a time", added["rate"], "/s", **goal("at least 20,000 /s", lambda rate: rate >= 20_000))
    report.add("processor time for each task added", per_task, "µs")
    report.add("one request of 100 tasks, 99th percentile", added["p99"], "ms")
    report.add("memory for each waiting task", 1024 * (emulator.status("RssAnon") - memory) / COUNT, "B",
               **goal("below 1 KiB", lambda size: size < 1024))


def measure_lists(report, batch):
    below = goal("below 20 ms", lambda taken: taken < 20)
    path = "/jobs/j/tasks"
    middle = skip_token_after(f"t{COUNT // 2:07}")
    for name, query in (
        ("the first page", {}),
        ("a page in the middle", middle),
        ("the last page", skip_token_after(f"t{COUNT - PAGE - 1:07}")),
        ("active tasks, in the middle", {"$filter": "state eq 'active'", **middle}),
        ("completed tasks, of which there are none", {"$filter": "state eq 'completed'"}),
        ("id and state, in the middle", {"$select": "id,state", **middle}),
    ):
        report.add(f"list {PAGE:,} tasks: {name}", milliseconds(batch, path, {"maxresults": str(PAGE), **query}), "ms", **below)
    report.add("count tasks", milliseconds(batch, "/jobs/j/taskcounts", {}), "ms", **goal("below 5 ms", lambda taken: taken < 5))
    report.add("get one task", milliseconds(batch, f"{path}/t{COUNT // 3:07}", {}), "ms")


def walk(report, batch):
    """From link to link through the whole list."""
    taken, seen, query = [], 0, {"maxresults": str(PAGE)}
    while query is not None:
        began = time.monotonic()
        answer = batch.call("GET", "/jobs/j/tasks", query=query).expect(200)
        taken.append(1000 * (time.monotonic() - began))
        seen += answer.body.count(b'"commandLine"')
        token = re.search(rb'skiptoken=([^"&]+)"}$', answer.body[-500:])
        query = token and {"maxresults": str(PAGE), "$skiptoken": token[1].decode()}
    if seen != COUNT:
        raise SystemExit(f"a walk through the list saw {seen} tasks")
    taken.sort()
    report.add(f"all {len(taken):,} pages: the median", statistics.median(taken), "ms", **goal("below 20 ms", lambda value: value < 20))
    report.add(f"all {len(taken):,} pages: the 99th percentile", taken[int(0.99 * (len(taken) - 1))], "ms")


def simulate(report, emulator, batch):
    """Gives the pool its nodes, and watches the tasks go by."""
    processor, began = processor_seconds(emulator), time.monotonic()
    batch.post("/pools/p/resize", {"targetDedicatedNodes": NODES}).expect(202)
    seen = []
    while not seen or seen[-1][1] < COUNT:
        if time.monotonic() > began + 600:
            raise SystemExit(f"only {seen[-1][1]} tasks were completed within ten minutes")
        time.sleep(0.05)
        seen.append((processor_seconds(emulator), counts(batch)["completed"]))
    seconds = time.monotonic() - began
    if counts(batch)["succeeded"] != COUNT:
        raise SystemExit("not every task succeeded")
    report.add(f"simulate {COUNT:,} tasks on {NODES:,} nodes", seconds, "s", **goal("below 60 s", lambda value: value < 60))
    report.add("processor time for each of them", 1e6 * (seen[-1][0] - processor) / COUNT, "µs")
    report_scaling(report, seen)


def report_scaling(report, seen):
    """What a task costs while nearly all wait, and what while nearly none does."""
    def cost(first, last):
        part = [(processor, done) for processor, done in seen if first * COUNT <= done <= last * COUNT]
        return 1e6 * (part[-1][0] - part[0][0]) / (part[-1][1] - part[0][1])
    many, few = cost(0.1, 0.3), cost(0.7, 0.9)
    report.add("scheduling a task while 80% wait, and while 20% do", many, "µs", few, "20% wait",
               lambda ours, peer: ours <= 1.25 * peer, "about the same")


def processes(report, repeats, count=2000):
    """Tasks that really run."""
    with Emulator() as emulator:
        batch = Batch(emulator.batch)
        batch.add_pool("p", dedicated=os.cpu_count(), taskSlotsPerNode=4)
        rates = []
        for repeat in range(repeats):
            batch.add_job(f"j{repeat}", "p")
            rates.append(count / seconds_of(lambda job=f"j{repeat}": run_tasks(batch, job, count)))
    report.add(f"{count:,} tasks of /bin/bash -c true", max(rates), "/s", **goal("at least 500 /s", lambda rate: rate >= 500))


def main(report, folder, repeats):
    location = pathlib.Path(folder) / "batch-state"
    shutil.rmtree(location, ignore_errors=True)
    try:
        with Emulator("--simulate", WORK_TIME, location=location) as emulator:
            batch = Batch(emulator.batch, timeout=600)
            batch.post("/pools", pool_body("p")).expect(201)
            batch.add_job("j", "p")
            measure_adding(report, emulator)
            measure_lists(report, batch)
            walk(report, batch)
        with Emulator("--simulate", WORK_TIME, location=location, seconds=300) as emulator:
            report.add(f"start with {COUNT:,} waiting tasks", emulator.start_seconds, "s", **goal("below 5 s", lambda value: value < 5))
            simulate(report, emulator, Batch(emulator.batch, timeout=600))
            report.add("resident memory afterwards", emulator.status("VmRSS") / 1024, "MiB")
        with Emulator("--simulate", WORK_TIME, location=location, seconds=300) as emulator:
            report.add(f"start with {COUNT:,} completed tasks", emulator.start_seconds, "s", **goal("below 5 s", lambda value: value < 5))
    finally:
        shutil.rmtree(location, ignore_errors=True)
    processes(report, repeats)

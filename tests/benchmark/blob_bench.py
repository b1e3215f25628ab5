"""Blob: small and large bodies, lists and starts, beside Azurite and nginx on the same machine in the same minutes."""

import hashlib
import http.client
import pathlib
import sqlite3
import statistics
import subprocess
import tempfile
import time

from azurite import Azurite, free_port
from blob_peers import Nginx, Service, load
from emulator import Emulator, clean_environment, program
from wire import Blob

KIB, MIB = 1 << 10, 1 << 20
MANY = 1_000_000


def at_least(factor):
    return {"goal": lambda ours, peer: ours >= factor * peer, "goal_text": f"at least {factor} x"}


def below(limit, unit):
    return {"goal": lambda ours, _: ours < limit, "goal_text": f"below {limit} {unit}"}


class Duel:
    """Figures of our service and Azurite's; they take turns, so that a slow moment of the machine hits both."""

    def __init__(self, report, repeats, ours, azurite):
        self.report, self.repeats, self.services = report, repeats, (ours, azurite)

    def measure(self, name, unit, action, turns=1, **goal):
        """`action(service, repeat)` returns one figure; the medians are compared, and ours is returned."""
        figures = ([], [])
        for repeat in range(turns * self.repeats):
            for service, taken in zip(self.services, figures):
                taken.append(action(service, repeat))
        ours, azurite = map(statistics.median, figures)
        self.report.add(name, ours, unit, azurite, "Azurite 3.37", **goal)
        return ours


def small_bodies(duel):
    goal = at_least(10)
    for connections in (1, 8):
        duel.measure(f"PUT 1 KiB, connections: {connections}", "/s", lambda service, repeat, c=connections: service.put(
            f"box/small{c}-{repeat}-{{n}}", KIB, seconds=2, connections=c)["rate"], **goal)
    for connections in (1, 8):
        duel.measure(f"GET 1 KiB, connections: {connections}", "/s", lambda service, _, c=connections: service.get(
            "box/small1-0-{n}", seconds=2, connections=c, modulus=200)["rate"], **goal)


def md5_speed(size):
    body, taken = bytes(size), []
    for _ in range(3):
        began = time.monotonic()
        hashlib.md5(body).digest()
        taken.append(time.monotonic() - began)
    return size / MIB / min(taken)


def large_bodies(duel):
    # Put Blob answers with the MD5 of its body, which no machine computes faster than its bytes follow each other: one
    # connection gets no further than that, whoever serves it. With several, bodies are digested at the same time. Turns
    # are long enough that their memory has come: some virtual machines hand out fresh pages at a few hundred MiB/s.
    duel.measure("PUT 1 MiB, connections: 1", "MiB/s", lambda service, repeat: service.put(
        f"box/mib{repeat}-{{n}}", MIB, requests=60)["mib"])
    duel.measure("PUT 1 MiB, connections: 8", "MiB/s", lambda service, repeat: service.put(
        f"box/mib8-{repeat}-{{n}}", MIB, requests=400, connections=8)["mib"], **at_least(5))
    duel.measure("GET 1 MiB", "MiB/s", lambda service, _: service.get("box/mib0-{n}", requests=200, modulus=50)["mib"])
    alone = duel.measure("PUT 64 MiB, connections: 1", "MiB/s", lambda service, _: service.put(
        "box/large", 64 * MIB, requests=16)["mib"])
    duel.report.add("the same", alone, "MiB/s", md5_speed(64 * MIB), "MD5 of one stream", **at_least(0.8))
    duel.measure("PUT 64 MiB, connections: 8", "MiB/s", lambda service, _: service.put(
        "box/large8-{n}", 64 * MIB, requests=64, modulus=8, connections=8)["mib"], **at_least(5))
    duel.measure("PUT 64 MiB in blocks of 4 MiB", "MiB/s", lambda service, _: service.put_blocks(
        "box/blocks", 4 * MIB, requests=16, first=1000)["mib"], **at_least(5))
    duel.measure("GET 64 MiB", "MiB/s", lambda service, _: service.get("box/large", requests=8)["mib"], **at_least(1.5))


def against_nginx(report, repeats, service, folder):
    """The file of our own blob, so that both read the same pages of the same file system."""
    served = folder / "served"
    served.mkdir()
    (served / "large").write_bytes(service.blob.get("box/large").expect(200).body)
    figures = ([], [])
    with Nginx(folder, served) as nginx:
        # Both only hand pages to the kernel, so many short turns tell them apart from the noise.
        for _ in range(10 * repeats):
            figures[0].append(service.get("box/large", requests=15)["mib"])
            figures[1].append(load(service.program, nginx.port, "/large", requests=15)["mib"])
    report.add("GET 64 MiB", statistics.median(figures[0]), "MiB/s", statistics.median(figures[1]), "nginx", **at_least(0.8))


def lists(duel):
    for service in duel.services:
        service.create("list")
        service.put("list/some/folder/blob{n}", 0, requests=10_000, connections=8)
    duel.measure("list of 10,000 blobs", "ms", lambda service, _: 1000 * service.list_all("list"), turns=3,
                 goal=lambda ours, peer: ours <= peer / 10, goal_text="at most a tenth")


def fill(location):
    """Makes a million of one blob, behind the emulator's back: through the front it would take minutes."""
    database = sqlite3.connect(location / "blob.sqlite")
    columns = [row[1] for row in database.execute("PRAGMA table_info(blobs)") if row[1] not in ("id", "name")]
    listed = ", ".join(columns)
    database.execute(
        f"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {MANY} - 1) "
        f"INSERT INTO blobs(name, {listed}) SELECT printf('blob%07d', n), {', '.join('b.' + c for c in columns)} "
        f"FROM numbers, (SELECT * FROM blobs WHERE name = 'blob0000000') AS b")
    database.execute(f"UPDATE contents SET references_ = references_ + {MANY} - 1")
    database.commit()
    database.close()


def milliseconds_to_first_list(location, target):
    port = free_port()
    command = [program("bluebatch-emulator"), "--location", str(location), "--blob-port", str(port), "--batch-port", "0"]
    began = time.monotonic()
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=clean_environment())
    try:
        while time.monotonic() < began + 30:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
                connection.request("GET", target)
                if connection.getresponse().status == 200:
                    return 1000 * (time.monotonic() - began)
            except OSError:
                time.sleep(0.0005)
        raise SystemExit("the emulator did not answer within 30 s")
    finally:
        process.terminate()
        process.wait()


def a_million(report, repeats, folder, load_program):
    location = folder / "many"
    with Emulator(location=location) as emulator:
        blob = Blob(emulator.blob)
        blob.create_container("many")
        blob.put("many/blob0000000", b"x" * KIB).expect(201)
    fill(location)
    with Emulator(location=location) as emulator:
        service = Service(emulator.blob, load_program)
        service.sas["many"] = service.blob.container_sas("many")
        page = "restype=container&comp=list&maxresults=100"
        # The first of them opens the file; the others begin all over the million.
        taken = service.get("many", f"{page}&prefix=blob0{{n}}&", requests=900, first=100, modulus=900)
        report.add("page of 100 in 1,000,000 blobs, median", taken["p50"], "ms", **below(5, "ms"))
        report.add("the same, 99 of 100", taken["p99"], "ms", **below(5, "ms"))
        report.add("GET of 1,000,000 blobs", service.get("many/blob0{n}", seconds=2, first=100_000, modulus=899_999)["rate"], "/s")
        report.add("resident memory after that", emulator.status("VmRSS") / 1024, "MiB", **below(150, "MB"))
        target = service.target("many", f"{page}&")
    starts = [milliseconds_to_first_list(location, target) for _ in range(3 * repeats)]
    report.add("start with 1,000,000 blobs to first list", statistics.median(starts), "ms", **below(200, "ms"))


def main(report, folder, repeats):
    load_program = str(pathlib.Path(program("http_load")))
    with tempfile.TemporaryDirectory(dir=folder, prefix="blob-") as scratch:
        scratch = pathlib.Path(scratch)
        (scratch / "azurite").mkdir()
        with Emulator(location=scratch / "state") as emulator, Azurite(scratch / "azurite") as azurite:
            ours = Service(emulator.blob, load_program)
            duel = Duel(report, repeats, ours, Service(f"http://127.0.0.1:{azurite.port}/devstoreaccount1", load_program))
            for service in duel.services:
                service.create("box")
            small_bodies(duel)
            large_bodies(duel)
            lists(duel)
            against_nginx(report, repeats, ours, scratch)
            report.add("resident memory after all that", emulator.status("VmRSS") / 1024, "MiB")
        a_million(report, repeats, scratch, load_program)

"""Blob: small and large bodies over loopback, beside plain copies in the same file system."""

import os
import pathlib
import shutil
import socket
import statistics
import tempfile
import time

from bench import seconds_of
from emulator import Emulator
from wire import Blob

MIB = 1 << 20
SMALL = b"x" * 1024
LARGE_MIB = 64


class Raw:
    """A socket that sends ready-made requests; a Python HTTP client would measure itself."""

    def __init__(self, blob):
        self.socket = socket.create_connection((blob.address.hostname, blob.address.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = bytearray(4 * MIB)

    def exchange(self, request):
        """Sends and reads one answer; returns its status and the size of its body."""
        self.socket.sendall(request)
        head = b""
        while b"\r\n\r\n" not in head:
            head += self.socket.recv(65536)
        head, body = head.split(b"\r\n\r\n", 1)
        size = 0
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                size = int(line[15:])
        left = size - len(body)
        while left > 0:
            left -= self.socket.recv_into(self.buffer)
        return int(head[9:12]), size


def request(method, path, body=b"", extra=""):
    return (f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nx-ms-version: 2021-12-02\r\nx-ms-blob-type: BlockBlob\r\n"
            f"Content-Length: {len(body)}\r\n{extra}\r\n").encode() + body


def small_puts(raw, sas, count):
    requests = [request("PUT", f"/devstoreaccount1/box/small{i}?{sas}", SMALL) for i in range(count)]
    began = time.monotonic()
    for each in requests:
        if raw.exchange(each)[0] != 201:
            raise SystemExit("a PUT failed")
    return count / (time.monotonic() - began)


def small_gets(raw, sas, count):
    ready = request("GET", f"/devstoreaccount1/box/small0?{sas}")
    began = time.monotonic()
    for _ in range(count):
        if raw.exchange(ready) != (200, len(SMALL)):
            raise SystemExit("a GET failed")
    return count / (time.monotonic() - began)


def small_files(folder, count):
    began = time.monotonic()
    for i in range(count):
        (folder / f"small{i}").write_bytes(SMALL)
    return count / (time.monotonic() - began)


def main(report, folder, repeats):
    with tempfile.TemporaryDirectory(dir=folder) as scratch, Emulator(location=pathlib.Path(scratch) / "state") as emulator:
        plain = pathlib.Path(scratch) / "plain"
        plain.mkdir()
        blob = Blob(emulator.blob)
        blob.create_container("box")
        sas = blob.container_sas("box")
        raw = Raw(blob)
        report.add("PUT 1 KiB, one connection", small_puts(raw, sas, 5000), "/s", small_files(plain, 5000), "write a file each")
        report.add("GET 1 KiB, one connection", small_gets(raw, sas, 10000), "/s")

        body = os.urandom(LARGE_MIB * MIB)
        put = request("PUT", f"/devstoreaccount1/box/large?{sas}", body)
        get = request("GET", f"/devstoreaccount1/box/large?{sas}")
        puts = statistics.median(seconds_of(lambda: raw.exchange(put)) for _ in range(repeats))
        gets = statistics.median(seconds_of(lambda: raw.exchange(get)) for _ in range(2 * repeats))
        writes = statistics.median(seconds_of(lambda: (plain / "large").write_bytes(body)) for _ in range(repeats))
        copies = statistics.median(
            seconds_of(lambda: shutil.copyfile(plain / "large", plain / "copy")) for _ in range(repeats))
        report.add(f"PUT {LARGE_MIB} MiB", LARGE_MIB / puts, "MiB/s", LARGE_MIB / writes, "write a file")
        report.add(f"GET {LARGE_MIB} MiB", LARGE_MIB / gets, "MiB/s", LARGE_MIB / copies, "copy a file")

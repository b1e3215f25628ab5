"""Who stands beside our Blob service in its figures: Azurite from npm, nginx from the distribution."""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

from emulator import BLOB_ACCOUNT, clean_environment, wait_until
from wire import Blob

PEERS = pathlib.Path(__file__).resolve().parent / "peers"
NODE = PEERS / "node_modules" / "node" / "bin" / "node"
AZURITE = PEERS / "node_modules" / "azurite" / "dist" / "src" / "blob" / "main.js"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
        return True
    except OSError:
        return False


class Process:
    """A server that is there once its port answers, and gone at the end of the block."""

    def __init__(self, port, *command, log):
        self.port = port
        with open(log, "wb") as output:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=clean_environment())
        wait_until(lambda: self.process.poll() is not None or answers(port), 60, f"the start of {command[0]}")
        if self.process.poll() is not None:
            raise SystemExit(f"{command[0]} did not start:\n{pathlib.Path(log).read_text(errors='replace')[-3000:]}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Azurite(Process):
    def __init__(self, folder):
        if not AZURITE.is_file() or not NODE.is_file():
            raise SystemExit(f"Azurite is not here: npm ci in {PEERS}, as ./scripts/bench blob does")
        port = free_port()
        super().__init__(
            port, str(NODE), str(AZURITE), "--blobPort", str(port), "--location", str(folder), "--silent",
            "--skipApiVersionCheck", "--disableTelemetry", log=pathlib.Path(folder) / "azurite.log")


class Nginx(Process):
    """Serves a folder the way its manual says is fast."""

    def __init__(self, folder, served):
        if shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin") is None:
            raise SystemExit("nginx is not here: apt-get install nginx")
        folder = pathlib.Path(folder)
        port = free_port()
        user = "user root;" if os.geteuid() == 0 else ""
        scratch = "".join(
            f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (folder / "nginx.conf").write_text(
            f"daemon off; worker_processes auto; pid {folder}/nginx.pid; error_log {folder}/nginx.err; {user}\n"
            f"events {{ worker_connections 512; }}\n"
            f"http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000; {scratch}\n"
            f"server {{ listen 127.0.0.1:{port}; root {served}; }} }}\n")
        super().__init__(
            port, shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin"), "-e", str(folder / "nginx.err"), "-c",
            str(folder / "nginx.conf"), log=folder / "nginx.log")


class Service:
    """One Blob service under load: ours or Azurite."""

    def __init__(self, url, load_program):
        self.blob = Blob(url, timeout=300)
        self.port = self.blob.address.port
        self.program = load_program
        self.sas = {}

    def create(self, container):
        self.blob.create_container(container)
        self.sas[container] = self.blob.container_sas(container)

    def target(self, path, query=""):
        return f"/{BLOB_ACCOUNT}/{path}?{query}{self.sas[path.split('/')[0]]}"

    def put(self, path, size, **more):
        return load(self.program, self.port, self.target(path), method="PUT", body=size, expect=201,
                    header="x-ms-blob-type: BlockBlob", **more)

    def put_blocks(self, path, size, **more):
        """Ids of four digits, which are Base64 of three bytes: `first` is 1000 or more."""
        return load(self.program, self.port, self.target(path, "comp=block&blockid={n}&"), method="PUT", body=size,
                    expect=201, **more)

    def get(self, path, query="", **more):
        return load(self.program, self.port, self.target(path, query), **more)

    def list_all(self, container):
        """Seconds for every page of a list, one after another as their markers want it."""
        marker, began = "", time.monotonic()
        while True:
            query = {"restype": "container", "comp": "list", **({"marker": marker} if marker else {})}
            body = self.blob.call("GET", container, query=query).expect(200).body
            marker = body.rpartition(b"<NextMarker>")[2].partition(b"</NextMarker>")[0].decode() if (
                b"<NextMarker>" in body[-4096:]) else ""
            if not marker:
                return time.monotonic() - began


def load(program, port, target, **options):
    """Runs the load generator; its figures."""
    command = [program, "--port", str(port), "--target", target, "--header", "x-ms-version: 2021-12-02"]
    for name, value in options.items():
        command += [f"--{name}", str(value)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{done.stderr}{' '.join(command)}")
    return json.loads(done.stdout)

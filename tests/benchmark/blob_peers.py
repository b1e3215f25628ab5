"""Who stands beside our Blob service in its figures: Azurite from npm, nginx from the distribution."""

import json
import os
import pathlib
import shutil
import subprocess
import time

from azurite import Process, free_port
from emulator import BLOB_ACCOUNT
from wire import Blob


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

"""`bluebatch run`: what the program gets, what becomes of it, and what it may reach."""

import json
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import threading
import unittest
import urllib.parse

from emulator import clean_environment, program, wait_until
from shared_emulator import SharedEmulator

PRINT = "import json, os; print(json.dumps(dict(os.environ)))"


@unittest.skipIf(shutil.which("curl") is None, "curl is not installed (apt-get install curl)")
class Run(SharedEmulator):
    def command(self, *words):
        return [program("bluebatch"), "run", *words]

    def environment(self, **more):
        return clean_environment(BLUEBATCH_BATCH_URL=self.emulator.batch, BLUEBATCH_BLOB_URL=self.emulator.blob, **more)

    def run_client(self, *words, **more):
        return subprocess.run(self.command(*words), env=self.environment(**more), stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=60, check=False)

    def test_the_exit_status_is_the_programs(self):
        self.assertEqual(self.run_client("--", "sh", "-c", "exit 7").returncode, 7)
        self.assertEqual(self.run_client("sh", "-c", "kill -9 $$").returncode, 128 + 9)
        nothing = self.run_client("--", "no-such-program")
        self.assertEqual(nothing.returncode, 127)
        self.assertIn("no-such-program", nothing.stderr)
        self.assertEqual(self.run_client("--", "/etc/passwd").returncode, 126)
        self.assertEqual(self.run_client("--").returncode, 2)
        self.assertEqual(self.run_client("--no-such-flag", "true").returncode, 2)

    def test_the_streams_are_the_programs(self):
        done = subprocess.run(self.command("--quiet", "--", "sh", "-c", "cat; echo err >&2"), env=self.environment(), input="in",
                              capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.stdout, "in")
        self.assertTrue(done.stderr.endswith("err\n"), done.stderr)

    def test_the_environment_leads_to_the_emulator_and_goes_with_the_program(self):
        done = self.run_client("--", sys.executable, "-c", PRINT, AZURE_STORAGE_KEY="real", HTTPS_PROXY="http://other")
        told = json.loads(done.stdout)
        self.assertEqual(told["AZURE_BATCH_ACCOUNT_URL"], "https://devbatchaccount1.eastus.batch.azure.com")
        self.assertNotEqual(told["AZURE_STORAGE_KEY"], "real")
        self.assertTrue(told["HTTPS_PROXY"].startswith("http://run:"))
        self.assertEqual(told["IDENTITY_ENDPOINT"], f"{self.emulator.batch}/msi/token")
        for name in ("REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"):
            self.assertFalse(pathlib.Path(told[name]).exists(), "it was for this run")

    # The password is in the environment of the program, which only its user can read.
    def test_no_secret_stands_in_process_lists_and_summaries(self):
        gate = self.gate("lists")
        process = subprocess.Popen(
            self.command("--", sys.executable, "-c", PRINT + f"; import time\nwhile not os.path.exists({str(gate)!r}): time.sleep(0.01)"),
            env=self.environment(PYTHONUNBUFFERED="1"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(gate.touch)
        told = json.loads(process.stdout.readline())
        password = urllib.parse.urlsplit(told["HTTPS_PROXY"]).password
        lists = " ".join(
            pathlib.Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
            for pid in [process.pid, *pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()])
        self.assertIn("bluebatch run", lists)
        self.assertIn(sys.executable, lists)
        gate.touch()
        _, errors = process.communicate(timeout=60)
        for secret in (password, told["AZURE_BATCH_ACCESS_KEY"], told["AZURE_STORAGE_KEY"]):
            self.assertNotIn(secret, lists)
            self.assertNotIn(secret, errors)

    def test_signals_are_handed_on(self):
        process = subprocess.Popen(
            self.command("--quiet", "--", "sh", "-c", "trap 'echo told; exit 3' TERM; echo ready; while :; do sleep 0.01; done"),
            env=self.environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.assertEqual(process.stdout.readline(), "ready\n")
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=60)
        self.assertEqual((output, process.returncode), ("told\n", 3))

    # Supervisors start programs so.
    def test_the_end_of_a_program_is_seen_where_ends_are_ignored(self):
        ignores = "import os, signal, sys; signal.signal(signal.SIGCHLD, signal.SIG_IGN); os.execv(sys.argv[1], sys.argv[1:])"
        done = subprocess.run([sys.executable, "-c", ignores, *self.command("-q", "--", "sh", "-c", "exit 7")],
                              env=self.environment(), capture_output=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 7)

    def test_the_program_gets_no_descriptors_of_ours(self):
        done = self.run_client("-q", "--", sys.executable, "-c", "import os; print(sorted(os.listdir('/proc/self/fd')))")
        # One more is the folder itself, while it is listed.
        self.assertEqual(done.stdout, "['0', '1', '2', '3']\n")

    def test_a_signal_ends_what_has_not_begun(self):
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        silent = f"http://127.0.0.1:{listener.getsockname()[1]}"
        process = subprocess.Popen(
            self.command("--", "echo", "begun"), env=clean_environment(BLUEBATCH_BATCH_URL=silent, BLUEBATCH_BLOB_URL=f"{silent}/a"),
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        connection, _ = listener.accept()
        self.addCleanup(connection.close)
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=30)
        self.assertEqual(output, "")
        self.assertNotEqual(process.returncode, 0)

    def test_other_hosts_are_reached_unless_it_is_offline(self):
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)

        def serve():
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65536)
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nthere")

        threading.Thread(target=serve, daemon=True).start()
        port = listener.getsockname()[1]
        # A name that is nobody's.
        url = f"http://nobody.invalid:{port}/"
        refused = self.run_client("--offline", "--", "curl", "-sS", "-m", "40", "-o", "/dev/null", "-w", "%{http_code}", url)
        self.assertEqual(refused.stdout, "403")
        self.assertIn("refused: --offline", refused.stderr)
        passed = self.run_client("--", "curl", "-sS", "--noproxy", "", f"http://127.0.0.1:{port}/")
        self.assertEqual(passed.stdout, "ther")
        self.assertIn("127.0.0.1: 1 connection, passed on", passed.stderr)

    def test_services_of_azure_that_are_not_emulated_are_refused_by_name(self):
        done = self.run_client("--", "curl", "-sS", "https://acc.queue.core.windows.net/")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("acc.queue.core.windows.net: 1 connection, refused: the emulator has no such service", done.stderr)

    def test_the_proxy_is_for_the_program_alone(self):
        gate = self.gate("proxy")
        process = subprocess.Popen(
            self.command("--", sys.executable, "-c", PRINT + f"; import time\nwhile not os.path.exists({str(gate)!r}): time.sleep(0.01)"),
            env=self.environment(PYTHONUNBUFFERED="1"), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(gate.touch)
        proxy = urllib.parse.urlsplit(json.loads(process.stdout.readline())["HTTPS_PROXY"])
        with socket.create_connection((proxy.hostname, proxy.port), timeout=20) as stranger:
            stranger.sendall(b"CONNECT login.microsoftonline.com:443 HTTP/1.1\r\n\r\n")
            self.assertTrue(stranger.recv(4096).startswith(b"HTTP/1.1 407 "))
        gate.touch()
        process.communicate(timeout=60)
        wait_until(lambda: self.refuses(proxy.port), 20, "the end of the proxy")

    @staticmethod
    def refuses(port):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) != 0

    def test_the_summary_says_what_was_asked_for_and_what_is_not_there(self):
        pool = {"id": "p", "vmSize": "a1", "mountConfiguration": [{"azureBlobFileSystemConfiguration": {
            "accountName": "a", "containerName": "c", "relativeMountPath": "m"}}]}
        token = "$(curl -s -d grant_type=client_credentials -d client_id=$AZURE_CLIENT_ID -d client_secret=$AZURE_CLIENT_SECRET" \
                " -d scope=https://batch.core.windows.net/.default https://login.microsoftonline.com/common/oauth2/v2.0/token" \
                " | sed 's/.*access_token\":\"//; s/\".*//')"
        done = self.run_client("--", "sh", "-c", (
            f"curl -s -o /dev/null -H \"Authorization: Bearer {token}\" -H 'Content-Type: application/json; odata=minimalmetadata'"
            f" -d '{json.dumps(pool)}' \"$AZURE_BATCH_ACCOUNT_URL/pools?api-version=2022-10-01.16.0\""))
        self.assertIn("Requests that the emulator answered: 1 of batch (1 refused), 1 of identity.", done.stderr)
        self.assertIn("Not emulated: mountConfiguration of Azure Batch (asked for once).", done.stderr)


if __name__ == "__main__":
    unittest.main()

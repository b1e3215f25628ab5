"""Every way to sign in that the client has, on Azure's own host names: `bluebatch run` leads them to an emulator."""

import base64
import json
import os
import pathlib
import socket
import subprocess
import tempfile
import time
import unittest

from azure_run import AzureCase
from client_commands import run_client
from client_runs import Folders, keys_in, transcode
from emulator import program
from wire import Blob

KEYS = ("AZURE_BATCH_ACCESS_KEY", "AZURE_BATCH_ACCOUNT_KEY", "AZURE_STORAGE_KEY", "AZURE_STORAGE_ACCOUNT_KEY",
        "AZURE_STORAGE_CONNECTION_STRING")
SECRET = ("AZURE_CLIENT_SECRET",)
IDENTITY = ("IDENTITY_ENDPOINT", "IDENTITY_HEADER")
# The application of the environment has a secret, so no machine may speak for it.
APPLICATION = ("AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_TENANT_ID")

# What az prints, with a token of the emulator's issuer: signing in with az itself is not what is tested here.
AZ = """#!/usr/bin/env python3
import json, os, sys, urllib.request
words = sys.argv[1:]
if words[:2] != ["account", "get-access-token"] or words[2:4] != ["--output", "json"]:
    sys.exit("ERROR: not understood: " + " ".join(words))
resource = words[words.index("--resource") + 1]
url = os.environ["TEST_MSI"] + "?api-version=2019-08-01&resource=" + resource
with urllib.request.urlopen(urllib.request.Request(url, headers={"X-IDENTITY-HEADER": "bluebatch"})) as answer:
    token = json.load(answer)
with open(os.environ["TEST_AZ_LOG"], "a") as log:
    print(resource, file=log)
print(json.dumps({"accessToken": token["access_token"], "expires_on": int(token["expires_on"]),
                  "expiresOn": "2099-01-01 00:00:00.000000", "tokenType": "Bearer"}))
"""


class Credentials(AzureCase):
    def setUp(self):
        self.only_data_planes()
        folder = tempfile.TemporaryDirectory(prefix="credentials-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def without(self, *names, **more):
        return {**{name: value for name, value in self.environment.items() if name not in names}, **more}

    def ask(self, environment, *arguments, status=0):
        run = run_client(*arguments, "--target", "azure", environment=environment)
        self.assertEqual(run.returncode, status, f"{arguments}\n{run.stdout}{run.stderr}")
        self.assertEqual(keys_in(run.stdout + run.stderr), [])
        return run

    def assert_both_services(self, environment, *arguments, told=None):
        self.ask(environment, "pool", "list", *arguments)
        self.ask(environment, "container", "list", *arguments)
        shown = json.loads(self.ask(environment, "account", "show", "--json", *arguments).stdout)
        if told:
            self.assertEqual((shown["batch"]["credentialFrom"], shown["storage"]["credentialFrom"]), (told, told))
        return shown

    def assert_transcodes(self, environment, *arguments):
        folders = Folders(["clip.mp4"])
        self.addCleanup(folders.cleanup)
        name = f"run{time.time_ns()}"
        run = transcode(folders, "--yes", "--target", "azure", "--job-id", name, "--pool-id", name, "--container-prefix", name,
                        *arguments, environment=environment)
        self.assertEqual(run.returncode, 0, run.stderr)
        folders.assert_results(self, ["clip.mp3"])
        self.assertEqual(keys_in(run.stdout + run.stderr), [])
        self.ask(environment, "container", "delete", name + "output", "--yes", *arguments)
        return run

    def test_the_doctor_asks_the_resource_manager_for_quotas(self):
        for way in ("secret", "managed-identity"):
            without = (*KEYS, *(IDENTITY if way == "secret" else APPLICATION))
            told = json.loads(self.ask(self.without(*without), "doctor", "--auth", way, "--json").stdout)
            (quota,) = [check for check in told["checks"] if check["check"] == "quota"]
            self.assertEqual(quota["verdict"], "ok")
            self.assertRegex(quota["finding"], r"^pools \d+ of \d+, active jobs \d+ of \d+ with schedules, nodes \d+; cores at most [1-9]\d*")

    def federated_token(self):
        file = self.folder / "federated.jwt"
        claims = {"sub": "system:serviceaccount:default:worker", "iss": "https://cluster.example", "exp": int(time.time()) + 600}
        parts = ({"alg": "RS256", "typ": "JWT"}, claims, "signature")
        file.write_text(".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + "\n")
        return str(file)

    def path_with_az(self, text=AZ):
        az = self.folder / "az"
        az.write_text(text)
        az.chmod(0o755)
        return {"PATH": f"{self.folder}:{os.environ['PATH']}", "TEST_AZ_LOG": str(self.folder / "az.log"),
                "TEST_MSI": self.environment.get("IDENTITY_ENDPOINT", "")}

    def test_keys(self):
        shown = self.assert_both_services(self.environment, "--auth", "key")
        self.assertEqual(shown["batch"]["credentialFrom"], "environment AZURE_BATCH_ACCESS_KEY")

    def test_a_client_secret(self):
        self.assert_both_services(self.environment, "--auth", "secret", told="Microsoft Entra ID, client secret")
        run = self.assert_transcodes(self.without(*KEYS))
        self.assertIn("Signing in to Microsoft Entra ID by client secret.", run.stderr)

    def test_a_wrong_client_secret(self):
        wrong = self.without(*KEYS, AZURE_CLIENT_SECRET="wrong-secret")
        run = self.ask(wrong, "pool", "list", status=2)
        self.assertIn("AADSTS7000215", run.stderr)
        self.assertNotIn("wrong-secret", run.stderr)

    def test_a_managed_identity_as_in_app_service(self):
        environment = self.without(*KEYS, *APPLICATION)
        self.assert_both_services(environment, told="Microsoft Entra ID, managed identity, IDENTITY_ENDPOINT")
        run = self.assert_transcodes(environment)
        self.assertIn("by managed identity (IDENTITY_ENDPOINT)", run.stderr)

    def test_a_managed_identity_as_on_a_machine(self):
        environment = self.without(*KEYS, *APPLICATION, *IDENTITY, PATH=str(self.folder))
        self.assert_both_services(environment)
        self.assert_both_services(environment, "--auth", "managed-identity", told="Microsoft Entra ID, managed identity")

    def test_a_managed_identity_that_is_not_there(self):
        """The application has a secret, and machines get none of its tokens."""
        environment = self.without(*KEYS, *SECRET, PATH=str(self.folder))
        run = self.ask(environment, "pool", "list", "--auth", "managed-identity", status=2)
        self.assertIn(f"of client {self.client}", run.stderr)

    def test_a_workload_identity(self):
        environment = self.without(*KEYS, *SECRET, *IDENTITY, AZURE_FEDERATED_TOKEN_FILE=self.federated_token())
        self.assert_both_services(environment, told="Microsoft Entra ID, workload identity, AZURE_FEDERATED_TOKEN_FILE")
        self.assert_both_services(environment, "--auth", "workload")
        self.assertIn("workload identity", self.assert_transcodes(environment).stderr)

    def test_whoever_is_signed_in_with_az(self):
        environment = self.without(*KEYS, *SECRET, **self.path_with_az())
        self.assert_both_services(environment, "--auth", "az", told="Microsoft Entra ID, az")
        asked = (self.folder / "az.log").read_text().split()
        self.assertEqual(asked, ["https://batch.core.windows.net/", "https://storage.azure.com"])

    def test_nobody_is_signed_in_with_az(self):
        environment = self.without(*KEYS, **self.path_with_az("#!/bin/sh\necho \"ERROR: Please run 'az login' to setup account.\" >&2\nexit 1\n"))
        run = self.ask(environment, "pool", "list", "--auth", "az", status=2)
        self.assertIn("Please run 'az login'", run.stderr)

    def test_nobody_at_all(self):
        environment = self.without(*KEYS, *APPLICATION, *IDENTITY, PATH=str(self.folder),
                                   AZURE_POD_IDENTITY_AUTHORITY_HOST="http://127.0.0.1:1")
        run = self.ask(environment, "pool", "list", status=2)
        for words in ("AZURE_CLIENT_SECRET", "AZURE_FEDERATED_TOKEN_FILE", "managed identity", "az is not on PATH",
                      "AZURE_BATCH_ACCESS_KEY"):
            self.assertIn(words, run.stderr)

    def sas_environment(self, sas):
        return self.without(*KEYS[2:], AZURE_STORAGE_SAS_TOKEN=sas)

    @unittest.skipIf("BLUEBATCH_AZURE_ENVIRONMENT" in os.environ, "signatures are made with the emulator's key")
    def test_a_signature_of_the_account(self):
        blob = Blob(self.azure.emulator.blob)
        self.addCleanup(blob.close)
        environment = self.sas_environment("?" + blob.account_sas("rwdlac", hours=30))
        self.ask(environment, "container", "list")
        shown = json.loads(self.ask(environment, "account", "show", "--json").stdout)
        self.assertEqual(shown["storage"]["credentialFrom"], "environment AZURE_STORAGE_SAS_TOKEN")
        self.assert_transcodes(environment)

    @unittest.skipIf("BLUEBATCH_AZURE_ENVIRONMENT" in os.environ, "signatures are made with the emulator's key")
    def test_a_signature_that_does_not_suffice_for_nodes(self):
        blob = Blob(self.azure.emulator.blob)
        self.addCleanup(blob.close)
        folders = Folders(["clip.mp4"])
        self.addCleanup(folders.cleanup)
        environment = self.sas_environment(blob.account_sas("rwdlac", hours=0.02))
        run = transcode(folders, "--yes", "--target", "azure", "--container-prefix", "short", "--job-id", "short", "--pool-id", "short",
                        environment=environment)
        self.assertEqual(run.returncode, 2, run.stderr)
        self.assertRegex(run.stderr, "expires at .*, and is needed until")
        self.assertEqual(keys_in(run.stdout + run.stderr), [])

    def test_a_signature_alone_is_not_enough_for_batch_where_it_is_asked_for(self):
        run = self.ask(self.environment, "container", "list", "--auth", "sas", status=2)
        self.assertIn("SharedAccessSignature", run.stderr)

    def test_secrets_stand_in_no_process_list(self):
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        listener.settimeout(30)
        authority = f"http://127.0.0.1:{listener.getsockname()[1]}"
        environment = self.without(*KEYS, AZURE_CLIENT_SECRET="very-secret", AZURE_AUTHORITY_HOST=authority)
        process = subprocess.Popen([program("bluebatch"), "pool", "list", "--target", "azure", "--auth", "secret"], env=environment,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        asked = listener.accept()[0]
        self.addCleanup(asked.close)
        asked.settimeout(30)
        body = b""
        while b"very-secret" not in body:
            received = asked.recv(4096)
            self.assertTrue(received, body)
            body += received
        listed = pathlib.Path(f"/proc/{process.pid}/cmdline").read_bytes()
        self.assertIn(b"--auth", listed)
        self.assertNotIn(b"very-secret", listed)


if __name__ == "__main__":
    unittest.main()

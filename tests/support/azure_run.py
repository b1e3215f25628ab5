"""The environment that `bluebatch run` gives a program: Azure's own host names end at an emulator in it.

One `bluebatch run` stays for the tests of a class; they take its environment for programs of their own, or for themselves.
BLUEBATCH_AZURE_ENVIRONMENT=FILE, a JSON object of variables, puts another service in its place, for example the real one.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import unittest.mock

from emulator import BATCH_ACCOUNT, Emulator, clean_environment, program

TELL = "import json, os, sys; print(json.dumps(dict(os.environ)), flush=True); sys.stdin.read()"


class AzureRun:
    """One running `bluebatch run` with an emulator of its own. Use it as a context manager, or call close()."""

    def __init__(self, *arguments, emulator_arguments=(), location=None):
        self.emulator = self.process = None
        other = os.environ.get("BLUEBATCH_AZURE_ENVIRONMENT")
        if other:
            self.environment = {**clean_environment(), **json.loads(pathlib.Path(other).read_text())}
            return
        self.emulator = Emulator(*emulator_arguments, location=location)
        self.process = subprocess.Popen(
            [program("bluebatch"), "run", *arguments, "--", sys.executable, "-c", TELL],
            env=clean_environment(BLUEBATCH_BATCH_URL=self.emulator.batch, BLUEBATCH_BLOB_URL=self.emulator.blob),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            self.close()
            raise AssertionError("bluebatch run has not started its program")
        self.environment = json.loads(line)

    def close(self):
        if self.process and not self.process.stdin.closed:
            self.process.stdin.close()
            self.process.wait(30)
            self.process.stdout.close()
        if self.emulator:
            self.emulator.end()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class AzureCase(unittest.TestCase):
    """Tests that share a `bluebatch run`; the principal, tenant and subscription are those of its environment."""

    arguments = ("--offline",)
    # Nobody else is known to the issuer of tokens.
    principals = ("b1ebac00-0000-4000-8000-000000000c11:development", "managed-identity", "user")

    @classmethod
    def setUpClass(cls):
        given = [word for principal in cls.principals for word in ("--principal", principal)]
        cls.azure = AzureRun(*cls.arguments, emulator_arguments=given)
        cls.addClassCleanup(cls.azure.close)
        cls.scratch = cls.enterClassContext(tempfile.TemporaryDirectory(prefix="azure-"))
        cls.environment = {
            **cls.azure.environment, "AZURE_CONFIG_DIR": f"{cls.scratch}/az", "AZURE_CORE_COLLECT_TELEMETRY": "no",
            "AZURE_CORE_NO_COLOR": "yes", "AZURE_EXTENSION_DIR": f"{cls.scratch}/extensions"}
        cls.tenant, cls.client, cls.secret, cls.subscription = (
            cls.environment[f"AZURE_{name}"] for name in ("TENANT_ID", "CLIENT_ID", "CLIENT_SECRET", "SUBSCRIPTION_ID"))
        cls.batch_endpoint = cls.environment.get("AZURE_BATCH_ENDPOINT", f"https://{BATCH_ACCOUNT}.eastus.batch.azure.com")

    def only_data_planes(self):
        """Skips where Batch and Blob are not there, as behind a server that only stands in for the sign-in."""
        if "AZURE_NO_DATA_PLANES" in self.environment:
            self.skipTest("there is no Batch and no Blob behind this environment")

    def within(self, *without, **more):
        """This process as a program that `bluebatch run` has started, without some variables and with others."""
        environment = {name: value for name, value in self.environment.items() if name not in without}
        return unittest.mock.patch.dict(os.environ, {**environment, **more}, clear=True)

    def origin_of_identity_endpoint(self):
        scheme, _, rest = self.environment["IDENTITY_ENDPOINT"].partition("://")
        return f"{scheme}://{rest.partition('/')[0]}"

    def run_az(self, *arguments, **more):
        """With `more` variables; those that are None are taken away."""
        environment = {name: value for name, value in {**self.environment, **more}.items() if value is not None}
        return subprocess.run(
            ["az", *map(str, arguments)], env=environment, stdin=subprocess.DEVNULL, capture_output=True,
            timeout=180, check=False)

    def az(self, *arguments, **more):
        run = self.run_az(*arguments, "--output", "json", **more)
        if run.returncode != 0:
            self.fail(f"az {' '.join(map(str, arguments))}: {run.stderr.decode(errors='replace')[-2000:]}")
        return json.loads(run.stdout) if run.stdout.strip() else None

    def az_fails(self, *arguments, **more):
        """Its last words."""
        run = self.run_az(*arguments, **more)
        self.assertNotEqual(run.returncode, 0, run.stdout[-2000:])
        return run.stderr.decode(errors="replace")

    def login(self, **more):
        return self.az("login", "--service-principal", "-u", self.client, "-p", self.secret, "--tenant", self.tenant, **more)

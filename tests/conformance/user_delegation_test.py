"""Bearer tokens and user delegation SAS through the official Python SDK.

The SDK sends tokens over HTTPS only, so they come through a TLS front; signatures are used over plain HTTP as well.
"""

import base64
import datetime
import json
import pathlib
import tempfile
import time
import unittest

from emulator import BLOB_ACCOUNT, BLOB_KEY, Emulator
from tls_front import Authority, Front

try:
    from azure.core import exceptions
    from azure.core.credentials import AccessToken
    from azure.storage import blob as storage
except ImportError as missing:
    raise unittest.SkipTest(f"the Python SDK is not installed (apt-get install python3-azure): {missing}")

TENANT = "22222222-2222-2222-2222-222222222222"
USER = "11111111-1111-1111-1111-111111111111"


class Token:
    """A credential whose token nobody signed."""

    def __init__(self, **claims):
        now = int(time.time())
        self.claims = {
            "iss": f"https://sts.windows.net/{TENANT}/", "aud": "https://storage.azure.com", "oid": USER, "tid": TENANT,
            "iat": now - 300, "nbf": now - 300, "exp": now + 3600, **claims,
        }

    def get_token(self, *_scopes, **_options):
        parts = ({"alg": "RS256", "typ": "JWT"}, self.claims, "nobody")
        encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
        return AccessToken(".".join(encoded), self.claims["exp"])


def in_minutes(minutes):
    return datetime.datetime.utcnow() + datetime.timedelta(minutes=minutes)


class UserDelegation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="user-delegation-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.authority = Authority(cls.folder.name)
        cls.context = cls.authority.context_for("localhost")
        cls.start(cls)
        cls.addClassCleanup(lambda: cls.emulator.kill())

    def start(self, *arguments):
        self.emulator = Emulator("--oauth", "basic", location=pathlib.Path(self.folder.name) / "state")
        self.front = Front(self.context, self.emulator.blob)

    def service(self, credential=None):
        return storage.BlobServiceClient(
            f"https://localhost:{self.front.port}/{BLOB_ACCOUNT}", credential=credential or Token(),
            connection_verify=str(self.authority.certificate), retry_total=0)

    def with_sas(self, sas, container="con", blob="blob"):
        return storage.BlobClient.from_blob_url(f"{self.emulator.blob}/{container}/{blob}?{sas}", retry_total=0)

    def setUp(self):
        try:
            container = self.service().create_container("con")
            container.upload_blob("blob", b"hello")
        except exceptions.ResourceExistsError:
            pass

    def key(self):
        return self.service().get_user_delegation_key(in_minutes(-5), in_minutes(60))

    def sas(self, key, **options):
        return storage.generate_blob_sas(
            BLOB_ACCOUNT, "con", "blob", user_delegation_key=key,
            **{"permission": "r", "expiry": in_minutes(10), **options})

    def test_a_token_opens_the_account(self):
        service = self.service()
        self.assertIn("con", [found.name for found in service.list_containers()])
        self.assertEqual(service.get_blob_client("con", "blob").download_blob().readall(), b"hello")

    def test_a_token_for_others_is_refused_with_a_challenge(self):
        with self.assertRaises(exceptions.ClientAuthenticationError) as caught:
            self.service(Token(aud="https://management.azure.com")).get_blob_client("con", "blob").download_blob()
        self.assertEqual(caught.exception.status_code, 401)
        self.assertEqual(caught.exception.error_code, "InvalidAuthenticationInfo")
        self.assertIn("authorization_uri=", caught.exception.response.headers["WWW-Authenticate"])

    def test_the_key_says_whose_it_is(self):
        key = self.key()
        self.assertEqual((key.signed_oid, key.signed_tid, key.signed_service), (USER, TENANT, "b"))
        self.assertEqual(len(base64.b64decode(key.value)), 32)

    def test_a_signature_opens_the_blob_and_nothing_else(self):
        sas = self.sas(self.key())
        self.assertEqual(self.with_sas(sas).download_blob().readall(), b"hello")
        with self.assertRaises(exceptions.ClientAuthenticationError):
            self.with_sas(sas, blob="other").download_blob()
        with self.assertRaises(exceptions.HttpResponseError) as caught:
            self.with_sas(sas).upload_blob(b"mine", overwrite=True)
        self.assertEqual(caught.exception.error_code, "AuthorizationPermissionMismatch")

    def test_a_container_signature_lists(self):
        sas = storage.generate_container_sas(
            BLOB_ACCOUNT, "con", user_delegation_key=self.key(), permission="rl", expiry=in_minutes(10))
        container = storage.ContainerClient.from_container_url(f"{self.emulator.blob}/con?{sas}")
        self.assertEqual([found.name for found in container.list_blobs()], ["blob"])

    def test_a_signature_of_another_key_is_refused(self):
        key = self.key()
        key.value = BLOB_KEY
        with self.assertRaises(exceptions.ClientAuthenticationError):
            self.with_sas(self.sas(key)).download_blob()

    def test_a_signature_outlives_a_restart(self):
        sas = self.sas(self.key())
        self.emulator.stop()
        self.front.close()
        type(self).start(type(self))
        self.assertEqual(self.with_sas(sas).download_blob().readall(), b"hello")

    def test_keys_last_seven_days_at_most(self):
        with self.assertRaises(exceptions.HttpResponseError) as caught:
            self.service().get_user_delegation_key(in_minutes(0), in_minutes(8 * 24 * 60))
        self.assertEqual(caught.exception.error_code, "InvalidXmlNodeValue")


class WithoutTheFlag(unittest.TestCase):
    def test_tokens_are_refused_with_the_flag_to_give(self):
        with tempfile.TemporaryDirectory(prefix="user-delegation-") as folder, Emulator() as emulator:
            authority = Authority(folder)
            front = Front(authority.context_for("localhost"), emulator.blob)
            self.addCleanup(front.close)
            service = storage.BlobServiceClient(
                f"https://localhost:{front.port}/{BLOB_ACCOUNT}", credential=Token(),
                connection_verify=str(authority.certificate), retry_total=0)
            with self.assertRaises(exceptions.HttpResponseError) as caught:
                list(service.list_containers())
            self.assertEqual(caught.exception.status_code, 401)
            self.assertIn("--oauth basic", str(caught.exception))

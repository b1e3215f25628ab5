"""azure.identity's credentials in a program that `bluebatch run` has started, and what services make of their tokens."""

import base64
import json
import pathlib
import time
import unittest

from azure_run import AzureCase

try:
    import jwt
    import requests
    from azure import identity
    from azure.batch import BatchServiceClient
    from azure.common.credentials import ServicePrincipalCredentials
    from azure.core import exceptions
    from azure.core.credentials import AccessToken
    from azure.storage import blob as storage
    from msrestazure.azure_active_directory import MSIAuthentication
except ImportError as missing:
    raise unittest.SkipTest(f"the Python SDK is not installed (apt-get install python3-azure): {missing}")

MANAGEMENT = "https://management.azure.com"
BATCH = "https://batch.core.windows.net"
BLOB = "https://storage.azure.com"
NOBODY = "99999999-9999-9999-9999-999999999999"
OWN = ("AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_TENANT_ID")
IDENTITY = ("IDENTITY_ENDPOINT", "IDENTITY_HEADER")


def claims_of(token):
    return jwt.decode(token, options={"verify_signature": False})


class Credentials(AzureCase):
    def token(self, credential, resource=MANAGEMENT):
        token = credential.get_token(f"{resource}/.default")
        self.assertAlmostEqual(token.expires_on, claims_of(token.token)["exp"], delta=10)
        self.assertGreater(token.expires_on, time.time() + 3000)
        return token.token

    def secret_credential(self, **other):
        return identity.ClientSecretCredential(
            **{"tenant_id": self.tenant, "client_id": self.client, "client_secret": self.secret, **other})

    def refusal(self, resource=MANAGEMENT, scope="/.default", **other):
        with self.within(), self.assertRaises(exceptions.ClientAuthenticationError) as caught:
            self.secret_credential(**other).get_token(resource + scope)
        return str(caught.exception)

    def test_a_client_secret_is_worth_a_token_for_each_service(self):
        with self.within():
            credential = self.secret_credential()
            for resource in (MANAGEMENT, BATCH, BLOB):
                claims = claims_of(self.token(credential, resource))
                self.assertEqual(claims["aud"], resource)
                self.assertEqual(claims["iss"], f"https://sts.windows.net/{self.tenant}/")
                self.assertEqual((claims["tid"], claims["appid"], claims["idtyp"], claims["ver"], claims["appidacr"]),
                                 (self.tenant, self.client, "app", "1.0", "1"))
                self.assertEqual(claims["oid"], claims["sub"])
                self.assertLessEqual(claims["nbf"], time.time())

    def test_the_audience_keeps_the_slash_that_was_asked_for(self):
        with self.within():
            self.assertEqual(claims_of(self.token(self.secret_credential(), f"{BATCH}/"))["aud"], f"{BATCH}/")

    def test_the_published_keys_verify_the_signature(self):
        with self.within():
            token = self.token(self.secret_credential(), BATCH)
            authority = f"https://login.microsoftonline.com/{self.tenant}"
            configuration = requests.get(f"{authority}/v2.0/.well-known/openid-configuration", timeout=30).json()
            keys = requests.get(configuration["jwks_uri"], timeout=30).json()["keys"]
        header = jwt.get_unverified_header(token)
        self.assertEqual(header["alg"], "RS256")
        (key,) = (key for key in keys if key["kid"] == header["kid"])
        jwt.decode(token, jwt.algorithms.RSAAlgorithm.from_jwk(json.dumps(key)), algorithms=["RS256"], audience=BATCH)
        self.assertEqual(configuration["issuer"], f"{authority}/v2.0")
        self.assertEqual(configuration["token_endpoint"], f"{authority}/oauth2/v2.0/token")

    def test_a_wrong_secret(self):
        self.assertIn("AADSTS7000215", self.refusal(client_secret="wrong"))

    def test_an_unknown_client(self):
        message = self.refusal(client_id=NOBODY)
        self.assertIn("AADSTS700016", message)
        self.assertIn(NOBODY, message)

    def test_an_unknown_tenant(self):
        self.assertIn("Unable to get authority configuration", self.refusal(tenant_id="nowhere"))
        with self.within():
            answer = requests.get(
                "https://login.microsoftonline.com/nowhere/v2.0/.well-known/openid-configuration", timeout=30)
        self.assertEqual((answer.status_code, answer.json()["error"], answer.json()["error_codes"]), (400, "invalid_tenant", [90002]))

    def test_a_scope_without_default(self):
        self.assertIn("AADSTS1002012", self.refusal(scope="/user_impersonation"))

    def test_an_unknown_resource(self):
        self.assertIn("AADSTS500011", self.refusal(resource="https://nothing.example"))

    def test_the_members_of_a_refusal(self):
        form = {"grant_type": "client_credentials", "client_id": self.client, "client_secret": "wrong", "scope": f"{BATCH}/.default"}
        with self.within():
            url = f"https://login.microsoftonline.com/{self.tenant}/oauth2/v2.0/token"
            wrong = requests.post(url, form, timeout=30)
            absent = requests.post(url, {**form, "grant_type": ""}, timeout=30)
            other = requests.post(url, {**form, "grant_type": "no_such"}, timeout=30)
        self.assertEqual(wrong.status_code, 401)
        said = wrong.json()
        self.assertEqual((said["error"], said["error_codes"]), ("invalid_client", [7000215]))
        for member in ("trace_id", "correlation_id", "timestamp"):
            self.assertIn(said[member], said["error_description"])
        self.assertEqual(said["error_uri"], "https://login.microsoftonline.com/error?code=7000215")
        self.assertEqual((absent.status_code, absent.json()["error_codes"]), (400, [900144]))
        self.assertEqual((other.status_code, other.json()["error"]), (400, "unsupported_grant_type"))

    def test_the_first_version_of_the_token_endpoint(self):
        form = {"grant_type": "client_credentials", "client_id": self.client, "client_secret": self.secret, "resource": f"{BATCH}/"}
        with self.within():
            said = requests.post(f"https://login.microsoftonline.com/{self.tenant}/oauth2/token", form, timeout=30).json()
        self.assertEqual(said["resource"], f"{BATCH}/")
        self.assertEqual(int(said["expires_on"]), claims_of(said["access_token"])["exp"])
        self.assertIsInstance(said["expires_in"], str)

    def test_the_environment_holds_a_principal(self):
        with self.within():
            self.assertEqual(claims_of(self.token(identity.EnvironmentCredential()))["appid"], self.client)
            self.assertEqual(claims_of(self.token(identity.DefaultAzureCredential()))["appid"], self.client)

    def test_a_managed_identity_as_in_app_service(self):
        with self.within(*OWN):
            for credential in (identity.ManagedIdentityCredential(), identity.DefaultAzureCredential()):
                claims = claims_of(self.token(credential))
                self.assertEqual((claims["tid"], claims["idtyp"], claims["aud"]), (self.tenant, "app", MANAGEMENT))
                self.assertIn("xms_mirid", claims)

    def test_a_managed_identity_needs_the_header(self):
        with self.within(*OWN, IDENTITY_HEADER="another"), self.assertRaises(exceptions.ClientAuthenticationError):
            identity.ManagedIdentityCredential().get_token(f"{MANAGEMENT}/.default")

    def test_a_managed_identity_as_on_a_machine(self):
        with self.within(*OWN, *IDENTITY):
            self.assertEqual(claims_of(self.token(identity.ManagedIdentityCredential(), BATCH))["aud"], BATCH)

    def test_a_managed_identity_at_another_host(self):
        with self.within(*OWN, *IDENTITY, AZURE_POD_IDENTITY_AUTHORITY_HOST=self.origin_of_identity_endpoint()):
            self.assertEqual(claims_of(self.token(identity.ManagedIdentityCredential(), BATCH))["aud"], BATCH)

    def test_a_federated_token(self):
        file = pathlib.Path(self.scratch, "federated.jwt")
        claims = {"sub": "system:serviceaccount:default:worker", "iss": "https://cluster.example", "exp": int(time.time()) + 600}
        parts = ({"alg": "RS256", "typ": "JWT"}, claims, "signature")
        file.write_text(".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts))
        more = {"AZURE_FEDERATED_TOKEN_FILE": str(file), "AZURE_AUTHORITY_HOST": "https://login.microsoftonline.com/"}
        with self.within("AZURE_CLIENT_SECRET", *IDENTITY, **more):
            self.assertEqual(claims_of(self.token(identity.ManagedIdentityCredential()))["appid"], self.client)
            self.assertEqual(claims_of(self.token(identity.DefaultAzureCredential()))["appid"], self.client)

    def test_a_device_code(self):
        told = []
        with self.within():
            credential = identity.DeviceCodeCredential(tenant_id=self.tenant, prompt_callback=lambda *what: told.append(what))
            claims = claims_of(self.token(credential))
            other = claims_of(self.token(credential, BLOB))
        self.assertEqual(len(told), 1, "the second token comes by the refresh token")
        self.assertEqual(claims["tid"], self.tenant)
        self.assertNotEqual(claims.get("idtyp"), "app")
        self.assertEqual((other["aud"], other["oid"]), (BLOB, claims["oid"]))


class Services(AzureCase):
    """What Batch and Blob make of tokens."""

    def setUp(self):
        self.only_data_planes()

    def token(self, resource):
        with self.within():
            return identity.EnvironmentCredential().get_token(f"{resource}/.default").token

    def pools(self, token):
        with self.within():
            return requests.get(f"{self.batch_endpoint}/pools", params={"api-version": "2022-10-01.16.0"}, timeout=30,
                                headers={"Authorization": f"Bearer {token}"})

    def blobs(self, **more):
        account = self.environment.get("AZURE_STORAGE_ACCOUNT", "devstoreaccount1")
        return storage.BlobServiceClient(f"https://{account}.blob.core.windows.net", retry_total=0, **more)

    def test_blob(self):
        with self.within():
            service = self.blobs(credential=identity.DefaultAzureCredential())
            with service.create_container("by-token") as container:
                self.addCleanup(self.delete, "by-token")
                container.upload_blob("a", b"hello")
                self.assertEqual(container.download_blob("a").readall(), b"hello")

    def delete(self, container):
        with self.within():
            self.blobs(credential=identity.DefaultAzureCredential()).delete_container(container)

    def test_batch(self):
        self.assertEqual(self.pools(self.token(BATCH)).status_code, 200)
        self.assertEqual(self.pools(self.token(f"{BATCH}/")).status_code, 200)

    def test_the_credentials_of_older_programs(self):
        """Batch by azure.common's principal, which asks the first version of the token endpoint, and by a machine's identity."""
        with self.within(*IDENTITY):
            principal = ServicePrincipalCredentials(self.client, self.secret, tenant=self.tenant, resource=f"{BATCH}/")
            for credentials in (principal, MSIAuthentication(resource=f"{BATCH}/")):
                list(BatchServiceClient(credentials, batch_url=self.batch_endpoint).pool.list())

    def test_a_token_for_another_service(self):
        self.assertIn(self.pools(self.token(MANAGEMENT)).status_code, (401, 403))
        token = self.token(BATCH)
        with self.within(), self.assertRaises(exceptions.ClientAuthenticationError):
            self.blobs(credential=Fixed(token)).get_account_information()

    def test_a_token_that_somebody_changed(self):
        head, _, signature = self.token(BATCH).split(".")
        claims = {**claims_of(self.token(BATCH)), "oid": NOBODY}
        changed = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
        self.assertIn(self.pools(f"{head}.{changed}.{signature}").status_code, (401, 403))
        nobody = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
        self.assertIn(self.pools(f"{nobody}.{changed}.").status_code, (401, 403))


class Fixed:
    """A credential that has one token."""

    def __init__(self, token):
        self.token = token

    def get_token(self, *_scopes, **_options):
        return AccessToken(self.token, int(time.time()) + 3600)

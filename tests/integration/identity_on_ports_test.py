"""Sign-in at the Batch port itself, without `bluebatch run`, as README shows it."""

import unittest
import urllib.parse

from emulator import Emulator
from wire import Wire

TENANT = "b1ebac00-0000-4000-8000-00000000007e"
CLIENT = "b1ebac00-0000-4000-8000-000000000c11"
SCOPE = "https://batch.core.windows.net/.default"
TOKEN = f"/{TENANT}/oauth2/v2.0/token"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class IdentityOnPorts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator("--principal", f"{CLIENT}:development", "--principal", "user")
        cls.addClassCleanup(cls.emulator.end)
        cls.wire = Wire(cls.emulator.batch)
        cls.addClassCleanup(cls.wire.close)

    def post(self, path, **form):
        return self.wire.send("POST", path, FORM, urllib.parse.urlencode(form))

    def by_secret(self, **other):
        return self.post(TOKEN, **{"grant_type": "client_credentials", "client_id": CLIENT, "client_secret": "development",
                                   "scope": SCOPE, **other})

    def pools(self, token):
        return self.wire.send("GET", "/pools?api-version=2024-07-01.20.0", {"Authorization": f"Bearer {token}"}, None)

    def test_a_secret_is_worth_a_token_that_batch_takes(self):
        answer = self.by_secret().expect(200).json
        self.assertEqual((answer["token_type"], answer["expires_in"]), ("Bearer", 3599))
        self.pools(answer["access_token"]).expect(200)
        self.pools(answer["access_token"][:-4] + "AAAA").expect(403)

    def test_a_wrong_secret(self):
        refusal = self.by_secret(client_secret="wrong").expect(401).json
        self.assertEqual((refusal["error"], refusal["error_codes"]), ("invalid_client", [7000215]))

    def test_a_device_code_and_its_refresh(self):
        scope = f"{SCOPE} offline_access"
        code = self.post(f"/{TENANT}/oauth2/v2.0/devicecode", client_id=CLIENT, scope=scope).expect(200).json
        first = self.post(TOKEN, grant_type="urn:ietf:params:oauth:grant-type:device_code", client_id=CLIENT,
                          device_code=code["device_code"]).expect(200).json
        self.pools(first["access_token"]).expect(200)
        again = self.post(TOKEN, grant_type="refresh_token", client_id=CLIENT, scope=scope,
                          refresh_token=first["refresh_token"]).expect(200).json
        self.pools(again["access_token"]).expect(200)

    def test_discovery_names_this_port(self):
        found = self.wire.send("GET", f"/{TENANT}/v2.0/.well-known/openid-configuration", {}, None).expect(200).json
        self.assertTrue(found["token_endpoint"].endswith(TOKEN), found)
        keys = urllib.parse.urlsplit(found["jwks_uri"])
        self.assertEqual([key["kty"] for key in self.wire.send("GET", keys.path, {}, None).expect(200).json["keys"]], ["RSA"])


if __name__ == "__main__":
    unittest.main()

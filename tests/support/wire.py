"""Signed requests to Batch and Blob with nothing but the standard library: what a test needs to see the raw wire."""

import base64
import datetime
import email.utils
import hashlib
import hmac
import http.client
import json
import ssl
import urllib.parse
import xml.etree.ElementTree

from emulator import BATCH_ACCOUNT, BATCH_KEY, BLOB_ACCOUNT, BLOB_KEY, wait_until

NEWEST_BATCH = "2024-07-01.20.0"
BLOB_VERSION = "2021-12-02"


class Answer:
    def __init__(self, response, body):
        self.status = response.status
        self.reason = response.reason
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def xml(self):
        return xml.etree.ElementTree.fromstring(self.body.decode("utf-8-sig"))

    def expect(self, *statuses):
        if self.status not in statuses:
            raise AssertionError(f"status {self.status} {self.reason}, not {statuses}: {self.body[:2000]!r}")
        return self

    def __repr__(self):
        return f"{self.status} {self.reason} {self.body[:500]!r}"


def mac(key, text):
    return base64.b64encode(hmac.new(base64.b64decode(key), text.encode(), hashlib.sha256).digest()).decode()


def now():
    return email.utils.formatdate(usegmt=True)


def secure(url):
    """The same port, which speaks HTTPS as well."""
    return url.replace("http:", "https:", 1)


class Wire:
    """A kept-alive connection to one of the two services; by HTTPS it trusts only that authority."""

    def __init__(self, url, timeout=60, authority=None):
        self.address = urllib.parse.urlsplit(url)
        self.timeout = timeout
        self.trust = ssl.create_default_context(cafile=authority) if self.address.scheme == "https" else None
        self.connection = None

    def connect(self):
        place = {"host": self.address.hostname, "port": self.address.port, "timeout": self.timeout}
        if self.trust is None:
            return http.client.HTTPConnection(**place)
        return http.client.HTTPSConnection(**place, context=self.trust)

    def send(self, method, target, headers, body):
        for attempt in (1, 2):
            if self.connection is None:
                self.connection = self.connect()
            try:
                self.connection.request(method, target, body=body, headers=headers)
                response = self.connection.getresponse()
                return Answer(response, response.read())
            except (ConnectionError, http.client.RemoteDisconnected):
                self.close()
                if attempt == 2:
                    raise

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None


class Batch(Wire):
    """Batch by SharedKey. Paths are relative to the account, for example /pools/p."""

    def __init__(self, url, account=BATCH_ACCOUNT, key=BATCH_KEY, version=NEWEST_BATCH, **more):
        super().__init__(url, **more)
        self.account, self.key, self.version = account, key, version

    def call(self, method, path, body=None, query=None, headers=None, version=None):
        parameters = {"api-version": version or self.version, **(query or {})}
        fields = {"ocp-date": now(), **(headers or {})}
        payload = None
        if body is not None:
            payload = json.dumps(body).encode()
            fields.setdefault("Content-Type", "application/json; odata=minimalmetadata")
        if payload is not None or method in ("POST", "PUT", "PATCH", "DELETE"):
            fields["Content-Length"] = str(len(payload or b""))
        lower = {name.lower(): value for name, value in fields.items()}
        slots = ("content-encoding", "content-language", "content-length", "content-md5", "content-type", "date",
                 "if-modified-since", "if-match", "if-none-match", "if-unmodified-since", "range")
        lines = [method] + [lower.get(slot, "") for slot in slots]
        lines += [f"{name}:{lower[name]}" for name in sorted(lower) if name.startswith("ocp-")]
        lines.append(f"/{self.account}{path}")
        lines += [f"{name}:{parameters[name]}" for name in sorted(parameters)]
        fields["Authorization"] = f"SharedKey {self.account}:{mac(self.key, chr(10).join(lines))}"
        return self.send(method, f"{path}?{urllib.parse.urlencode(parameters)}", fields, payload)

    def get(self, path, **query):
        return self.call("GET", path, query={name.replace("_", "$", 1): value for name, value in query.items()})

    def post(self, path, body=None, **more):
        return self.call("POST", path, body, **more)

    # What most tests begin with.

    def add_pool(self, pool, dedicated=0, low_priority=0, seconds=30, **members):
        self.post("/pools", pool_body(pool, dedicated, low_priority, **members)).expect(201)
        wait_until(lambda: self.get(f"/pools/{pool}").json["allocationState"] == "steady", seconds, f"pool {pool} steady")
        wait_until(
            lambda: all(node["state"] in ("idle", "running", "starttaskfailed")
                        for node in self.get(f"/pools/{pool}/nodes").json["value"]),
            seconds, f"the nodes of {pool}",
        )

    def add_job(self, job, pool, **members):
        self.post("/jobs", {"id": job, "poolInfo": {"poolId": pool}, **members}).expect(201)

    def add_task(self, job, task, command, **members):
        self.post(f"/jobs/{job}/tasks", {"id": task, "commandLine": command, **members}).expect(201)

    def task(self, job, task):
        return self.get(f"/jobs/{job}/tasks/{task}").expect(200).json

    def wait_for_task(self, job, task, state="completed", seconds=30):
        return wait_until(
            lambda: (found := self.task(job, task))["state"] == state and found,
            seconds, f"task {job}/{task} {state}",
        )

    def file(self, job, task, path):
        answer = self.call("GET", f"/jobs/{job}/tasks/{task}/files/{urllib.parse.quote(path, safe='')}")
        return answer.expect(200).body


def pool_body(pool, dedicated=0, low_priority=0, **members):
    return {
        "id": pool,
        "vmSize": "standard_a1_v2",
        "virtualMachineConfiguration": {
            "imageReference": {"publisher": "canonical", "offer": "0001-com-ubuntu-server-focal", "sku": "20_04-lts"},
            "nodeAgentSKUId": "batch.node.ubuntu 20.04",
        },
        "targetDedicatedNodes": dedicated,
        "targetLowPriorityNodes": low_priority,
        **members,
    }


class Blob(Wire):
    """Blob by SharedKey, path style. Paths are container/blob, already encoded."""

    def __init__(self, url, account=BLOB_ACCOUNT, key=BLOB_KEY, version=BLOB_VERSION, **more):
        super().__init__(url, **more)
        self.base, self.account, self.key, self.version = url, account, key, version

    def call(self, method, path="", body=None, query=None, headers=None, length=None):
        query = query or {}
        fields = {"x-ms-date": now(), "x-ms-version": self.version, **(headers or {})}
        size = length if length is not None else len(body) if body is not None else 0
        if method in ("PUT", "POST"):
            fields["Content-Length"] = str(size)
        lower = {name.lower(): value for name, value in fields.items()}
        slots = ("content-encoding", "content-language", "content-length", "content-md5", "content-type", "date",
                 "if-modified-since", "if-match", "if-none-match", "if-unmodified-since", "range")
        # Before that version, a length of zero is signed as any other.
        blank = not size and lower["x-ms-version"] >= "2015-02-21"
        lines = [method] + [("" if slot == "content-length" and blank else lower.get(slot, "")) for slot in slots]
        lines += [f"{name}:{lower[name]}" for name in sorted(lower) if name.startswith("x-ms-")]
        target = f"/{self.account}" + (f"/{path}" if path else "")
        lines.append(f"/{self.account}{target}")
        lines += [f"{name}:{query[name]}" for name in sorted(query)]
        fields["Authorization"] = f"SharedKey {self.account}:{mac(self.key, chr(10).join(lines))}"
        if query:
            target += "?" + urllib.parse.urlencode(query, quote_via=urllib.parse.quote)
        return self.send(method, target, fields, body)

    def create_container(self, name):
        self.call("PUT", name, query={"restype": "container"}).expect(201)

    def put(self, path, data, **headers):
        return self.call("PUT", path, data, headers={"x-ms-blob-type": "BlockBlob", **headers})

    def get(self, path, **query):
        return self.call("GET", path, query=query)

    def names(self, container):
        answer = self.get(container, restype="container", comp="list").expect(200)
        return [element.text for element in answer.xml.iter("Name")]

    def container_sas(self, container, permissions="rwlcd", hours=1, protocol=""):
        """A query string that lets its holder into one container."""
        expiry = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=hours)
        fields = {"sv": "2018-11-09", "sr": "c", "sp": permissions, "se": expiry.strftime("%Y-%m-%dT%H:%M:%SZ")}
        text = "\n".join([
            permissions, "", fields["se"], f"/blob/{self.account}/{container}", "", "", protocol, fields["sv"], "c", "",
            "", "", "", "", "",
        ])
        if protocol:
            fields["spr"] = protocol
        fields["sig"] = mac(self.key, text)
        return urllib.parse.urlencode(fields)

    def account_sas(self, permissions="rwdlacx", hours=1):
        """A query string that lets its holder into all containers."""
        expiry = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=hours)
        fields = {"sv": "2018-11-09", "ss": "b", "srt": "sco", "sp": permissions, "se": expiry.strftime("%Y-%m-%dT%H:%M:%SZ")}
        text = "\n".join([self.account, permissions, "b", "sco", "", fields["se"], "", "", fields["sv"], ""])
        fields["sig"] = mac(self.key, text)
        return urllib.parse.urlencode(fields)

    def url(self, path, sas=""):
        return f"{self.base}/{path}" + (f"?{sas}" if sas else "")

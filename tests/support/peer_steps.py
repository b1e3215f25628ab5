"""Random sequences of Blob requests that two services can be asked alike.

A step names no value that a service chooses for itself. Where one is needed (an ETag, the time of a snapshot), the
step holds a Recall, which each service's player fills in from what that service has answered before.
"""

import base64
import dataclasses
import hashlib
import random

LEASES = ("11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222")
LONG_AGO, FAR_OFF = "Sat, 01 Jan 2000 00:00:00 GMT", "Thu, 01 Jan 2099 00:00:00 GMT"
CONTAINERS = ("a", "b")
BLOCK_BLOBS = ("block", "dir/block two", "dir/sub/blöck+3")
APPEND_BLOBS = ("append", "dir/append%20two")
PAGE_BLOBS = ("page", "dir/sub/page")
BLOBS = BLOCK_BLOBS + APPEND_BLOBS + PAGE_BLOBS
PAGE = 512


@dataclasses.dataclass(frozen=True)
class Recall:
    """What a service told of a place: its etag, modified (the time) or snapshot; the newest is number -1."""
    kind: str
    container: str
    blob: str
    number: int = -1

    def __str__(self):
        return f"<{self.kind} {self.number} of {self.container}/{self.blob}>"


@dataclasses.dataclass(frozen=True)
class Source:
    """The address of a blob in the service that is asked."""
    container: str
    blob: str
    snapshot: Recall = None

    def __str__(self):
        return f"<address of {self.container}/{self.blob}{f' {self.snapshot}' if self.snapshot else ''}>"


@dataclasses.dataclass(frozen=True)
class Step:
    name: str
    method: str
    container: str = ""
    blob: str = ""
    query: dict = dataclasses.field(default_factory=dict)
    headers: dict = dataclasses.field(default_factory=dict)
    body: bytes = None
    paged: bool = False  # ask again with each marker, until there is none

    def __str__(self):
        place = "/".join(filter(None, (self.container, self.blob))) or "the account"
        words = [f"{self.name}: {self.method} {place}"]
        words += [f"{name}={value}" for name, value in self.query.items()]
        words += [f"[{name}: {value}]" for name, value in self.headers.items()]
        if self.body is not None:
            shown = self.body if len(self.body) <= 80 else self.body[:20] + b"..."
            words.append(f"with {len(self.body)} bytes {shown!r}")
        return " ".join(words) + (" (all pages)" if self.paged else "")


class Dice:
    """Random choices of one sequence. Each sequence has its own mood: what it does often, and what never."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.pick = self.random.choice
        self.leases = self.pick((0.0, 0.0, 0.15, 0.4))
        self.conditions = self.pick((0.0, 0.1, 0.3))
        self.containers = self.pick((CONTAINERS[:1], CONTAINERS))
        self.blobs = tuple(self.random.sample(BLOBS, self.pick((2, 3, 5))))

    def chance(self, probability):
        return self.random.random() < probability

    def some(self, **choices):
        """Each value that is not None is there with an even chance; a callable is asked for it."""
        return {name: value() if callable(value) else value for name, value in choices.items() if self.chance(0.5)}

    def container(self):
        return self.pick(self.containers)

    def blob(self, kinds=BLOBS):
        """A blob of these kinds, now and then one of another kind."""
        fitting = [name for name in self.blobs if name in kinds]
        return self.pick(fitting if fitting and not self.chance(0.08) else self.blobs)

    def content(self, longest=600, unit=1, shortest=0):
        if unit == 1:
            size = self.pick((shortest, 1, 10, 10, 37, 100, longest))
        else:
            size = unit * self.random.randint(1, longest // unit)
        return (self.pick((b"abcdefghij", b"0123456789", b"~~~~~~~~~~")) * (size // 10 + 1))[:size]

    def metadata(self):
        names = self.random.sample(("one", "Two", "three_3", "four"), self.random.randint(0, 3))
        return {f"x-ms-meta-{name}": self.pick(("1", "some words", "x" * 50)) for name in names}

    def lease(self, often=1.0):
        return {"x-ms-lease-id": self.pick(LEASES)} if self.chance(self.leases * often) else {}

    def condition(self, container, blob="", dates_only=False):
        """One conditional header, or none."""
        if not self.chance(self.conditions):
            return {}
        etags = (Recall("etag", container, blob), Recall("etag", container, blob, -2), '"0x8D4BCC2E4835CD0"', "*")
        dates = (LONG_AGO, FAR_OFF, Recall("modified", container, blob))
        name = self.pick(("If-Modified-Since", "If-Unmodified-Since") + (
            () if dates_only else ("If-Match", "If-Match", "If-None-Match", "If-None-Match")))
        return {name: self.pick(dates if name.endswith("Since") else etags)}

    def guard(self, container, blob="", often=1.0):
        return {**self.lease(often), **self.condition(container, blob)}

    def snapshot(self, container, blob, probability=0.25):
        if not self.chance(probability):
            return {}
        return {"snapshot": Recall("snapshot", container, blob, self.pick((-1, -1, -2, 0)))}

    def range(self, size=120, unit=1):
        first = unit * self.random.randint(0, size // unit)
        last = first + unit * self.random.randint(0, size // unit) - 1
        if last < first:
            last = first + unit - 1
        if self.chance(0.06):
            first, last = last, first
        open_ended = unit == 1 and self.chance(0.25)
        return f"bytes={first}-" if open_ended else f"bytes={first}-{last}"

    def properties(self):
        md5 = base64.b64encode(hashlib.md5(b"something").digest()).decode()
        kept = self.some(**{
            "x-ms-blob-content-type": "text/plain; charset=utf-8", "x-ms-blob-content-encoding": "gzip",
            "x-ms-blob-content-language": "en-GB", "x-ms-blob-cache-control": "no-cache",
            "x-ms-blob-content-disposition": "attachment",
        })
        if self.chance(0.15):
            kept["x-ms-blob-content-md5"] = md5
        return kept

    def checksum(self, body):
        """Content-MD5 for the wire, seldom a wrong one."""
        if not self.chance(0.2):
            return {}
        right = not self.chance(0.25)
        return {"Content-MD5": base64.b64encode(hashlib.md5(body if right else body + b"!").digest()).decode()}


def block_id(number):
    return base64.b64encode(f"block-{number:02}".encode()).decode()

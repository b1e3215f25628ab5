"""Asks one service for a sequence of steps, and says what it answered in words that another service can share.

What a service chooses for itself becomes a name: an ETag is `new etag`, or `etag -1` when the service showed it last,
so two answers agree when the same requests changed the ETag.
"""

import re
import urllib.parse
import xml.etree.ElementTree

from peer_steps import Recall, Source
from wire import Blob

VERSION = "2024-11-04"
NO_SNAPSHOT = "2020-01-01T00:00:00.0000000Z"
UNKNOWN = {"etag": '"0x8D4BCC2E4835CD1"', "modified": "Sat, 01 Jan 2000 00:00:01 GMT", "snapshot": NO_SNAPSHOT}
MOST_PAGES = 60
CODE = "x-ms-error-code"

# Headers of the connection and of the moment.
PASSING_HEADERS = {
    "connection", "content-length", "date", "keep-alive", "server", "transfer-encoding", "x-ms-client-request-id",
    "x-ms-request-id", "x-ms-version",
}
# A service may tell these times and names as it likes; that it tells them is compared.
OWN_VALUES = {
    "last-modified", "x-ms-creation-time", "x-ms-copy-id", "x-ms-copy-completion-time", "x-ms-access-tier-change-time",
    "Last-Modified", "Creation-Time", "CopyId", "CopyCompletionTime", "AccessTierChangeTime", "NextMarker", "Marker",
}


class Player:
    """A sequence against one service. The tag makes its containers its own."""

    def __init__(self, wire, tag):
        self.wire = wire
        self.tag = tag
        self.known = {}

    def name_of(self, container):
        return f"{self.tag}-{container}"

    def path_of(self, container, blob):
        parts = ([self.name_of(container)] if container else []) + ([blob] if blob else [])
        return urllib.parse.quote("/".join(parts), safe="/")

    def filled(self, value):
        if isinstance(value, Recall):
            seen = self.known.get((value.kind, value.container, value.blob), [])
            try:
                return seen[value.number]
            except IndexError:
                return UNKNOWN[value.kind]
        if isinstance(value, Source):
            address = f"{self.wire.base}/{self.path_of(value.container, value.blob)}"
            kept = f"?snapshot={urllib.parse.quote(self.filled(value.snapshot))}" if value.snapshot else ""
            return address + kept
        return value

    def play(self, step):
        """The answer as a dictionary from what was looked at to what was there."""
        query = {name: self.filled(value) for name, value in step.query.items()}
        headers = {name: self.filled(value) for name, value in step.headers.items()}
        if not step.container:
            query["prefix"] = self.tag
        seen = {}
        for page in range(MOST_PAGES):
            answer = self.wire.call(step.method, self.path_of(step.container, step.blob), step.body, query, headers)
            self.look_at(step, answer, seen, f"page {page} " if page else "")
            marker = re.search(rb"<NextMarker>([^<]+)</NextMarker>", answer.body) if step.paged else None
            if not marker:
                return seen
            query["marker"] = xml_text(marker[1])
        seen["pages"] = f"more than {MOST_PAGES}"
        return seen

    def look_at(self, step, answer, seen, before):
        seen[f"{before}status"] = answer.status
        place = (step.container, step.blob)
        is_snapshot = "snapshot" in step.query or step.query.get("comp") == "snapshot"
        for name, value in answer.headers.items():
            if name not in PASSING_HEADERS:
                seen[f"{before}{name}"] = self.shared(name, value, place, is_snapshot)
        if "x-ms-snapshot" in answer.headers:
            self.numbered("snapshot", answer.headers["x-ms-snapshot"], place)
        kind = answer.headers.get("content-type", "")
        if answer.status < 300 and kind == "application/xml" and step.method == "GET" and "comp" in step.query:
            self.look_at_xml(answer.xml, place, seen, f"{before}xml ")
        elif answer.status < 300:
            seen[f"{before}body"] = answer.body
            if step.blob:
                seen[f"{before}content-length"] = answer.headers.get("content-length")
        elif answer.status >= 400:
            header = seen.setdefault(f"{before}{CODE}", "none")
            code = re.search(rb"<Code>([^<]+)</Code>", answer.body)
            if code and code[1].decode() != header:
                seen[f"{before}body says"] = code[1].decode()

    def numbered(self, kind, value, place):
        """Which of its kind it is, counted from the newest, so that what only one service showed is soon forgotten."""
        seen = self.known.setdefault((kind, *place), [])
        if value in seen:
            return f"{kind} {seen.index(value) - len(seen)}"
        seen.append(value)
        return f"new {kind}"

    def etag(self, value, place, is_snapshot):
        """A snapshot mostly has the ETag that its blob had, and else one of its own."""
        quoted = value if value.startswith('"') else f'"{value}"'
        own = is_snapshot and quoted not in self.known.get(("etag", *place), [])
        return self.numbered("own etag" if own else "etag", quoted, place)

    def shared(self, name, value, place, is_snapshot=False):
        if name.lower() == "etag":
            return self.etag(value, place, is_snapshot)
        if name == "last-modified" and not is_snapshot:
            self.known[("modified", *place)] = [value]
        if name in ("x-ms-snapshot", "Snapshot"):
            return self.numbered("snapshot", value, place)
        if name in OWN_VALUES:
            return "some" if value else ""
        if name == "x-ms-lease-time":
            return "some" if int(value) else "0"
        return re.sub("snapshot=[^&]+", "snapshot=some", self.anonymous(value))

    def anonymous(self, text):
        return text.replace(self.wire.base, "BASE").replace(self.tag, "TAG")

    def look_at_xml(self, root, place, seen, before, in_snapshot=False):
        """Each leaf by its path. Blobs are called by their names and snapshots, other items of lists are numbered."""
        for attribute in root.attrib.items():
            seen[f"{before}@{attribute[0]}"] = self.anonymous(attribute[1].rstrip("/"))
        name = root.findtext("Name")
        if root.tag == "Blob" and name is not None:
            place = (place[0], name)
        elif root.tag == "Container" and name is not None:
            place = (name.removeprefix(self.tag + "-"), "")
        is_snapshot = root.tag == "Properties" and in_snapshot or root.find("Snapshot") is not None
        blobs, counted = [], {}
        for child in root:
            number = counted[child.tag] = counted.get(child.tag, -1) + 1
            path = f"{before}{child.tag}" + (f"[{number}]" if number else "")
            if child.tag == "Blob":
                blobs.append(self.title_of(child, place))
                path = f"{before}{blobs[-1]}"
            if len(child):
                self.look_at_xml(child, place, seen, path + "/", is_snapshot)
            else:
                seen[path] = self.shared(child.tag, child.text or "", place, is_snapshot)
        if blobs:
            seen[f"{before}order"] = blobs

    def title_of(self, blob, place):
        name, snapshot = blob.findtext("Name"), blob.findtext("Snapshot")
        return f"{name} ({self.numbered('snapshot', snapshot, (place[0], name))})" if snapshot else name


def xml_text(escaped):
    return xml.etree.ElementTree.fromstring(b"<t>" + escaped + b"</t>").text


def wire_to(url):
    return Blob(url, version=VERSION)

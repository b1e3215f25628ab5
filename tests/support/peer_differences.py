"""Where Azurite 3.37 and bluebatch answer differently on purpose, each with its reason.

What is not here is a fault of one of them, and fails the test.
"""

import dataclasses
import re

from peer_player import CODE
from peer_steps import PAGE, Step


@dataclasses.dataclass(frozen=True)
class Moment:
    """A step, both answers, and the steps that were before."""
    step: Step
    ours: dict
    theirs: dict
    before: list


@dataclasses.dataclass(frozen=True)
class Difference:
    """Regular expressions on the name of the step, on what was looked at and on both answers (None is absent), what
    else must be so, and why they differ. With parts, the services hold different things afterwards."""
    step: str
    seen: str
    ours: str
    theirs: str
    reason: str
    when: callable = lambda at: True
    parts: bool = False

    def explains(self, at, seen):
        return (re.fullmatch(self.seen, seen) and re.fullmatch(self.step, at.step.name)
                and re.fullmatch(self.ours, str(at.ours.get(seen))) and re.fullmatch(self.theirs, str(at.theirs.get(seen)))
                and self.when(at))


# Faults that a request has by itself, and faults that it only has because of what the service holds.
FAULTS_OF_REQUESTS = (
    "InvalidHeaderValue|Md5Mismatch|InvalidPageRange|InvalidRange|InvalidXmlDocument|InvalidQueryParameterValue|"
    "OutOfRangeQueryParameterValue|InvalidInput|InvalidBlobOrBlock|InvalidMd5|MissingRequiredHeader|UnsupportedHeader|"
    "InvalidBlockId|InvalidBlockList|UnsatisfiableCondition|InvalidOperation")
FAULTS_OF_STATE = (
    "ContainerNotFound|BlobNotFound|ConditionNotMet|Lease\\w+|BlobAlreadyExists|InvalidBlobType|SnapshotsPresent|"
    "AppendPositionConditionNotMet|MaxBlobSizeConditionNotMet|SequenceNumberConditionNotMet|BlobIsSealed|ResourceNotFound")


def has(name):
    return lambda at: name in at.step.headers


def makes(*types):
    return lambda at: at.step.headers.get("x-ms-blob-type") in types


def asks(name):
    return lambda at: name in at.step.query


def includes(word):
    return lambda at: word in at.step.query.get("include", "").split(",")


def range_of(at):
    return at.step.headers.get("x-ms-range", at.step.headers.get("Range", ""))


def ends_early(at):
    first, _, last = range_of(at).removeprefix("bytes=").partition("-")
    return last != "" and int(last) < int(first)


def after(*names):
    """Steps of these names, in this order, were before."""
    def found(at):
        left = iter(at.before)
        return all(any(re.fullmatch(name, step.name) for step in left) for name in names)

    return found


copied = after("Copy Blob")
overwritten = after("Put Block", "Put Blob|Copy Blob|Delete Blob")
changed_after_copy = after("Copy Blob", "Set Blob Properties|Put Block List")


def same_blocks(at):
    def of(answer):
        return sorted(str(value) for seen, value in answer.items() if re.fullmatch(r"xml UncommittedBlocks/.*/Name", seen))

    return of(at.ours) == of(at.theirs)


def same_pages(at):
    def of(answer):
        def ends(name):
            return [int(value) for seen, value in answer.items() if re.fullmatch(rf"xml PageRange.*/{name}", seen)]

        return {page for first, last in zip(ends("Start"), ends("End")) for page in range(first, last, PAGE)}

    return of(at.ours) == of(at.theirs)


def may_have_two_faults(at):
    """There are headers that may fail by themselves, or the blob is missing, leased or of another type."""
    risky = ("x-ms-lease-id", "Content-MD5", "If-", "x-ms-if-", "x-ms-source-if-", "x-ms-blob-condition-")
    obvious = ("ContainerNotFound", "BlobNotFound", "InvalidBlobType", "Lease")
    codes = at.ours.get(CODE), at.theirs.get(CODE)
    return any(name.startswith(risky) for name in at.step.headers) or any(code.startswith(obvious) for code in codes)


def is_unhashed(at):
    return at.theirs.get("x-ms-blob-type") in ("AppendBlob", "PageBlob")


REFUSALS = [
    # The reference orders no faults: a request with two of them may be told either.
    Difference(".*", CODE, FAULTS_OF_REQUESTS, FAULTS_OF_STATE, "two faults in one request", may_have_two_faults),
    Difference(".*", CODE, FAULTS_OF_STATE, FAULTS_OF_REQUESTS, "two faults in one request", may_have_two_faults),
    Difference(".*", CODE, "InvalidBlobType|BlobAlreadyExists|ConditionNotMet|Lease\\w+|Md5Mismatch|BlobIsSealed",
               "Requested Range Not Satisfiable|AppendPositionConditionNotMet|Lease\\w+|ConditionNotMet|BlobAlreadyExists|"
               "SnapshotsPresent|BlobIsSealed|MaxBlobSizeConditionNotMet|SequenceNumberConditionNotMet",
               "two faults in one request"),
    Difference(".*", CODE, "Md5Mismatch|InvalidBlockId|InvalidHeaderValue", "InvalidBlockList|InvalidHeaderValue|"
               "InvalidQueryParameterValue|InvalidBlobOrBlock|none|Requested Range Not Satisfiable",
               "two faults in one request"),
    Difference(".*", CODE, "BlobNotFound|ContainerNotFound", "ConditionNotMet|InvalidBlobType",
               "there is no blob that this could be true of"),
    Difference("Put .*|Copy Blob", CODE, "LeaseNotPresentWithBlobOperation", "None", "a lease that is named must be there, "
               "also where the blob is not: Lease Blob, outcomes of use attempts", has("x-ms-lease-id")),
    Difference("Put Blob", CODE, "InvalidHeaderValue", "InvalidOperation", "the Content-Length of a new append or page blob "
               "must be 0", makes("AppendBlob", "PageBlob")),
    Difference("Copy Blob|Append Blob Seal", CODE, "ContainerNotFound", "BlobNotFound", "there is not even the container"),
    Difference("Copy Blob", CODE, "CannotVerifyCopySource", "BlobNotFound|ContainerNotFound",
               "the service tells faults of the source in this way"),
    Difference("Copy Blob", CODE, "SourceConditionNotMet", "ConditionNotMet",
               "a date of the source is told with 412 and a code "
               "of its own"),
    Difference("Copy Blob", CODE, "InvalidBlobType", "None", "a blob that is there must be of the type of the source"),
    Difference(".*", CODE, "BlobAlreadyExists|ConditionNotMet", "None",
               "If-None-Match: * fails where the blob is, Azurite looks at it in few "
               "operations", lambda at: at.step.headers.get("If-None-Match") == "*"),
    Difference("Append Block", CODE, "BlobIsSealed", "None", "a copy is sealed like its source", copied),
    Difference("Put Block", CODE, "InvalidBlockId", "InvalidQueryParameterValue", "the service has a code for this"),
    Difference("Delete Blob", CODE, "InvalidHeaderValue", "InvalidOperation", "the reference tells the status only",
               lambda at: "snapshot" in at.step.query and "x-ms-delete-snapshots" in at.step.headers),
    Difference("Put Blob|Copy Blob", CODE, "None", "BlobAlreadyExists", "a blob that was never committed is not there",
               after("Put Block")),
    Difference("Lease Blob", CODE, "None", "LeaseIdMismatchWithLeaseOperation", "the reference names Set Blob Tier and "
               "Set Blob Tags not among the writes that end a broken lease", after("Lease Blob", "Set Blob T.*")),
    Difference("Put Block List", CODE, "InvalidXmlDocument", "none|None", "Azurite fails, has no code or takes it"),
    Difference("Put Block List", CODE, "Md5Mismatch", "None", "the hash is that of the body", has("Content-MD5")),
    Difference("Put Block List", CODE, "InvalidBlockList", "None", "Put Blob leaves no uncommitted blocks", overwritten),
    Difference("Put Block", CODE, "None", "InvalidBlobOrBlock", "Put Blob leaves no uncommitted blocks", overwritten),
    Difference("Put Block", CODE, "LeaseIdMissing|InvalidBlobType", "None", "Azurite takes the snapshot for the blob",
               after("Snapshot Blob")),
    Difference("Get .*", CODE, "None|ConditionNotMet", "None|ConditionNotMet",
               "with metadata of its own a snapshot has an ETag of "
               "its own", lambda at: "snapshot" in at.step.query and {"If-Match", "If-None-Match"} & at.step.headers.keys()),
    Difference("Get Page Ranges", CODE, "None", "Requested Range Not Satisfiable",
               "an empty blob has no pages, which is no fault"),
    Difference("Get Block List", CODE, "None", "BlobNotFound", "Delete Blob leaves uncommitted blocks", overwritten),
    Difference("Get Block List", CODE, "None", "LeaseNotPresentWithBlobOperation",
               "a blob that was never committed has no lease"),
    Difference("Abort Copy Blob", CODE, "NoPendingCopyOperation|Lease\\w+", "CopyIdMismatch",
               "nothing is pending, so no name can differ"),
    Difference("List Blobs|List Containers", CODE, "OutOfRangeQueryParameterValue", "none", "Azurite forgets the code",
               asks("maxresults")),
    Difference("Put Block", CODE, "InvalidHeaderValue", "None", "a block may not be empty", lambda at: not at.step.body),
    Difference("Put Block", CODE, "InvalidBlockId", "None",
               "a block must have a name", lambda at: not at.step.query["blockid"]),
    Difference("Delete Blob", CODE, "BlobNotFound", "None|Lease\\w+", "there is no blob before its blocks are committed",
               after("Put Block")),
    Difference("Clear Page|Put Page", CODE, "InvalidPageRange", "None", "no page beyond the end is cleared"),
    Difference(".*Page.*", CODE, "InvalidPageRange|InvalidRange", "Requested Range Not Satisfiable",
               "that is no code of the service"),
    Difference("Set Blob Properties", CODE, "InvalidBlobType|InvalidHeaderValue|MissingRequiredHeader", "InvalidOperation",
               "the service names what is wrong: the type of the blob, or the header"),
    Difference("Set Blob Tier", CODE, "InvalidHeaderValue|InvalidBlobType", "AccessTierNotSupportedForBlobType",
               "that is no code of the reference"),
    Difference("Lease Container|Lease Blob", CODE, "InvalidHeaderValue", "None", "a lease breaks within 60 seconds",
               lambda at: at.step.headers.get("x-ms-lease-break-period") == "61"),
    Difference("Lease Blob", CODE, "BlobNotFound", "None|Lease\\w+", "the reference knows no lease of a blob that was never "
               "committed, Azurite does"),
    Difference("Get Blob|Get Page Ranges", CODE, "None|InvalidHeaderValue", "none",
               "a range that ends before it begins is none; Azurite fails", ends_early),
    Difference("Get Blob", CODE, "InvalidRange", "None", "a range that begins at the end is not in the blob",
               lambda at: at.theirs.get("content-length") == "0"),
    Difference("Get Blob", CODE, "InvalidHeaderValue", "None", "x-ms-range-get-content-md5 wants a range", ends_early),
    Difference("Append Blob Seal", CODE, "AppendPositionConditionNotMet", "None", "Azurite does not look at the position",
               has("x-ms-blob-condition-appendpos")),
    Difference("Set Blob Tags", CODE, ".*", "none", "Azurite wants no empty values of tags",
               lambda at: b"<Value></Value>" in at.step.body),
]
DETAILS = [
    Difference("Snapshot Blob|Copy Blob", "status", "412", "304", "304 is an answer to GET and HEAD"),
    Difference("List Blobs", ".*", ".*", ".*", "Azurite loses snapshots between pages",
               lambda at: asks("maxresults")(at) and includes("snapshots")(at) and after("Snapshot Blob")(at)),
    Difference("List Blobs", ".*xml Blobs/order", ".*", ".*", "snapshots come before their blob, the oldest first",
               lambda at: sorted(at.ours.get("xml Blobs/order", [])) == sorted(at.theirs.get("xml Blobs/order", []))),
    Difference("Get Blob.*|List Blobs", "x-ms-blob-sealed|.*/Sealed", "true", "None|false",
               "a copy is sealed like its source",
               copied),
    Difference("Get Blob.*", "content-md5", "None", ".+", "lists of blocks are not hashed", after("Put Block List")),
    Difference("Get Blob", "content-md5", "None", ".+", "Set Blob Properties clears what it does not name",
               after("Set Blob Properties")),
    Difference("Get Block List", "xml UncommittedBlocks.*", ".*", ".*", "Put Blob leaves no uncommitted blocks", overwritten),
    Difference("Get Block List", "xml UncommittedBlocks.*", ".+", ".+", "uncommitted blocks have no order", same_blocks),
    Difference("Get Page Ranges", "xml PageRange.*", ".*", ".*", "ranges that touch are one", same_pages),
    Difference("Get Blob", "status", "206", "200", "a range is answered with 206", lambda at: range_of(at) == "bytes=0-"),
    Difference("Get Blob.*|List Blobs", "x-ms-lease-state|.*/LeaseState", "broken", "available",
               "the reference names Set Blob Tier and Set Blob Tags not among the writes that end a broken lease",
               after("Lease Blob", "Set Blob T.*")),
    Difference("Get Blob.*|List Blobs", "x-ms-lease-state|.*/LeaseState", "available", "broken", "a copy is a write as others",
               after("Lease Blob", "Copy Blob")),
    Difference("Get Page Ranges", "xml PageRange.*", ".*", ".*", "what is written to a copy or to its source is only in that "
               "one, with Azurite in both", copied, parts=True),
    Difference("Get Blob", "body|content-md5", ".*", ".*", "what is written to a copy or to its source is only in that one, "
               "with Azurite in both", lambda at: copied(at) and is_unhashed(at), parts=True),
    Difference("List Blobs", "xml Blobs/.*", ".*", "None|.*\\[.*", "Delete Blob leaves uncommitted blocks",
               lambda at: includes("uncommittedblobs")(at) and after("Put Block", "Delete Blob")(at)),
    Difference("Put Blob|Put Block|Append Block|Put Page|Put Block List", "x-ms-content-crc64", ".+", "None",
               "the service tells the CRC-64 of what it got when the request has none"),
    Difference("Put Blob", "content-md5", "None", ".+", "a hash that is only stored is none of what was sent",
               makes("AppendBlob", "PageBlob")),
    Difference("Put Block", "content-md5", ".+", "None", "told when the request has it", has("Content-MD5")),
    Difference("Put Block List", "content-md5", "None", ".+", "told when the request has it"),
    Difference("Get Blob.*", "content-md5", "None", ".+", "what is appended or written by pages is not hashed", is_unhashed),
    Difference("Get Blob", "x-ms-blob-content-md5", "None", ".+", "told with ranges only",
               lambda at: not range_of(at) or ends_early(at)),
    Difference("Get Blob.*|List Blobs", "x-ms-copy-.*|.*/Copy\\w+", "None", ".+",
               "gone when the blob was changed after the copy",
               changed_after_copy),
    Difference("Get Blob.*", "x-ms-incremental-copy", "None", "false", "the header is there when it is true"),
    Difference("Get .*", "content-type", "None", "application/xml", "304 has no body", lambda at: at.ours["status"] == 304),
    Difference("Get Blob.*", "content-type", "application/octet-stream", "None", "no type is this one"),
    Difference("Get Blob.*", "x-ms-copy-progress", "0/0", "None", "Azurite takes no byte for no progress"),
    Difference("Get Blob.*", "x-ms-access-tier-inferred", "None", "false", "the header is there when it is true"),
    Difference("Get Blob.*|List Blobs", "x-ms-access-tier|x-ms-access-tier-inferred|.*/AccessTier|.*/AccessTierInferred",
               "Hot|true|None", "Cool|Cold|false|None",
               "a copy is in the tier of its account, unless it asks for another", copied),
    Difference("Append Block|Append Blob Seal|Get Blob.*|Snapshot Blob", "x-ms-blob-committed-block-count", "\\d+", "\\d+",
               "a block that is appended to a copy or to its source is only in that one, with Azurite in both",
               copied, parts=True),
    Difference("Append Blob Seal", "etag", "etag -1", "new etag", "a blob that is sealed already does not change"),
    Difference("Get Blob.*", "accept-ranges", "bytes", "None", "all blobs have ranges"),
    Difference("Get Blob.*", "x-ms-blob-sealed", "None", "false", "the header is there for sealed blobs"),
    Difference("Get Blob.*", "x-ms-access-tier-change-time", "None", "some", "only a tier that was set has a time"),
    Difference("Get Blob Metadata", "(?!x-ms-meta-|status|etag|last-modified).*", ".*", ".*",
               "Azurite sends the blob, or says how long it is: its issue 646"),
    Difference(".*", "etag|.*/Etag", "(new )?own etag.*", "etag .*",
               "with metadata of its own a snapshot has an ETag of its own"),
    Difference("Get Block List", "etag|last-modified", "None", ".+", "a blob that was never committed has none"),
    Difference("Snapshot Blob", "x-ms-request-server-encrypted", "true", "None", "told of metadata that is kept"),
    Difference("List .*|Get .*", "(page \\d+ )?xml .*", "", "None", "an empty element says the same as none"),
    Difference("List .*|Get .*", "(page \\d+ )?xml .*", "None", "", "an empty element says the same as none"),
    Difference("List .*", ".*xml (MaxResults|Marker)", "None|some", "None|some|5000", "told only when it was asked for"),
    Difference("List Blobs", ".*/Sealed|.*/IncrementalCopy", "None", "false", "the element is there when it is true"),
    Difference("List Blobs", ".*/(Etag|Last-Modified|Creation-Time|LeaseState|LeaseStatus)", "None", ".+",
               "a blob that was never committed has none", includes("uncommittedblobs")),
    Difference("List Blobs", ".*\\(snapshot .*/(LeaseState|LeaseStatus)", "None", ".+", "a snapshot has no lease",
               includes("snapshots")),
    Difference("List Blobs", ".*/AccessTierChangeTime", "None", "some", "only a tier that was set has a time"),
    Difference("List Blobs", ".*/ServerEncrypted", "true", "None", "Azurite forgets it of block lists"),
    Difference("List Blobs", ".*/Content-Type", "application/octet-stream", "None", "no type is this one, as in Get Blob"),
    Difference("List Blobs", ".*/Copy\\w+", "None", ".+", "only include=copy asks for these",
               lambda at: not includes("copy")(at)),
    Difference("List Blobs", ".*/CopyProgress", "0/0", "None", "Azurite takes no byte for no progress"),
    Difference("List Containers", ".*/DefaultEncryptionScope|.*/DenyEncryptionScopeOverride|"
               ".*/ImmutableStorageWithVersioningEnabled", ".+", "None", "Azurite does not have these elements"),
    Difference("Get Container", "x-ms-immutable-storage-with-versioning-enabled|x-ms-default-encryption-scope|"
               "x-ms-deny-encryption-scope-override", ".+", "None", "Azurite does not have these headers"),
    Difference("Get Container", "x-ms-lease-.*|x-ms-has-.*|x-ms-blob-public-access|x-ms-meta-.*", "None", ".+",
               "only Get Container Properties has them", asks("comp")),
    Difference("Get Container", "content-type", "application/xml", "None", "HEAD has the headers that GET has", asks("comp")),
]


def explanation(at, seen):
    """The known difference that this is, or None."""
    rows = REFUSALS if seen == CODE else DETAILS
    return next((known for known in rows if known.explains(at, seen)), None)

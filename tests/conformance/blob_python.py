"""The official Python SDK against a Blob endpoint: blob_python.py BLOB_ENDPOINT ACCOUNT KEY

Exits 0 when everything behaves as the reference says, 77 when the SDK is not installed, 1 otherwise.
"""

import base64
import datetime
import hashlib
import os
import sys
import unittest
import urllib.error
import urllib.request
import uuid

try:
    from azure.core import MatchConditions
    from azure.core.exceptions import (
        ClientAuthenticationError,
        HttpResponseError,
        ResourceExistsError,
        ResourceModifiedError,
        ResourceNotFoundError,
    )
    from azure.storage.blob import (
        AccessPolicy,
        AccountSasPermissions,
        BlobBlock,
        BlobClient,
        BlobLeaseClient,
        BlobSasPermissions,
        BlobServiceClient,
        ContainerClient,
        ContainerSasPermissions,
        ContentSettings,
        CorsRule,
        ResourceTypes,
        generate_account_sas,
        generate_blob_sas,
        generate_container_sas,
    )
except ImportError:
    print("azure-storage-blob is not installed")
    sys.exit(77)

ENDPOINT, ACCOUNT, KEY = "", "", ""


def in_an_hour():
    return datetime.datetime.utcnow() + datetime.timedelta(hours=1)


def block_id(number):
    return base64.b64encode(f"{number:06}".encode()).decode()


class BlobCase(unittest.TestCase):
    def setUp(self):
        self.service = BlobServiceClient(ENDPOINT, credential={"account_name": ACCOUNT, "account_key": KEY})
        self.container = self.service.create_container("c" + uuid.uuid4().hex)

    def tearDown(self):
        try:
            self.container.delete_container()
        except ResourceNotFoundError:
            pass

    def put(self, name, data=b"hello", **options):
        self.container.upload_blob(name, data, overwrite=True, **options)
        return self.container.get_blob_client(name)


class Containers(BlobCase):
    def test_created_once(self):
        with self.assertRaises(ResourceExistsError) as raised:
            self.service.create_container(self.container.container_name)
        self.assertEqual(raised.exception.error_code, "ContainerAlreadyExists")

    def test_deleted_and_created_again_is_empty(self):
        self.put("a")
        self.container.delete_container()
        with self.assertRaises(ResourceNotFoundError) as raised:
            self.container.get_container_properties()
        self.assertEqual(raised.exception.error_code, "ContainerNotFound")
        self.container.create_container()
        self.assertEqual(list(self.container.list_blobs()), [])

    def test_metadata(self):
        before = self.container.get_container_properties()
        self.container.set_container_metadata({"Colour": "blue"})
        after = self.container.get_container_properties()
        self.assertEqual(after.metadata, {"Colour": "blue"})
        self.assertNotEqual(before.etag, after.etag)

    def test_listed_in_pages_with_metadata(self):
        prefix = "p" + uuid.uuid4().hex
        names = [f"{prefix}-{i}" for i in range(5)]
        for name in names:
            self.service.create_container(name, metadata={"n": name})
        pages = list(self.service.list_containers(prefix, include_metadata=True, results_per_page=2).by_page())
        found = [item for page in pages for item in page]
        self.assertEqual([item.name for item in found], names)
        self.assertEqual(found[3].metadata, {"n": names[3]})
        for name in names:
            self.service.delete_container(name)

    def test_access_policies(self):
        policy = AccessPolicy(permission="r", expiry=in_an_hour(), start=datetime.datetime(2020, 1, 1))
        self.container.set_container_access_policy({"readers": policy}, public_access="blob")
        answer = self.container.get_container_access_policy()
        self.assertEqual(answer["public_access"], "blob")
        self.assertEqual(answer["signed_identifiers"][0].id, "readers")
        self.assertEqual(answer["signed_identifiers"][0].access_policy.permission, "r")

    def test_lease_guards_deletion(self):
        lease = self.container.acquire_lease(15)
        with self.assertRaises(HttpResponseError) as raised:
            self.container.delete_container()
        self.assertEqual(raised.exception.error_code, "LeaseIdMissing")
        self.container.delete_container(lease=lease)

    def test_name_rules(self):
        for name, code in (("ab", "OutOfRangeInput"), ("Abc", "InvalidResourceName"), ("a--b", "InvalidResourceName")):
            with self.assertRaises(HttpResponseError) as raised:
                self.service.create_container(name)
            self.assertEqual(raised.exception.error_code, code)


class Blobs(BlobCase):
    def test_bytes_and_properties_come_back(self):
        data = os.urandom(100_000)
        settings = ContentSettings("text/plain", "x-none", "de", "inline", "no-cache")
        blob = self.put("a/b c/ü%2F+.txt", data, content_settings=settings, metadata={"k": "v"})
        self.assertEqual(blob.download_blob().readall(), data)
        properties = blob.get_blob_properties()
        self.assertEqual(properties.size, len(data))
        self.assertEqual(properties.metadata, {"k": "v"})
        self.assertEqual(properties.content_settings.content_type, "text/plain")
        self.assertEqual(properties.content_settings.content_encoding, "x-none")
        self.assertEqual(properties.content_settings.content_language, "de")
        self.assertEqual(properties.content_settings.content_disposition, "inline")
        self.assertEqual(properties.content_settings.cache_control, "no-cache")
        self.assertEqual(bytes(properties.content_settings.content_md5), hashlib.md5(data).digest())
        self.assertEqual([item.name for item in self.container.list_blobs()], ["a/b c/ü%2F+.txt"])

    def test_sizes_around_every_limit(self):
        for size in (0, 1, 4096, 16 << 10, (16 << 10) + 1, 64 << 10, (64 << 10) + 1, 5 << 20):
            data = os.urandom(size)
            self.assertEqual(self.put("sized", data).download_blob().readall(), data, size)

    def test_ranges(self):
        data = bytes(range(256)) * 1000
        blob = self.put("r", data)
        self.assertEqual(blob.download_blob(offset=10, length=5).readall(), data[10:15])
        self.assertEqual(blob.download_blob(offset=255_990).readall(), data[255_990:])
        with self.assertRaises(HttpResponseError) as raised:
            blob.download_blob(offset=len(data)).readall()
        self.assertEqual(raised.exception.status_code, 416)
        self.assertEqual(raised.exception.error_code, "InvalidRange")

    def test_range_md5(self):
        blob = self.put("r", b"0123456789")
        self.assertEqual(blob.download_blob(offset=2, length=3, validate_content=True).readall(), b"234")

    def test_overwrite_needs_leave(self):
        self.put("a")
        with self.assertRaises(ResourceExistsError) as raised:
            self.container.upload_blob("a", b"x")
        self.assertEqual(raised.exception.error_code, "BlobAlreadyExists")

    def test_conditions(self):
        blob = self.put("a")
        etag = blob.get_blob_properties().etag
        blob.set_blob_metadata({"a": "1"}, etag=etag, match_condition=MatchConditions.IfNotModified)
        with self.assertRaises(ResourceModifiedError) as raised:
            blob.set_blob_metadata({"a": "2"}, etag=etag, match_condition=MatchConditions.IfNotModified)
        self.assertEqual(raised.exception.error_code, "ConditionNotMet")
        etag = blob.get_blob_properties().etag
        with self.assertRaises(HttpResponseError) as raised:
            blob.download_blob(etag=etag, match_condition=MatchConditions.IfModified)
        self.assertEqual(raised.exception.status_code, 304)
        tomorrow = datetime.datetime.utcnow() + datetime.timedelta(days=1)
        with self.assertRaises(HttpResponseError) as raised:
            blob.get_blob_properties(if_modified_since=tomorrow)
        self.assertEqual(raised.exception.status_code, 304)
        blob.get_blob_properties(if_unmodified_since=tomorrow)

    def test_headers_are_replaced(self):
        blob = self.put("a", content_settings=ContentSettings("text/plain", content_language="de"))
        blob.set_http_headers(ContentSettings("image/png"))
        settings = blob.get_blob_properties().content_settings
        self.assertEqual(settings.content_type, "image/png")
        self.assertIsNone(settings.content_language)

    def test_deletion(self):
        blob = self.put("a")
        blob.delete_blob()
        with self.assertRaises(ResourceNotFoundError) as raised:
            blob.download_blob()
        self.assertEqual(raised.exception.error_code, "BlobNotFound")
        with self.assertRaises(ResourceNotFoundError):
            blob.delete_blob()

    def test_md5_is_checked(self):
        blob = self.container.get_blob_client("a")
        blob.upload_blob(b"checked", validate_content=True)
        wrong = ContentSettings(content_md5=bytearray(hashlib.md5(b"else").digest()))
        with self.assertRaises(HttpResponseError) as raised:
            blob.upload_blob(b"checked", overwrite=True, content_settings=wrong)
        self.assertEqual(raised.exception.error_code, "Md5Mismatch")

    def test_copy_shares_nothing_that_changes(self):
        data = os.urandom(200_000)
        source = self.put("source", data, metadata={"a": "b"})
        copy = self.container.get_blob_client("copy")
        answer = copy.start_copy_from_url(source.url)
        self.assertEqual(answer["copy_status"], "success")
        source.delete_blob()
        self.assertEqual(copy.download_blob().readall(), data)
        properties = copy.get_blob_properties()
        self.assertEqual(properties.metadata, {"a": "b"})
        self.assertEqual(properties.copy.status, "success")

    def test_tier(self):
        blob = self.put("a")
        self.assertTrue(blob.get_blob_properties().blob_tier_inferred)
        blob.set_standard_blob_tier("Cool")
        self.assertEqual(blob.get_blob_properties().blob_tier, "Cool")

    def test_lease(self):
        blob = self.put("a")
        lease = blob.acquire_lease(15)
        with self.assertRaises(HttpResponseError) as raised:
            blob.upload_blob(b"x", overwrite=True)
        self.assertEqual(raised.exception.error_code, "LeaseIdMissing")
        blob.upload_blob(b"x", overwrite=True, lease=lease)
        lease.renew()
        lease.change(str(uuid.uuid4()))
        self.assertEqual(blob.get_blob_properties().lease.state, "leased")
        self.assertEqual(BlobLeaseClient(blob).break_lease(0), 0)
        self.assertEqual(blob.get_blob_properties().lease.state, "broken")
        lease.release()
        self.assertEqual(blob.get_blob_properties().lease.state, "available")

    def test_what_is_missing_says_so(self):
        blob = self.put("a")
        with self.assertRaises(HttpResponseError) as raised:
            blob.set_blob_metadata({}, encryption_scope="scope")
        self.assertEqual(raised.exception.status_code, 501)


class Blocks(BlobCase):
    def setUp(self):
        super().setUp()
        self.blob = self.container.get_blob_client("blocks")

    def test_committed_in_the_order_of_the_list(self):
        pieces = [os.urandom(size) for size in (10, 70_000, 300_000, 5)]
        for number, piece in enumerate(pieces):
            self.blob.stage_block(block_id(number), piece)
        committed, uncommitted = self.blob.get_block_list("all")
        self.assertEqual((committed, len(uncommitted)), ([], 4))
        order = [2, 0, 3, 1, 0]
        self.blob.commit_block_list([BlobBlock(block_id(n)) for n in order])
        data = b"".join(pieces[n] for n in order)
        self.assertEqual(self.blob.download_blob().readall(), data)
        for offset, length in ((0, 1), (299_999, 12), (300_008, 100), (len(data) - 3, 3), (5, len(data) - 10)):
            self.assertEqual(self.blob.download_blob(offset, length).readall(), data[offset : offset + length])
        committed, uncommitted = self.blob.get_block_list("all")
        self.assertEqual([block.id for block in committed], [block_id(n) for n in order])
        self.assertEqual(uncommitted, [])

    def test_edited_by_committing_again(self):
        for number in range(3):
            self.blob.stage_block(block_id(number), bytes([number]) * 20_000)
        self.blob.commit_block_list([BlobBlock(block_id(n)) for n in range(3)])
        self.blob.stage_block(block_id(1), b"x" * 20_000)
        self.blob.commit_block_list([BlobBlock(block_id(n)) for n in (1, 2)])
        self.assertEqual(self.blob.download_blob().readall(), b"x" * 20_000 + b"\2" * 20_000)

    def test_unknown_block_is_refused(self):
        self.blob.stage_block(block_id(1), b"a")
        with self.assertRaises(HttpResponseError) as raised:
            self.blob.commit_block_list([BlobBlock(block_id(2))])
        self.assertEqual(raised.exception.error_code, "InvalidBlockList")

    def test_put_blob_drops_waiting_blocks(self):
        self.blob.stage_block(block_id(1), b"a")
        self.blob.upload_blob(b"whole", overwrite=True)
        self.assertEqual(self.blob.get_block_list("all"), ([], []))

    def test_ids_have_one_length(self):
        self.blob.stage_block(block_id(1), b"a")
        with self.assertRaises(HttpResponseError) as raised:
            self.blob.stage_block("YQ==", b"b")
        self.assertEqual(raised.exception.error_code, "InvalidBlobOrBlock")

    def test_large_upload_goes_in_blocks(self):
        client = BlobClient(
            ENDPOINT,
            self.container.container_name,
            "large",
            credential={"account_name": ACCOUNT, "account_key": KEY},
            max_single_put_size=1 << 20,
            max_block_size=1 << 20,
        )
        data = os.urandom((7 << 20) + 123)
        client.upload_blob(data, max_concurrency=4)
        self.assertEqual(client.download_blob(max_concurrency=4).readall(), data)


class Lists(BlobCase):
    NAMES = ["a", "b/1", "b/2", "b/c/3", "b0", "z/", "ä", "日本/1"]

    def setUp(self):
        super().setUp()
        for name in self.NAMES:
            self.put(name)

    def test_flat_in_pages(self):
        pages = [[b.name for b in page] for page in self.container.list_blobs(results_per_page=3).by_page()]
        self.assertEqual([name for page in pages for name in page], self.NAMES)
        self.assertEqual([len(page) for page in pages], [3, 3, 2])

    def test_prefix(self):
        self.assertEqual([b.name for b in self.container.list_blobs("b/")], ["b/1", "b/2", "b/c/3"])

    def test_hierarchy_in_pages(self):
        # Within a page the SDK puts prefixes first.
        expected = ["a", "b/", "b0", "z/", "ä", "日本/"]
        self.assertEqual(sorted(item.name for item in self.container.walk_blobs()), expected)
        pages = [sorted(i.name for i in page) for page in self.container.walk_blobs(results_per_page=2).by_page()]
        self.assertEqual(pages, [expected[0:2], expected[2:4], expected[4:6]])
        self.assertEqual(sorted(i.name for i in self.container.walk_blobs("b/")), ["b/1", "b/2", "b/c/"])

    def test_uncommitted(self):
        self.container.get_blob_client("b/waiting").stage_block(block_id(1), b"x")
        names = [b.name for b in self.container.list_blobs("b/", include=["uncommittedblobs"])]
        self.assertEqual(names, ["b/1", "b/2", "b/c/3", "b/waiting"])
        self.assertEqual([b.name for b in self.container.list_blobs("b/")], ["b/1", "b/2", "b/c/3"])


class Rights(BlobCase):
    def container_with(self, sas):
        return ContainerClient.from_container_url(self.container.url + "?" + sas)

    def container_sas(self, permissions, **options):
        options.setdefault("expiry", in_an_hour())
        return generate_container_sas(
            ACCOUNT,
            self.container.container_name,
            KEY,
            permission=ContainerSasPermissions.from_string(permissions) if permissions else None,
            **options,
        )

    def refused(self, action, code, status=403):
        with self.assertRaises(HttpResponseError) as raised:
            action()
        self.assertEqual((raised.exception.status_code, raised.exception.error_code), (status, code))

    def test_wrong_key(self):
        wrong = base64.b64encode(b"wrong").decode()
        client = BlobServiceClient(ENDPOINT, credential={"account_name": ACCOUNT, "account_key": wrong})
        self.refused(lambda: list(client.list_containers()), "AuthenticationFailed")

    def test_container_sas(self):
        self.put("a", b"data")
        client = self.container_with(self.container_sas("rl"))
        self.assertEqual(client.download_blob("a").readall(), b"data")
        self.assertEqual([b.name for b in client.list_blobs()], ["a"])
        self.refused(lambda: client.upload_blob("b", b"x"), "AuthorizationPermissionMismatch")
        self.refused(lambda: client.delete_container(), "AuthorizationFailure")

    def test_blob_sas(self):
        self.put("a", b"data")
        sas = generate_blob_sas(
            ACCOUNT,
            self.container.container_name,
            "a",
            account_key=KEY,
            permission=BlobSasPermissions(read=True),
            expiry=in_an_hour(),
            content_type="text/x-override",
        )
        client = BlobClient.from_blob_url(f"{self.container.url}/a?{sas}")
        self.assertEqual(client.get_blob_properties().content_settings.content_type, "text/x-override")
        other = BlobClient.from_blob_url(f"{self.container.url}/b?{sas}")
        self.refused(other.get_blob_properties, "AuthenticationFailed")

    def test_create_may_not_overwrite(self):
        client = self.container_with(self.container_sas("c"))
        client.upload_blob("new", b"1")
        self.refused(lambda: client.upload_blob("new", b"2", overwrite=True), "UnauthorizedBlobOverwrite")

    def test_expired_and_not_yet_valid(self):
        past = datetime.datetime.utcnow() - datetime.timedelta(hours=1)
        client = self.container_with(self.container_sas("l", expiry=past))
        self.refused(lambda: list(client.list_blobs()), "AuthenticationFailed")
        later = self.container_sas("l", start=in_an_hour(), expiry=in_an_hour() + datetime.timedelta(hours=1))
        self.refused(lambda: list(self.container_with(later).list_blobs()), "AuthenticationFailed")

    def test_protocol_and_address(self):
        if ENDPOINT.startswith("http://"):
            client = self.container_with(self.container_sas("l", protocol="https"))
            self.refused(lambda: list(client.list_blobs()), "AuthorizationProtocolMismatch")
        client = self.container_with(self.container_sas("l", ip="10.1.2.3-10.1.2.9"))
        self.refused(lambda: list(client.list_blobs()), "AuthorizationSourceIPMismatch")

    def test_stored_policy(self):
        self.put("a")
        policy = AccessPolicy(permission=ContainerSasPermissions(read=True), expiry=in_an_hour())
        self.container.set_container_access_policy({"p": policy})
        client = self.container_with(self.container_sas(None, expiry=None, policy_id="p"))
        self.assertEqual(client.download_blob("a").readall(), b"hello")
        self.container.set_container_access_policy({})
        self.refused(lambda: client.download_blob("a"), "AuthenticationFailed")

    def test_account_sas(self):
        self.put("a")

        def client(types, permissions):
            sas = generate_account_sas(
                ACCOUNT,
                KEY,
                ResourceTypes.from_string(types),
                AccountSasPermissions.from_string(permissions),
                in_an_hour(),
            )
            return BlobServiceClient(ENDPOINT, credential=sas)

        self.assertIn(self.container.container_name, [c.name for c in client("s", "l").list_containers()])
        self.refused(lambda: list(client("o", "l").list_containers()), "AuthorizationResourceTypeMismatch")
        self.refused(lambda: list(client("s", "r").list_containers()), "AuthorizationPermissionMismatch")
        self.assertEqual(
            client("o", "r").get_blob_client(self.container.container_name, "a").download_blob().readall(), b"hello"
        )

    def test_public_containers(self):
        self.put("a", b"public")

        def status(url):
            try:
                return urllib.request.urlopen(url).status
            except urllib.error.HTTPError as error:
                return error.code

        blob, listing = self.container.url + "/a", self.container.url + "?restype=container&comp=list"
        self.assertEqual((status(blob), status(listing)), (404, 404))
        self.container.set_container_access_policy({}, public_access="blob")
        self.assertEqual((status(blob), status(listing)), (200, 404))
        self.container.set_container_access_policy({}, public_access="container")
        self.assertEqual((status(blob), status(listing)), (200, 200))


class Service(BlobCase):
    def test_properties_are_kept(self):
        rule = CorsRule(["https://example.com"], ["GET"], max_age_in_seconds=7)
        self.service.set_service_properties(cors=[rule])
        answer = self.service.get_service_properties()
        self.assertEqual(answer["cors"][0].allowed_origins, "https://example.com")
        self.assertFalse(answer["delete_retention_policy"].enabled)
        self.service.set_service_properties(cors=[])
        self.assertEqual(self.service.get_service_properties()["cors"], [])

    def test_account_information(self):
        self.assertEqual(self.service.get_account_information()["account_kind"], "StorageV2")


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    ENDPOINT, ACCOUNT, KEY = sys.argv[1:4]
    unittest.main(argv=sys.argv[:1] + sys.argv[4:])

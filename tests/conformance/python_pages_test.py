"""Page blobs and append blobs through the official Python SDK."""

import hashlib
import io
import unittest

from emulator import Emulator

try:
    from azure.core import exceptions
    from azure.storage import blob as storage
except ImportError as missing:
    raise unittest.SkipTest(f"the Python SDK is not installed (apt-get install python3-azure): {missing}")

PAGE = 512


def page(letter, count=1):
    return letter.encode() * PAGE * count


class PythonPages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator()
        cls.service = storage.BlobServiceClient.from_connection_string(cls.emulator.connection_string())

    @classmethod
    def tearDownClass(cls):
        cls.emulator.stop()

    def setUp(self):
        name = "c" + hashlib.sha1(self.id().encode()).hexdigest()[:20]
        self.container = self.service.create_container(name)
        self.blob = self.container.get_blob_client("b")

    def assert_fault(self, code, call, *arguments, **named):
        with self.assertRaises(exceptions.HttpResponseError) as raised:
            call(*arguments, **named)
        self.assertEqual(raised.exception.error_code, code)

    def test_pages_are_written_cleared_and_listed(self):
        self.blob.create_page_blob(10 * PAGE)
        self.blob.upload_page(page("a", 4), offset=0, length=4 * PAGE, validate_content=True)
        self.blob.clear_page(offset=PAGE, length=PAGE)
        self.assertEqual(self.blob.download_blob().readall(), page("a") + page("\0") + page("a", 2) + page("\0", 6))
        written, cleared = self.blob.get_page_ranges()
        self.assertEqual([(r["start"], r["end"]) for r in written], [(0, 511), (1024, 2047)])
        self.assertEqual(cleared, [])
        properties = self.blob.get_blob_properties()
        self.assertEqual(properties.blob_type, storage.BlobType.PageBlob)
        self.assertEqual(properties.size, 10 * PAGE)
        self.assert_fault("InvalidPageRange", self.blob.upload_page, page("a"), offset=10 * PAGE, length=PAGE)

    def test_differences_from_a_snapshot(self):
        self.blob.create_page_blob(10 * PAGE)
        self.blob.upload_page(page("a", 4), offset=0, length=4 * PAGE)
        snapshot = self.blob.create_snapshot()
        self.blob.upload_page(page("b"), offset=8 * PAGE, length=PAGE)
        self.blob.clear_page(offset=0, length=PAGE)
        written, cleared = self.blob.get_page_ranges(previous_snapshot_diff=snapshot)
        self.assertEqual([(r["start"], r["end"]) for r in written], [(4096, 4607)])
        self.assertEqual([(r["start"], r["end"]) for r in cleared], [(0, 511)])

    def test_lists_of_pages_come_in_pages(self):
        if not hasattr(self.blob, "list_page_ranges"):
            self.skipTest("this SDK does not page them")
        self.blob.create_page_blob(20 * PAGE)
        for number in range(0, 20, 4):
            self.blob.upload_page(page("a"), offset=number * PAGE, length=PAGE)
        pages = [list(found) for found in self.blob.list_page_ranges(results_per_page=2).by_page()]
        self.assertEqual([len(found) for found in pages], [2, 2, 1])
        self.assertEqual([r.start for found in pages for r in found], [n * PAGE for n in range(0, 20, 4)])

    def test_sequence_numbers_and_sizes(self):
        self.blob.create_page_blob(PAGE, sequence_number=3)
        self.blob.set_sequence_number(storage.SequenceNumberAction.Max, 5)
        self.blob.set_sequence_number(storage.SequenceNumberAction.Increment)
        self.assertEqual(self.blob.get_blob_properties().page_blob_sequence_number, 6)
        self.assert_fault(
            "SequenceNumberConditionNotMet", self.blob.upload_page, page("a"), 0, PAGE, if_sequence_number_lt=6)
        self.blob.upload_page(page("a"), 0, PAGE, if_sequence_number_lte=6)
        self.blob.resize_blob(2 * PAGE)
        self.assertEqual(self.blob.get_blob_properties().size, 2 * PAGE)
        self.assertEqual(self.blob.download_blob().readall(), page("a") + page("\0"))

    def test_an_upload_leaves_empty_pages_out(self):
        data = page("a", 2) + bytes(8 << 20) + page("b")
        self.blob.upload_blob(io.BytesIO(data), length=len(data), blob_type=storage.BlobType.PageBlob)
        self.assertEqual(self.blob.download_blob().readall(), data)
        written, _ = self.blob.get_page_ranges()
        self.assertLess(sum(r["end"] - r["start"] + 1 for r in written), len(data))

    def test_the_tiers_of_premium_accounts_are_refused(self):
        self.blob.create_page_blob(PAGE)
        self.assert_fault("BlobAccessTierNotSupportedForAccountType", self.blob.set_premium_page_blob_tier, "P10")

    def test_blocks_are_appended(self):
        self.blob.create_append_blob()
        self.blob.append_block(b"one ")
        answer = self.blob.append_block(b"two", appendpos_condition=4, maxsize_condition=7, validate_content=True)
        self.assertEqual(answer["blob_append_offset"], "4")
        self.assertEqual(answer["blob_committed_block_count"], 2)
        self.assertEqual(self.blob.download_blob().readall(), b"one two")
        self.assert_fault("AppendPositionConditionNotMet", self.blob.append_block, b"x", appendpos_condition=4)
        self.assert_fault("MaxBlobSizeConditionNotMet", self.blob.append_block, b"x", maxsize_condition=7)
        self.assertEqual(self.blob.get_blob_properties().append_blob_committed_block_count, 2)

    def test_an_upload_appends_to_what_is_there(self):
        for part in (b"one ", b"two"):
            self.blob.upload_blob(part, blob_type=storage.BlobType.AppendBlob, overwrite=False)
        self.assertEqual(self.blob.download_blob().readall(), b"one two")

    def test_a_sealed_blob_takes_no_more(self):
        self.blob.create_append_blob()
        self.blob.append_block(b"one")
        self.assertTrue(self.blob.seal_append_blob()["blob_sealed"])
        self.assert_fault("BlobIsSealed", self.blob.append_block, b"two")
        self.assertTrue(self.blob.get_blob_properties().is_append_blob_sealed)
        self.assertTrue(next(iter(self.container.list_blobs())).is_append_blob_sealed)
        copy = self.container.get_blob_client("copy")
        copy.start_copy_from_url(self.blob.url, seal_destination_blob=False)
        copy.append_block(b" two")
        self.assertEqual(copy.download_blob().readall(), b"one two")


if __name__ == "__main__":
    unittest.main()

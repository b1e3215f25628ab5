"""Query Blob Contents through the official Python SDK."""

import hashlib
import unittest

from emulator import Emulator

try:
    from azure.core import exceptions
    from azure.storage import blob as storage
except ImportError as missing:
    raise unittest.SkipTest(f"the Python SDK is not installed (apt-get install python3-azure): {missing}")

CSV = b"Service,Package,Version,Downloads\r\n" \
      b"Blobs,azure-storage-blob,12.4.0,1200\r\n" \
      b"Queues,azure-storage-queue,12.3.0,300\r\n" \
      b"Event Hubs\r\n" \
      b"\"Keys, secrets\",azure-keyvault,4.2.0,80\r\n"
JSON = b'{"name": "owner", "id": 1, "tags": ["a", "b"]}\n{"name2": "owner2"}\n{"name": "guest", "id": 2}'


class PythonBlobQuery(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator()
        cls.service = storage.BlobServiceClient.from_connection_string(cls.emulator.connection_string())

    @classmethod
    def tearDownClass(cls):
        cls.emulator.stop()

    def setUp(self):
        name = "c" + hashlib.sha1(self.id().encode()).hexdigest()[:20]
        self.blob = self.service.create_container(name).get_blob_client("data")
        self.errors = []

    def query(self, sql, data=CSV, **options):
        self.blob.upload_blob(data, overwrite=True)
        reader = self.blob.query_blob(sql, on_error=self.errors.append, **options)
        found = reader.readall()
        self.assertEqual(len(reader), len(data))
        return found

    def test_delimited_text_comes_back_as_it_is(self):
        self.assertEqual(self.query("SELECT * from BlobStorage"), CSV.replace(b"\r\n", b"\n"))
        self.assertEqual(self.errors, [])

    def test_columns_are_found_by_name_and_number(self):
        named = storage.DelimitedTextDialect(has_header=True)
        plain = storage.DelimitedTextDialect(has_header=False)
        found = self.query(
            "SELECT Service, _3 FROM BlobStorage WHERE Downloads > 100", blob_format=named, output_format=plain)
        self.assertEqual(found, b"Blobs,12.4.0\nQueues,12.3.0\n")
        self.assertEqual([error.error for error in self.errors], ["InvalidColumnOrdinal"])
        self.assertFalse(self.errors[0].is_fatal)
        self.assertEqual(self.errors[0].position, CSV.index(b"Event Hubs"))

    def test_headers_go_along_when_the_output_has_them(self):
        found = self.query("SELECT * from BlobStorage", blob_format=storage.DelimitedTextDialect(has_header=True))
        self.assertEqual(found.split(b"\n")[0], b"Service,Package,Version,Downloads")
        self.assertEqual(found.count(b"\n"), 5)

    def test_separators_and_quotes_are_translated(self):
        output = storage.DelimitedTextDialect(delimiter=";", quotechar="'", lineterminator=".", escapechar="\\")
        found = self.query("SELECT * from BlobStorage", b"a,1.0.1,it's\n", output_format=output)
        self.assertEqual(found, b"a;'1.0.1';'it\\'s'.")

    def test_tabs_separate_columns(self):
        dialect = storage.DelimitedTextDialect(delimiter="\t")
        self.assertEqual(self.query("SELECT _2 FROM BlobStorage", b"a\tb,c\n", blob_format=dialect), b"b,c\n")

    def test_counts_and_limits(self):
        self.assertEqual(self.query("SELECT COUNT(*) FROM BlobStorage"), b"5\n")
        self.assertEqual(self.query("SELECT _1 FROM BlobStorage LIMIT 2"), b"Service\nBlobs\n")
        found = self.query("SELECT _1 FROM BlobStorage WHERE _1 LIKE '%s' AND _1 <> 'Blobs'")
        self.assertEqual(found, b"Queues\nEvent Hubs\n\"Keys, secrets\"\n")

    def test_json_lines(self):
        json = storage.DelimitedJsonDialect(delimiter="\n")
        output = storage.DelimitedJsonDialect(delimiter=";")
        found = self.query("SELECT name FROM BlobStorage", JSON, blob_format=json, output_format=output)
        self.assertEqual(found, b'{"name":"owner"};{};{"name":"guest"};')
        found = self.query("SELECT tags[1], id FROM BlobStorage WHERE id = 1", JSON, blob_format=json)
        self.assertEqual(found, b'{"tags":"b","id":1}\n')
        found = self.query("SELECT COUNT(*) FROM BlobStorage[*].tags[*]", JSON, blob_format=json)
        self.assertEqual(found, b'{"_1":2}\n')
        self.assertEqual(self.errors, [])

    def test_what_cannot_be_compared_is_reported_and_left_out(self):
        found = self.query("SELECT _2 FROM BlobStorage WHERE _2 > 100", b"100,hello\n150,250\n")
        self.assertEqual(found, b"250\n")
        told = [(error.error, error.is_fatal, error.position) for error in self.errors]
        self.assertEqual(told, [("InvalidTypeConversion", False, 0)])

    def test_a_fatal_error_ends_the_answer(self):
        data = b"{name: owner}\n{name2: owner2}\n{name: owner}"
        dialect = storage.DelimitedTextDialect()
        found = self.query(
            "SELECT * from BlobStorage", data, blob_format=storage.DelimitedJsonDialect(), output_format=dialect)
        self.assertEqual(found, b"")
        self.assertEqual([(error.error, error.is_fatal) for error in self.errors], [("ParseError", True)])

    def test_queries_that_are_none_are_refused(self):
        self.blob.upload_blob(CSV)
        for sql in ["SELECT", "SELECT * FROM BlobStorage GROUP BY _1", "SELECT nobody FROM BlobStorage"]:
            with self.assertRaises(exceptions.HttpResponseError) as raised:
                self.blob.query_blob(sql)
            self.assertEqual(raised.exception.error_code, "ErrorProcessingQueryExpression")
            self.assertEqual(raised.exception.status_code, 400)

    def test_formats_that_are_missing_are_named(self):
        self.blob.upload_blob(CSV)
        schema = [storage.ArrowDialect(storage.ArrowType.INT64, name="n")]
        parquet = storage.QuickQueryDialect.Parquet
        for options, word in [({"blob_format": parquet}, "Parquet"), ({"output_format": schema}, "Arrow")]:
            with self.assertRaises(exceptions.HttpResponseError) as raised:
                self.blob.query_blob("SELECT * FROM BlobStorage", **options)
            self.assertEqual(raised.exception.status_code, 501)
            self.assertIn(word, raised.exception.message)

    def test_a_large_answer_arrives_whole(self):
        data = b"".join(b"%d,some text of a record\n" % number for number in range(300_000))
        self.assertEqual(self.query("SELECT * FROM BlobStorage", data), data)
        self.assertEqual(self.query("SELECT _1 FROM BlobStorage WHERE _1 % 100000 = 1", data), b"1\n100001\n200001\n")


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
"""The checks themselves can fail: each is shown a small tree with a fault, and one without."""

import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import check_coroutines
import check_layers
import check_length
import check_words


class ChecksTest(unittest.TestCase):
    def faults(self, check, path, text):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, path)
            file.parent.mkdir(parents=True)
            file.write_text(text)
            return check.faults(pathlib.Path(folder))

    def test_a_lower_module_may_not_include_a_higher_one(self):
        for path, header in (
            ("shared/base/text.cpp", "shared/http/message.hpp"),
            ("emulator/domain/pool.hpp", "emulator/storage/sqlite.hpp"),
            ("emulator/blob/service.cpp", "emulator/batch/service.hpp"),
            ("emulator/batch/service.cpp", "emulator/blob/service.hpp"),
            ("emulator/storage/sqlite.cpp", "shared/codec/xml.hpp"),
            ("emulator/batch/wire/pools.cpp", "emulator/batch/routes/pools.hpp"),
            ("client/api/batch_client.cpp", "emulator/domain/pool.hpp"),
        ):
            with self.subTest(path=path, header=header):
                self.assertEqual(len(self.faults(check_layers, path, f'#include "{header}"\n')), 1)

    def test_a_higher_module_may_include_a_lower_one(self):
        for path, header in (
            ("shared/http/server.cpp", "shared/base/text.hpp"),
            ("emulator/storage/batch/tasks.cpp", "shared/codec/odata.hpp"),
            ("emulator/app/main.cpp", "emulator/blob/service.hpp"),
            ("emulator/node/agent.cpp", "emulator/ffmpeg/transcoder.hpp"),
        ):
            with self.subTest(path=path, header=header):
                self.assertEqual(self.faults(check_layers, path, f'#include "{header}"\n'), [])

    def test_heavy_headers_stay_in_their_rooms(self):
        for header in ("sqlite3.h", "libavcodec/avcodec.h", "curl/curl.h", "CLI/CLI.hpp", "spdlog/spdlog.h",
                       "boost/asio.hpp", "boost/beast/http.hpp", "pugixml.hpp", "nlohmann/json.hpp"):
            with self.subTest(header=header):
                self.assertEqual(len(self.faults(check_layers, "emulator/domain/pool.cpp", f"#include <{header}>\n")), 1)
        self.assertEqual(self.faults(check_layers, "emulator/storage/sqlite.cpp", "#include <sqlite3.h>\n"), [])

    def test_a_file_outside_every_module_is_a_fault(self):
        self.assertEqual(len(self.faults(check_layers, "shared/odds/ends.cpp", "")), 1)

    def test_long_files_are_faults_and_tests_may_be_longer(self):
        self.assertEqual(len(self.faults(check_length, "shared/base/text.cpp", "\n" * 401)), 1)
        self.assertEqual(self.faults(check_length, "shared/base/text.cpp", "\n" * 400), [])
        self.assertEqual(self.faults(check_length, "tests/unit/text_test.cpp", "\n" * 500), [])
        self.assertEqual(len(self.faults(check_length, "tests/unit/text_test.cpp", "\n" * 501)), 1)

    def test_promises_are_faults_everywhere(self):
        self.assertEqual(len(self.faults(check_words, "scripts/run.py", "# TO" "DO: later\n")), 1)
        self.assertEqual(self.faults(check_words, "scripts/run.py", "# a todo list\n"), [])

    def test_going_around_a_seam_is_a_fault(self):
        now = "auto now = std::chrono::system_clock::now();\n"
        self.assertEqual(len(self.faults(check_words, "emulator/blob/etag.cpp", now)), 1)
        self.assertEqual(self.faults(check_words, "shared/base/clock.cpp", now), [])
        self.assertEqual(self.faults(check_words, "emulator/blob/etag.cpp", "// " + now), [])

    def test_plain_awaits_pass(self):
        for text in (
            "task f() { co_await g(x); }",
            "task f() { auto const n = co_await g(x, y); if (n) { co_await h(n); } }",
            "task f() { while (co_await next(x)) { work(); } }",
            "task f() { if (a) { b(); } co_await g(x); }",
        ):
            with self.subTest(text=text):
                self.assertEqual(self.faults(check_coroutines, "shared/http/a.cpp", text), [])

    def test_unsafe_awaits_are_faults(self):
        for text in (
            "task f() { co_await g(Options{1, 2}); }",
            "task f() { co_await g([&] { return 1; }); }",
            "task f() { auto p = Pair{co_await g(x), 2}; }",
            "task f() { auto n = a ? co_await g(x) : 0; }",
        ):
            with self.subTest(text=text):
                self.assertEqual(len(self.faults(check_coroutines, "shared/http/a.cpp", text)), 1)


if __name__ == "__main__":
    unittest.main()

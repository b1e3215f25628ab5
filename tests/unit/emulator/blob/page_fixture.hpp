#pragma once

#include "tests/unit/emulator/blob/blob_fixture.hpp"

#include <fmt/format.h>

namespace bluebatch::emulator::blob {

// A service with page blobs in its container "con".
class PageFixture : public BlobFixture {
protected:
    using Headers = http::Headers;
    static constexpr std::uint64_t kPage = 512;

    void put_pages_blob(std::string const& name, std::uint64_t size, std::uint64_t number = 0) {
        clock_.advance(std::chrono::seconds{1});
        auto const response = ask(
            {http::Verb::put,
             "/con/" + name,
             Headers{
                 {"x-ms-blob-type", "PageBlob"},
                 {"x-ms-blob-content-length", std::to_string(size)},
                 {"x-ms-blob-sequence-number", std::to_string(number)}}}
        );
        ASSERT_EQ(response.status, 201) << response.text;
    }
    static std::string range_of(std::uint64_t offset, std::uint64_t length) {
        return fmt::format("bytes={}-{}", offset, offset + length - 1);
    }
    http::Response write(
        std::string const& name, std::uint64_t offset, std::string const& bytes, Headers headers = {}
    ) {
        headers.set("x-ms-page-write", "update");
        headers.set("x-ms-range", range_of(offset, bytes.size()));
        return ask({http::Verb::put, "/con/" + name + "?comp=page", std::move(headers), bytes});
    }
    http::Response clear(
        std::string const& name, std::uint64_t offset, std::uint64_t length, Headers headers = {}
    ) {
        headers.set("x-ms-page-write", "clear");
        headers.set("Range", range_of(offset, length));
        return ask({http::Verb::put, "/con/" + name + "?comp=page", std::move(headers)});
    }
    http::Response set_properties(std::string const& name, Headers headers) {
        return ask({http::Verb::put, "/con/" + name + "?comp=properties", std::move(headers)});
    }
    std::string snapshot(std::string const& name) {
        clock_.advance(std::chrono::seconds{1});
        auto const response = ask({http::Verb::put, "/con/" + name + "?comp=snapshot"});
        EXPECT_EQ(response.status, 201) << response.text;
        return std::string{response.headers.get("x-ms-snapshot")};
    }
    std::string read(std::string const& target) { return body_of(ask({http::Verb::get, "/con/" + target})); }
    // "0-511 -1024-1535": what was written, and with a minus what was cleared; page by page of the list.
    std::string list(std::string const& target, std::string const& range = {}, int page_size = 0) {
        std::string text;
        std::string marker;
        auto const join = target.find('?') == std::string::npos ? "?comp=pagelist" : "&comp=pagelist";
        do {
            auto asked = "/con/" + target + join;
            if (page_size > 0) asked += fmt::format("&maxresults={}&marker={}", page_size, marker);
            Headers headers;
            if (!range.empty()) headers.set("Range", range);
            auto const response = ask({http::Verb::get, asked, headers});
            if (response.status != 200) return code_of(response);
            auto const root = codec::parse_xml(response.text);
            for (auto const& item : root->children) {
                if (item.name == "NextMarker") continue;
                if (!text.empty()) text += ' ';
                if (item.name == "ClearRange") text += '-';
                text += item.find("Start")->text + "-" + item.find("End")->text;
            }
            marker = http::percent_encode(root->find("NextMarker")->text);
        } while (!marker.empty());
        return text;
    }
};

}  // namespace bluebatch::emulator::blob

#pragma once

#include "tests/unit/emulator/blob/blob_fixture.hpp"

#include <thread>

namespace bluebatch::emulator::blob {

inline constexpr auto* kFile = "http://files.example/file";

// Copies of our own blobs and of what is elsewhere.
class CopyFixture : public BlobFixture {
protected:
    static constexpr auto put_verb = http::Verb::put;

    static std::string own(std::string const& blob) { return "http://127.0.0.1:10000/acc/con/" + blob; }
    http::Response copy(
        std::string const& source, http::Headers headers = {}, std::string const& to = "copy"
    ) {
        headers.set("x-ms-copy-source", source);
        return ask({put_verb, "/con/" + to, std::move(headers)});
    }
    http::Response copy_at_once(std::string const& source, http::Headers headers = {}) {
        headers.set("x-ms-requires-sync", "true");
        return copy(source, std::move(headers));
    }
    http::Response put_from(std::string const& source, http::Headers headers = {}) {
        headers.set("x-ms-blob-type", "BlockBlob");
        return copy(source, std::move(headers));
    }
    http::Response put_block_from(std::string const& source, http::Headers headers = {}) {
        headers.set("x-ms-copy-source", source);
        return ask({put_verb, "/con/copy?comp=block&blockid=MDE%3D", std::move(headers)});
    }
    std::string read(std::string const& name) { return body_of(ask({http::Verb::get, "/con/" + name})); }
    std::string property(std::string const& header, std::string const& name = "copy") {
        return std::string{ask({http::Verb::head, "/con/" + name}).headers.get(header)};
    }
    // Whatever comes of the copy in the background.
    std::string outcome(std::string const& name = "copy") {
        auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
        while (std::chrono::steady_clock::now() < deadline) {
            auto status = property("x-ms-copy-status", name);
            if (status != "pending") return status;
            std::this_thread::yield();
        }
        return "pending";
    }
};

}  // namespace bluebatch::emulator::blob

#pragma once

#include "emulator/node/blob_access.hpp"
#include "shared/base/file_io.hpp"

#include <map>
#include <mutex>
#include <optional>

namespace bluebatch::emulator::node {

// Storage that is a map from URLs.
class FakeBlobs final : public BlobAccess {
public:
    std::map<std::string, std::string> content;
    std::map<std::string, std::vector<std::string>> lists;
    std::optional<TransferError> fault;

    struct Uploaded {
        std::string content;
        http::Headers headers;
    };
    std::map<std::string, Uploaded> uploads;

    TransferResult<void> download(std::string const& url, int target, std::stop_token) override {
        if (fault) return *fault;
        auto const found = content.find(url);
        if (found == content.end()) return TransferError{TransferFault::not_found, "not found"};
        base::write_all(target, found->second);
        return {};
    }
    TransferResult<std::vector<std::string>> list(
        std::string const& url, std::string const& prefix, std::stop_token
    ) override {
        if (fault) return *fault;
        auto const found = lists.find(url);
        if (found == lists.end()) return TransferError{TransferFault::container_not_found, "not found"};
        std::vector<std::string> names;
        for (auto const& name : found->second)
            if (name.starts_with(prefix)) names.push_back(name);
        return names;
    }
    TransferResult<void> upload(
        std::string const& url, http::FileSlice slice, http::Headers headers, std::stop_token
    ) override {
        if (fault) return *fault;
        std::string bytes(slice.length, '\0');
        base::read_all(slice.file->descriptor(), slice.offset, bytes);
        std::scoped_lock const lock(mutex_);
        uploads[url] = {std::move(bytes), std::move(headers)};
        return {};
    }

private:
    std::mutex mutex_;
};

}  // namespace bluebatch::emulator::node

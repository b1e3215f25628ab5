#pragma once

#include "emulator/node/blob_access.hpp"
#include "emulator/node/use_meter.hpp"

namespace bluebatch::emulator::node {

// The transfers of one run, counted as what its node receives and sends.
class MeteredBlobs final : public BlobAccess {
public:
    MeteredBlobs(BlobAccess& blobs, UseMeter::Run& run) : blobs_(blobs), run_(run) {}

    TransferResult<void> download(std::string const& url, int target, std::stop_token stop) override;
    TransferResult<std::vector<std::string>> list(
        std::string const& container_url, std::string const& prefix, std::stop_token stop
    ) override;
    TransferResult<void> upload(
        std::string const& url, http::FileSlice content, http::Headers headers, std::stop_token stop
    ) override;

private:
    BlobAccess& blobs_;
    UseMeter::Run& run_;
};

}  // namespace bluebatch::emulator::node

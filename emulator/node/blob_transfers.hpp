#pragma once

#include "emulator/node/blob_access.hpp"
#include "emulator/node/blob_locator.hpp"
#include "shared/http/client.hpp"
#include "shared/http/service.hpp"

#include <chrono>
#include <functional>
#include <memory>

namespace bluebatch::emulator::node {

struct TransferOptions {
    int attempts = 4;                            // of what fails for a passing reason
    std::chrono::milliseconds first_pause{200};  // four times as long after each further failure
    std::uint64_t largest_single_upload = std::uint64_t{5000} << 20;  // to our own service
    std::uint64_t largest_foreign_upload = std::uint64_t{64} << 20;   // in one piece, over the network
    std::uint64_t block = std::uint64_t{64} << 20;
};

// Files from and to our own Blob service go straight through it, inside the kernel; everything else goes over
// the network.
class BlobTransfers final : public BlobAccess {
public:
    BlobTransfers(
        http::Service* own_service, BlobEndpoint endpoint, http::Client& network, TransferOptions options
    );

    TransferResult<void> download(std::string const& url, int target, std::stop_token stop) override;
    TransferResult<std::vector<std::string>> list(
        std::string const& container_url, std::string const& prefix, std::stop_token stop
    ) override;
    TransferResult<void> upload(
        std::string const& url, http::FileSlice content, http::Headers headers, std::stop_token stop
    ) override;

private:
    bool is_ours(std::string const& url) const;
    TransferResult<void> download_own(std::string const& url, int target, std::stop_token const& stop);
    TransferResult<void> download_foreign(std::string url, int target, std::stop_token const& stop);
    // Where the body of a 2xx answer goes; `restart` is called before it is sent once more.
    struct BodyTarget {
        http::BodySink take;
        std::function<void()> restart;
    };
    // Repeats what fails for a passing reason.
    TransferResult<http::IncomingResponse> exchange(
        http::OutgoingRequest const& request, BodyTarget const& body, std::stop_token const& stop
    );
    TransferResult<std::string> list_page(std::string const& url, std::stop_token const& stop);
    TransferResult<void> put(http::OutgoingRequest request, std::stop_token const& stop);
    TransferResult<void> upload_blocks(
        std::string const& url,
        http::FileSlice const& content,
        http::Headers headers,
        std::stop_token const& stop
    );

    http::Service* own_service_;
    std::unique_ptr<http::Client> own_client_;
    BlobEndpoint endpoint_;
    http::Client& network_;
    TransferOptions options_;
};

}  // namespace bluebatch::emulator::node

#include "client/api/authorizer.hpp"

#include "shared/azure/batch_shared_key.hpp"
#include "shared/azure/storage_shared_key.hpp"
#include "shared/http/url.hpp"

#include <optional>
#include <utility>

namespace bluebatch::client {
namespace {

ApiError bad_url() {
    ApiError error;
    error.fault = Fault::transport;
    error.transport = http::TransportFault::bad_url;
    error.message = "The address of the service is not a valid URL.";
    return error;
}

class BatchSharedKey final : public Authorizer {
public:
    explicit BatchSharedKey(azure::BatchCredential credential) : credential_(std::move(credential)) {}

    ApiResult<void> authorize(http::OutgoingRequest& request, base::TimePoint now, std::stop_token) override {
        http::RequestHead head;
        if (!http::parse_target(request.url, head)) return bad_url();
        request.headers.set("ocp-date", base::to_rfc1123(now));
        std::optional<std::uint64_t> length;
        if (http::states_length(request)) length = http::body_size(request);
        azure::sign_batch_request(request.verb, head.path, head.query, request.headers, length, credential_);
        return {};
    }

private:
    azure::BatchCredential credential_;
};

class StorageSharedKey final : public Authorizer {
public:
    explicit StorageSharedKey(azure::StorageCredential credential) : credential_(std::move(credential)) {}

    ApiResult<void> authorize(http::OutgoingRequest& request, base::TimePoint now, std::stop_token) override {
        http::RequestHead head;
        if (!http::parse_target(request.url, head)) return bad_url();
        request.headers.set("x-ms-date", base::to_rfc1123(now));
        azure::sign_with_shared_key(
            request.verb, head.path, head.query, request.headers, http::body_size(request), credential_
        );
        return {};
    }

private:
    azure::StorageCredential credential_;
};

class SasAuthorizer final : public Authorizer {
public:
    SasAuthorizer(std::string sas, PlainHttp plain) : sas_(std::move(sas)), plain_(plain) {}

    ApiResult<void> authorize(http::OutgoingRequest& request, base::TimePoint, std::stop_token) override {
        if (plain_ == PlainHttp::refuse && !may_carry_secret(request.url)) {
            ApiError error;
            error.fault = Fault::credentials;
            error.message = "A signature (SAS) is only sent over https.";
            return error;
        }
        request.url += (request.url.find('?') == std::string::npos ? '?' : '&') + sas_;
        return {};
    }

private:
    std::string sas_;
    PlainHttp plain_;
};

}  // namespace

bool may_carry_secret(std::string_view address) {
    auto const url = http::parse_url(address);
    return url && (url->scheme == http::Scheme::https || http::is_loopback(url->host));
}

std::unique_ptr<Authorizer> make_batch_shared_key(std::string account, std::string key_base64) {
    return std::make_unique<BatchSharedKey>(azure::BatchCredential{std::move(account), std::move(key_base64)}
    );
}

std::unique_ptr<Authorizer> make_storage_shared_key(std::string account, std::string key_base64) {
    return std::make_unique<StorageSharedKey>(azure::StorageCredential{
        std::move(account), std::move(key_base64)});
}

std::unique_ptr<Authorizer> make_sas_authorizer(std::string sas, PlainHttp plain) {
    if (sas.starts_with('?')) sas.erase(0, 1);
    return std::make_unique<SasAuthorizer>(std::move(sas), plain);
}

}  // namespace bluebatch::client

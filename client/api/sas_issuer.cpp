#include "client/api/sas_issuer.hpp"

#include "client/api/account_sas.hpp"
#include "shared/azure/storage_sas.hpp"

#include <utility>

namespace bluebatch::client {
namespace {

class KeySasIssuer final : public SasIssuer {
public:
    explicit KeySasIssuer(SasAccount account) : account_(std::move(account)) {}

    ApiResult<std::string> issue(SasRequest const& request) override {
        azure::ServiceSasOptions options;
        options.account = account_.account;
        options.key_base64 = account_.key_base64;
        options.container = request.container;
        options.blob = request.blob;
        options.permissions = request.permissions;
        options.expiry = request.expiry;
        options.protocol = account_.scheme == http::Scheme::https ? "https" : "https,http";
        auto sas = azure::make_service_sas(options);
        if (!sas.empty()) return sas;
        ApiError error;
        error.fault = Fault::credentials;
        error.message = "The storage account's key is not base64.";
        return error;
    }

private:
    SasAccount account_;
};

class FixedSasIssuer final : public SasIssuer {
public:
    explicit FixedSasIssuer(std::string sas) : sas_(std::move(sas)) {}
    ApiResult<std::string> issue(SasRequest const& request) override {
        if (auto const enough = check_sas(sas_, request); !enough) return enough.error();
        return sas_;
    }

private:
    std::string sas_;
};

}  // namespace

std::unique_ptr<SasIssuer> make_key_sas_issuer(SasAccount account) {
    return std::make_unique<KeySasIssuer>(std::move(account));
}

std::unique_ptr<SasIssuer> make_fixed_sas_issuer(std::string sas) {
    if (sas.starts_with('?')) sas.erase(0, 1);
    return std::make_unique<FixedSasIssuer>(std::move(sas));
}

}  // namespace bluebatch::client

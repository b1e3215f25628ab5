#include "client/api/application_credential.hpp"

#include "client/api/authorizer.hpp"
#include "shared/base/text.hpp"
#include "shared/http/message.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

namespace bluebatch::client {
namespace {

constexpr std::string_view kWho = "Microsoft Entra ID";
constexpr std::size_t kLargestToken = 64 << 10;

using FormFields = std::vector<std::pair<std::string_view, std::string>>;

// The client-credentials flow. What proves the application comes last.
ApiResult<AccessToken> ask(
    Application const& application,
    FormFields proof,
    TokenTransport const& transport,
    TokenRequest const& asked
) {
    if (!may_carry_secret(application.authority_host)) {
        return make_credentials_error(fmt::format(
            "The address that gives tokens, {}, has to begin with https://: secrets are sent there.",
            application.authority_host
        ));
    }
    FormFields fields{
        {"grant_type", "client_credentials"},
        {"client_id", application.client_id},
        {"scope", asked.resource + "/.default"},
    };
    for (auto& field : proof)
        fields.push_back(std::move(field));
    std::string form;
    for (auto const& [name, value] : fields) {
        if (!form.empty()) form += '&';
        form += fmt::format("{}={}", name, http::percent_encode(value));
    }
    http::OutgoingRequest request;
    request.verb = http::Verb::post;
    request.url = fmt::format(
        "{}/{}/oauth2/v2.0/token", application.authority_host, http::percent_encode(application.tenant_id)
    );
    request.headers.set("Content-Type", "application/x-www-form-urlencoded");
    request.headers.set("Accept", "application/json");
    request.body = std::move(form);
    auto const answer = send_unsigned(transport, std::move(request), asked);
    if (answer) return read_token_answer(kWho, answer->body, asked.now);
    auto const& error = answer.error();
    if (error.fault != Fault::service || is_passing(error)) return error;
    return make_credentials_error(fmt::format("{} refused: {}", kWho, describe(error)));
}

// What is not set, in the names of the environment.
std::string missing(std::initializer_list<std::pair<std::string_view, bool>> needed) {
    std::string names;
    for (auto const& [name, is_set] : needed) {
        if (is_set) continue;
        if (!names.empty()) names += ", ";
        names += name;
    }
    return names.empty() ? names : fmt::format("not set: {}.", names);
}

class SecretCredential final : public Credential {
public:
    SecretCredential(Application application, std::string secret, TokenTransport transport)
        : application_(std::move(application)), secret_(std::move(secret)), transport_(transport) {}

    std::string name() const override { return "client secret"; }

    ApiResult<AccessToken> request(TokenRequest const& request) override {
        auto why = missing(
            {{"AZURE_TENANT_ID", !application_.tenant_id.empty()},
             {"AZURE_CLIENT_ID", !application_.client_id.empty()},
             {"AZURE_CLIENT_SECRET", !secret_.empty()}}
        );
        if (!why.empty()) return make_unavailable_error(std::move(why));
        return ask(application_, {{"client_secret", secret_}}, transport_, request);
    }

private:
    Application application_;
    std::string secret_;
    TokenTransport transport_;
};

class WorkloadCredential final : public Credential {
public:
    WorkloadCredential(Application application, std::filesystem::path file, TokenTransport transport)
        : application_(std::move(application)), file_(std::move(file)), transport_(transport) {}

    std::string name() const override { return "workload identity"; }

    ApiResult<AccessToken> request(TokenRequest const& request) override {
        auto why = missing(
            {{"AZURE_TENANT_ID", !application_.tenant_id.empty()},
             {"AZURE_CLIENT_ID", !application_.client_id.empty()},
             {"AZURE_FEDERATED_TOKEN_FILE", !file_.empty()}}
        );
        if (!why.empty()) return make_unavailable_error(std::move(why));
        auto token = read_file();
        if (!token) return token.error();
        return ask(
            application_,
            {{"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
             {"client_assertion", *std::move(token)}},
            transport_,
            request
        );
    }

private:
    // Each time anew: it is exchanged for another before it expires.
    ApiResult<std::string> read_file() const {
        auto const fail = [this](std::string_view why) {
            return make_credentials_error(
                fmt::format("The file of AZURE_FEDERATED_TOKEN_FILE, {}, {}.", file_.string(), why)
            );
        };
        std::ifstream stream(file_, std::ios::binary);
        if (!stream) return fail(fmt::format("can't be read: {}", std::strerror(errno)));
        std::string text(kLargestToken + 1, '\0');
        stream.read(text.data(), static_cast<std::streamsize>(text.size()));
        text.resize(static_cast<std::size_t>(stream.gcount()));
        if (text.size() > kLargestToken) return fail("is too large for a token");
        text = std::string(base::trim(text));
        if (text.empty()) return fail("is empty");
        return text;
    }

    Application application_;
    std::filesystem::path file_;
    TokenTransport transport_;
};

}  // namespace

std::unique_ptr<Credential> make_secret_credential(
    Application application, std::string secret, TokenTransport transport
) {
    return std::make_unique<SecretCredential>(std::move(application), std::move(secret), transport);
}

std::unique_ptr<Credential> make_workload_credential(
    Application application, std::filesystem::path token_file, TokenTransport transport
) {
    return std::make_unique<WorkloadCredential>(std::move(application), std::move(token_file), transport);
}

}  // namespace bluebatch::client

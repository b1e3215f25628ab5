#include "client/api/az_credential.hpp"

#include "client/api/unix_time.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace bluebatch::client {
namespace {

constexpr std::chrono::seconds kLongestRun{30};
constexpr std::size_t kMostWords = 400;

// Before 2.54, az says only the local time, without saying so: "2026-11-22 17:24:06.000000".
std::optional<base::TimePoint> parse_local_time(std::string const& text) {
    std::tm parts{};
    if (::strptime(text.c_str(), "%Y-%m-%d %H:%M:%S", &parts) == nullptr) return std::nullopt;
    parts.tm_isdst = -1;
    return read_unix_time(::mktime(&parts));
}

ApiResult<AccessToken> read_answer(std::string const& output) {
    auto const wrong = [] { return make_credentials_error("az answered with something else than a token."); };
    auto const json = nlohmann::json::parse(output, nullptr, false);
    if (!json.is_object() || !json.contains("accessToken") || !json["accessToken"].is_string())
        return wrong();
    AccessToken token{json["accessToken"].get<std::string>(), {}};
    std::optional<base::TimePoint> expires;
    auto const at = json.find("expires_on");
    auto const local = json.find("expiresOn");
    if (at != json.end() && at->is_number_integer()) {
        expires = read_unix_time(at->get<std::int64_t>());
    } else if (local != json.end() && local->is_string()) {
        expires = parse_local_time(local->get<std::string>());
    }
    if (!expires) return wrong();
    token.expires = *expires;
    return token;
}

// What az says went wrong; its output is left out, since it may be a token.
std::string last_words(std::string_view errors) {
    errors = base::trim(errors);
    if (errors.size() > kMostWords) errors = errors.substr(errors.size() - kMostWords);
    std::string words(errors);
    std::ranges::replace(words, '\n', ' ');
    return words.empty() ? "no word" : words;
}

class AzCredential final : public Credential {
public:
    explicit AzCredential(ProgramRunner run) : run_(std::move(run)) {}

    std::string name() const override { return "az"; }

    ApiResult<AccessToken> request(TokenRequest const& request) override {
        std::vector<std::string> const words{
            "az", "account", "get-access-token", "--output", "json", "--resource", request.resource};
        auto const run = run_(words, kLongestRun, request.stop);
        if (!run) return explain(run.error());
        if (run->exit_code != 0) {
            return make_unavailable_error(
                fmt::format("az account get-access-token says: {}", last_words(run->errors))
            );
        }
        return read_answer(run->output);
    }

private:
    static ApiError explain(ProgramError const& error) {
        if (error.fault == ProgramFault::stopped) {
            ApiError cancelled;
            cancelled.fault = Fault::cancelled;
            cancelled.message = "The operation was cancelled.";
            return cancelled;
        }
        if (error.fault == ProgramFault::not_found) return make_unavailable_error("az is not on PATH.");
        return make_unavailable_error(fmt::format("az account get-access-token: {}.", error.message));
    }

    ProgramRunner run_;
};

}  // namespace

std::unique_ptr<Credential> make_az_credential(ProgramRunner run) {
    return std::make_unique<AzCredential>(std::move(run));
}

}  // namespace bluebatch::client

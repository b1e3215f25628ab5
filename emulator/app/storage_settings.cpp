#include "emulator/app/storage_settings.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <optional>

namespace bluebatch::emulator::app {
namespace {

using blob::cases::AccountPolicy;
using Json = nlohmann::json;

// null: off.
struct Days {
    std::string_view name;
    std::optional<std::int64_t> AccountPolicy::*member;
};
constexpr std::array kDays{
    Days{"blobSoftDeleteDays", &AccountPolicy::blob_retention_days},
    Days{"containerSoftDeleteDays", &AccountPolicy::container_retention_days},
};
constexpr std::int64_t kMostDays = 365;

struct Flag {
    std::string_view name;
    bool AccountPolicy::*member;
};
constexpr std::array kFlags{
    Flag{"blobVersioning", &AccountPolicy::keeps_versions},
    Flag{"lastAccessTracking", &AccountPolicy::tracks_access},
    Flag{"permanentDelete", &AccountPolicy::allows_permanent_delete},
    Flag{"versionLevelImmutability", &AccountPolicy::immutable_versions},
};
constexpr std::string_view kRehydration = "rehydrationSeconds";
constexpr std::int64_t kLongestRehydration = 15 * 3600;

std::string to_json(AccountPolicy const& policy) {
    Json json = Json::object();
    for (auto const& [name, member] : kDays) {
        auto const& days = policy.*member;
        json[std::string{name}] = days ? Json(*days) : Json(nullptr);
    }
    for (auto const& [name, member] : kFlags)
        json[std::string{name}] = policy.*member;
    json[std::string{kRehydration}] = policy.rehydration_seconds;
    return json.dump();
}

std::optional<std::int64_t> number_within(Json const& value, std::int64_t least, std::int64_t most) {
    if (!value.is_number_integer()) return std::nullopt;
    auto const number = value.get<std::int64_t>();
    if (number < least || number > most) return std::nullopt;
    return number;
}

// False when there is no such member or it can't have that value.
bool apply(AccountPolicy& policy, std::string_view name, Json const& value) {
    if (auto const days = std::ranges::find(kDays, name, &Days::name); days != kDays.end()) {
        policy.*(days->member) = number_within(value, 1, kMostDays);
        return value.is_null() || (policy.*(days->member)).has_value();
    }
    if (auto const flag = std::ranges::find(kFlags, name, &Flag::name); flag != kFlags.end()) {
        if (!value.is_boolean()) return false;
        policy.*(flag->member) = value.get<bool>();
        return true;
    }
    auto const seconds = number_within(value, 0, kLongestRehydration);
    if (name != kRehydration || !seconds) return false;
    policy.rehydration_seconds = *seconds;
    return true;
}

}  // namespace

ControlAnswer StorageSettings::answer(http::Request const& request) {
    auto const named = http::percent_decode(std::string_view{request.path}.substr(kPath.size()));
    auto const found = accounts_->find(named);
    if (found == nullptr) return refuse(404, "there is no such storage account");
    auto const& account = found->name;
    if (request.verb == http::Verb::put) return change(account, request.body.bytes);
    if (request.verb != http::Verb::get && request.verb != http::Verb::head) {
        return refuse(405, "use GET or PUT");
    }
    return {200, to_json(policies_.of(account))};
}

ControlAnswer StorageSettings::change(std::string const& account, std::string_view document) {
    auto const wanted = Json::parse(document, nullptr, false);
    if (!wanted.is_object()) return refuse(400, "the body must be a JSON object");
    auto changed = policies_.of(account);
    for (auto const& [name, value] : wanted.items()) {
        if (!apply(changed, name, value)) {
            return refuse(400, fmt::format("'{}' is no setting, or can't have this value", name));
        }
    }
    policies_.change(account, [&](AccountPolicy& policy) {
        for (auto const& [name, value] : wanted.items())
            apply(policy, name, value);
    });
    return {200, to_json(policies_.of(account))};
}

}  // namespace bluebatch::emulator::app

#include "emulator/blob/wire/lifecycle_headers.hpp"

#include "shared/base/text.hpp"

#include <chrono>

namespace bluebatch::emulator::blob::wire {
namespace {

using azure::StorageResult;

constexpr std::string_view kOption = "x-ms-expiry-option";
constexpr std::string_view kTime = "x-ms-expiry-time";

std::optional<cases::ExpiryOption> parse_option(std::string_view text) {
    using enum cases::ExpiryOption;
    if (base::equal_ignoring_case(text, "NeverExpire")) return never;
    if (base::equal_ignoring_case(text, "RelativeToCreation")) return relative_to_creation;
    if (base::equal_ignoring_case(text, "RelativeToNow")) return relative_to_now;
    if (base::equal_ignoring_case(text, "Absolute")) return absolute;
    return std::nullopt;
}

// A number of milliseconds, or a date for an absolute time.
bool read_time(std::string_view text, cases::Expiry& expiry) {
    constexpr std::int64_t kLongest = std::int64_t{1} << 48;  // some 8,900 years
    if (expiry.option == cases::ExpiryOption::absolute) {
        auto const at = base::parse_rfc1123(text);
        expiry.at = at.value_or(base::TimePoint{});
        return at.has_value();
    }
    auto const count = base::parse_number<std::int64_t>(text);
    if (!count || *count <= 0 || *count > kLongest) return false;
    expiry.after = std::chrono::milliseconds{*count};
    return true;
}

}  // namespace

StorageResult<std::optional<cases::Priority>> read_priority(http::Headers const& headers) {
    constexpr std::string_view kName = "x-ms-rehydrate-priority";
    auto const text = headers.find(kName);
    if (!text) return std::nullopt;
    if (base::equal_ignoring_case(*text, "Standard")) return cases::Priority::standard;
    if (base::equal_ignoring_case(*text, "High")) return cases::Priority::high;
    return azure::invalid_header(kName, *text);
}

StorageResult<std::optional<cases::Expiry>> read_expiry(http::Headers const& headers) {
    auto const option = headers.find(kOption);
    auto const time = headers.get(kTime);
    if (!option) {
        if (!time.empty()) return azure::missing_header(kOption);
        return std::nullopt;
    }
    auto const known = parse_option(*option);
    if (!known) return azure::invalid_header(kOption, *option);
    cases::Expiry expiry{.option = *known};
    if (*known == cases::ExpiryOption::never) {
        if (!time.empty()) return azure::invalid_header(kTime, time);
        return expiry;
    }
    if (time.empty()) return azure::missing_header(kTime);
    if (!read_time(time, expiry)) return azure::invalid_header(kTime, time);
    return expiry;
}

StorageResult<std::optional<store::Immutability>> read_immutability(http::Headers const& headers) {
    constexpr std::string_view kUntil = "x-ms-immutability-policy-until-date";
    constexpr std::string_view kMode = "x-ms-immutability-policy-mode";
    auto const until = headers.get(kUntil);
    auto const mode = headers.get(kMode);
    if (until.empty()) {
        if (!mode.empty()) return azure::missing_header(kUntil);
        return std::nullopt;
    }
    auto const time = base::parse_rfc1123(until);
    if (!time) return azure::invalid_header(kUntil, until);
    store::Immutability policy{*time};
    if (base::equal_ignoring_case(mode, "Locked")) {
        policy.mode = store::ImmutabilityMode::locked;
    } else if (!mode.empty() && !base::equal_ignoring_case(mode, "Unlocked")) {
        return azure::invalid_header(kMode, mode);
    }
    return policy;
}

StorageResult<std::optional<cases::LegalHold>> read_legal_hold(http::Headers const& headers) {
    constexpr std::string_view kName = "x-ms-legal-hold";
    auto const text = headers.find(kName);
    if (!text) return std::nullopt;
    if (base::equal_ignoring_case(*text, "true")) return cases::LegalHold::on;
    if (base::equal_ignoring_case(*text, "false")) return cases::LegalHold::off;
    return azure::invalid_header(kName, *text);
}

StorageResult<cases::Protection> read_protection(http::Headers const& headers) {
    auto const policy = read_immutability(headers);
    if (!policy) return policy.error();
    auto const hold = read_legal_hold(headers);
    if (!hold) return hold.error();
    return cases::Protection{*policy, hold->value_or(cases::LegalHold::off)};
}

std::string_view to_string(store::ImmutabilityMode mode) {
    return mode == store::ImmutabilityMode::locked ? "locked" : "unlocked";
}

std::string archive_status(store::Rehydration const& rehydration) {
    return "rehydrate-pending-to-" + base::to_lower(rehydration.tier);
}

}  // namespace bluebatch::emulator::blob::wire

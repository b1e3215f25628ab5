#include "emulator/resources/wire/pool.hpp"
#include "shared/base/text.hpp"
#include "shared/base/time.hpp"

#include <algorithm>
#include <array>

// Whether a body asks for what a pool has already.
namespace bluebatch::emulator::resources::wire {

namespace {

// A pool keeps them as long as it lives.
constexpr auto kFixed = std::to_array<std::string_view>(
    {"displayName",
     "vmSize",
     "deploymentConfiguration",
     "interNodeCommunication",
     "networkConfiguration",
     "taskSlotsPerNode",
     "taskSchedulingPolicy",
     "userAccounts",
     "applicationLicenses",
     "mountConfiguration"}
);
// Never shown, so nobody knows whether they differ.
constexpr auto kSecrets = std::to_array<std::string_view>({"password", "protectedSettings", "sshPrivateKey"});

bool is_nothing(Json const& value) {
    bool const is_empty = value.is_string() ? value.get_ref<std::string const&>().empty()
                                            : value.is_structured() && value.empty();
    return value.is_null() || value == false || is_empty;
}

bool is_same_text(std::string_view name, std::string const& given, std::string const& has) {
    // People wrote this one; all others are words, names of things in Azure and durations.
    return name == "displayName" ? given == has : base::equal_ignoring_case(given, has);
}

bool is_same(std::string_view name, Json const& given, Json const* has);

bool has_members(Json const& given, Json const& has) {
    return std::ranges::all_of(given.items(), [&](auto const& item) {
        return is_same(item.key(), item.value(), find(has, item.key()));
    });
}

// What is not given is left to the service, so only what is given counts. Bodies are bounded in depth.
bool is_same(std::string_view name, Json const& given, Json const* has) {
    if (std::ranges::find(kSecrets, name) != kSecrets.end()) return true;
    if (has == nullptr) return is_nothing(given);
    if (given.is_object()) return has->is_object() && has_members(given, *has);
    if (given.is_array())
        return has->is_array() && std::ranges::equal(given, *has, [&](Json const& left, Json const& right) {
                   return is_same(name, left, &right);
               });
    if (given.is_string() && has->is_string())
        return is_same_text(name, given.get_ref<std::string const&>(), has->get_ref<std::string const&>());
    return given.is_null() || given == *has;
}

// PT15M and PT900S are one duration.
bool is_same_setting(Json const& given, Json const& has) {
    if (!given.is_string() || !has.is_string()) return given == has;
    auto const& left = given.get_ref<std::string const&>();
    auto const& right = has.get_ref<std::string const&>();
    auto const duration = base::parse_iso8601_duration(left);
    return left == right || (duration && duration == base::parse_iso8601_duration(right));
}

bool has_settings(Json const& pool, Json const& wanted) {
    return std::ranges::all_of(wanted.items(), [&](auto const& item) {
        auto const* const has = find(pool, item.key());
        bool const is_there = has != nullptr && is_same_setting(item.value(), *has);
        return is_there || item.key() == "nodeDeallocationOption";
    });
}

}  // namespace

bool has_scale(Json const& pool, Scale const& wanted) {
    auto const* const automatic = find(pool, "enableAutoScale");
    bool const is_automatic = automatic != nullptr && *automatic == true;
    if (!wanted.fixed.is_null()) return !is_automatic && has_settings(pool, wanted.fixed);
    if (!wanted.automatic.is_null()) return is_automatic && has_settings(pool, wanted.automatic);
    return true;
}

std::string find_fixed_member(Json const& properties, Json const& shown) {
    for (auto const member : kFixed) {
        auto const* const given = find(properties, member);
        if (given != nullptr && !is_same(member, *given, find(shown, member))) return std::string{member};
    }
    return {};
}

}  // namespace bluebatch::emulator::resources::wire

#include "emulator/blob/versions.hpp"

#include "emulator/blob/service_settings.hpp"

#include <array>
#include <string>

namespace bluebatch::emulator::blob {
namespace {

constexpr std::uint64_t kMebibyte = 1 << 20;

struct LimitsSince {
    std::string_view version;
    BodyLimits limits;
};
// Newest first.
constexpr std::array<LimitsSince, 4> kLimits{{
    {"2022-11-02", {5000 * kMebibyte, 4000 * kMebibyte, 100 * kMebibyte}},
    {"2019-12-12", {5000 * kMebibyte, 4000 * kMebibyte, 4 * kMebibyte}},
    {"2016-05-31", {256 * kMebibyte, 100 * kMebibyte, 4 * kMebibyte}},
    {"", {64 * kMebibyte, 4 * kMebibyte, 4 * kMebibyte}},
}};

}  // namespace

std::optional<std::string_view> named_version(http::RequestHead const& head) {
    if (auto const version = head.headers.find("x-ms-version")) return version;
    if (auto const version = head.find_query("api-version")) return version;
    return head.find_query("sv");
}

std::string version_of(
    http::RequestHead const& head, ServiceSettings const& settings, std::string_view account
) {
    if (auto const version = named_version(head)) return std::string{*version};
    auto version = settings.default_version(account);
    return version.empty() ? std::string{kOldestVersion} : version;
}

bool is_version(std::string_view text) {
    constexpr std::string_view kForm = "0000-00-00";
    if (text.size() != kForm.size()) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        bool const is_digit = text[i] >= '0' && text[i] <= '9';
        if (kForm[i] == '0' ? !is_digit : text[i] != kForm[i]) return false;
    }
    return true;
}

BodyLimits limits_of(std::string_view version) {
    for (auto const& [since, limits] : kLimits)
        if (version >= since) return limits;
    return kLimits.back().limits;
}

void put_in_form_of(std::string_view version, http::Headers& headers) {
    if (version >= kQuotedTagsVersion) return;
    auto const tag = headers.get("ETag");
    if (tag.size() > 2 && tag.front() == '"') headers.set("ETag", std::string{tag.substr(1, tag.size() - 2)});
    headers.erase("Accept-Ranges");
}

}  // namespace bluebatch::emulator::blob

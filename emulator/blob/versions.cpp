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

// The versions that headers of answers came with, newest first.
struct HeaderSince {
    std::string_view version;
    std::string_view header;
};
constexpr std::array kHeaders{
    HeaderSince{"2020-06-12", "x-ms-immutability-policy-until-date"},
    HeaderSince{"2020-06-12", "x-ms-immutability-policy-mode"},
    HeaderSince{"2020-06-12", "x-ms-legal-hold"},
    HeaderSince{"2020-06-12", "x-ms-immutable-storage-with-versioning-enabled"},
    HeaderSince{"2020-02-10", "x-ms-last-access-time"},
    HeaderSince{"2020-02-10", "x-ms-expiry-time"},
    HeaderSince{"2019-12-12", "x-ms-version-id"},
    HeaderSince{"2019-12-12", "x-ms-is-current-version"},
    HeaderSince{"2019-12-12", "x-ms-tag-count"},
    HeaderSince{"2019-12-12", "x-ms-blob-sealed"},
    HeaderSince{"2019-12-12", "x-ms-rehydrate-priority"},
    HeaderSince{"2019-02-02", "x-ms-content-crc64"},
    HeaderSince{"2019-02-02", "x-ms-encryption-key-sha256"},
    HeaderSince{"2019-02-02", "x-ms-encryption-scope"},
    HeaderSince{"2019-02-02", "x-ms-default-encryption-scope"},
    HeaderSince{"2019-02-02", "x-ms-deny-encryption-scope-override"},
    HeaderSince{"2017-11-09", "x-ms-creation-time"},
    HeaderSince{"2017-11-09", "x-ms-has-immutability-policy"},
    HeaderSince{"2017-11-09", "x-ms-has-legal-hold"},
    HeaderSince{"2017-04-17", "x-ms-access-tier"},
    HeaderSince{"2017-04-17", "x-ms-access-tier-inferred"},
    HeaderSince{"2017-04-17", "x-ms-access-tier-change-time"},
    HeaderSince{"2017-04-17", "x-ms-archive-status"},
    HeaderSince{"2016-05-31", "x-ms-blob-content-md5"},
    HeaderSince{"2016-05-31", "x-ms-incremental-copy"},
    HeaderSince{"2016-05-31", "x-ms-copy-destination-snapshot"},
    HeaderSince{"2015-12-11", "x-ms-server-encrypted"},
    HeaderSince{"2015-12-11", "x-ms-request-server-encrypted"},
    HeaderSince{"2013-08-15", "Content-Disposition"},
    HeaderSince{"2012-02-12", "x-ms-copy-id"},
    HeaderSince{"2012-02-12", "x-ms-copy-source"},
    HeaderSince{"2012-02-12", "x-ms-copy-status"},
    HeaderSince{"2012-02-12", "x-ms-copy-progress"},
    HeaderSince{"2012-02-12", "x-ms-copy-completion-time"},
    HeaderSince{"2012-02-12", "x-ms-copy-status-description"},
    HeaderSince{"2012-02-12", "x-ms-lease-state"},
    HeaderSince{"2012-02-12", "x-ms-lease-duration"},
    HeaderSince{kQuotedTagsVersion, "Accept-Ranges"},
};

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
    for (auto const& [since, header] : kHeaders) {
        if (version >= since) break;
        headers.erase(header);
    }
    if (version >= kQuotedTagsVersion) return;
    auto const tag = headers.get("ETag");
    if (tag.size() > 2 && tag.front() == '"') headers.set("ETag", std::string{tag.substr(1, tag.size() - 2)});
}

}  // namespace bluebatch::emulator::blob

#include "emulator/blob/routes/sources.hpp"

#include "emulator/blob/cases/reading.hpp"
#include "emulator/blob/routes/bodies.hpp"
#include "emulator/blob/routes/pieces.hpp"
#include "emulator/blob/versions.hpp"
#include "emulator/blob/wire/request_headers.hpp"
#include "shared/base/text.hpp"
#include "shared/http/body_receiver.hpp"
#include "shared/http/url.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace bluebatch::emulator::blob::routes {
namespace {

using azure::StorageError;
using azure::StorageErrorCode;
using azure::StorageResult;

constexpr std::string_view kSourceHeader = "x-ms-copy-source";
constexpr std::string_view kAuthorization = "x-ms-copy-source-authorization";
constexpr std::string_view kRange = "x-ms-source-range";
constexpr std::string_view kMd5 = "x-ms-source-content-md5";
constexpr std::string_view kCrc64 = "x-ms-source-content-crc64";

bool copies_tags(http::Headers const& headers) {
    return base::equal_ignoring_case(headers.get("x-ms-copy-source-tag-option"), "COPY");
}

// The account's key opens every blob of the account; for others the URL must carry its own right, or the
// request one for it.
std::optional<StorageError> find_access_fault(
    Call const& call, http::RequestHead const& source_head, Target const& source
) {
    bool const is_owner =
        call.grant.kind == GrantKind::owner && source.address.account == call.address().account;
    if (is_owner && !source_head.headers.has("Authorization")) return std::nullopt;
    Need const need{'o', "r", ServiceSas::blob, PublicRead::blob};
    auto const admitted = call.authenticator.admit(source_head, source, need);
    bool const reads_tags = call.headers().has("x-ms-source-if-tags") || copies_tags(call.headers());
    if (admitted && reads_tags && !admitted->allows('t')) {
        return StorageErrorCode::authorization_permission_mismatch;
    }
    if (admitted) return std::nullopt;
    return cases::source_error(admitted.error());
}

std::string without_query(std::string_view url) {
    return std::string{url.substr(0, url.find_first_of("?#"))};
}

std::string shown_url_of(std::string_view url, http::RequestHead const& head) {
    auto shown = without_query(url);
    char separator = '?';
    for (auto const* const name : {"snapshot", "versionid"}) {
        auto const value = head.find_query(name);
        if (!value || value->empty()) continue;
        shown.append(1, separator).append(name).append("=").append(http::percent_encode(*value));
        separator = '&';
    }
    return shown;
}

StorageResult<ForeignSource> read_foreign(Call const& call, std::string const& url) {
    constexpr std::array kForwarded{
        std::pair{"x-ms-source-if-match", "If-Match"},
        std::pair{"x-ms-source-if-none-match", "If-None-Match"},
        std::pair{"x-ms-source-if-modified-since", "If-Modified-Since"},
        std::pair{"x-ms-source-if-unmodified-since", "If-Unmodified-Since"},
        std::pair{"x-ms-source-if-tags", "x-ms-if-tags"},
        std::pair{"x-ms-source-lease-id", "x-ms-lease-id"},
    };
    if (!http::parse_url(url)) return azure::invalid_header(kSourceHeader, url);
    if (copies_tags(call.headers())) return azure::not_implemented("Copying tags from another service");
    ForeignSource source{.url = url.substr(0, url.find('#'))};
    source.authorization = call.headers().get(kAuthorization);
    for (auto const& [given, forwarded] : kForwarded) {
        if (auto const value = call.headers().find(given)) {
            source.conditions.set(forwarded, std::string{*value});
        }
    }
    return source;
}

// Before there were URLs for it, a source was a path that began with the account.
StorageResult<std::string> read_source_url(Call const& call) {
    std::string url{call.headers().get(kSourceHeader)};
    if (call.version >= kFirstWithBackgroundCopies || !url.starts_with('/')) return url;
    auto const slash = std::min(url.find('/', 1), url.size());
    auto const account = std::string_view{url}.substr(1, slash - 1);
    if (account != call.address().account) return StorageErrorCode::copy_across_accounts_not_supported;
    return call.target.endpoint + url.substr(std::min(slash + 1, url.size()));
}

StorageResult<http::BodyPlan> make_plan(Call const& call, std::uint64_t most_bytes, Digests digests) {
    if (call.headers().has(kMd5) && call.headers().has(kCrc64)) {
        return StorageErrorCode::both_crc64_and_md5_header_present;
    }
    constexpr std::uint64_t kMemoryLimit = 64 << 10;
    http::BodyPlan plan;
    plan.limit = most_bytes;
    plan.memory_limit = kMemoryLimit;
    plan.digest_md5 = digests == Digests::with_md5 || call.headers().has(kMd5);
    plan.digest_crc64 = true;
    plan.spool_folder = call.context.storage.spool_folder();
    plan.spare_files = call.context.storage.spare_files();
    return plan;
}

StorageResult<Fetched> fetch_own(
    Call const& call,
    Address const& address,
    Guard const& guard,
    std::string range,
    http::BodyPlan const& plan
) {
    auto content =
        cases::read_content(call.context, address, {std::move(range), guard, rules::Purpose::source});
    if (!content) {
        auto const& fault = content.error();
        bool const is_condition = fault.code == StorageErrorCode::source_condition_not_met;
        return is_condition ? fault : cases::source_error(fault);
    }
    auto const size = content->range ? content->range->length : content->blob.size;
    if (size > plan.limit) return cases::source_too_large(plan.limit);
    http::Response carrier;
    add_pieces(carrier, std::move(content->pieces), plan.spool_folder);
    http::BodyReceiver receiver(plan, size);
    receiver.append(carrier.text);
    // Each goes with its turn, so that of a blob in thousands of files one is open at a time.
    for (auto& waiting : carrier.slices)
        receiver.append_file(std::exchange(waiting, {}));
    auto& blob = content->blob;
    return Fetched{
        std::move(receiver).finish(),
        {blob.kind, blob.size, std::move(blob.content), std::move(blob.metadata)},
        std::move(blob.tags)};
}

StorageError source_mismatch(
    StorageErrorCode code, std::string const& what, std::string_view given, std::string_view found
) {
    return {
        code,
        {{"UserSpecified" + what, base::to_base64(given)},
         {"ServerCalculated" + what, base::to_base64(found)}}};
}

StorageResult<void> check_source_digests(http::Headers const& headers, http::Body const& body) {
    auto const md5 = wire::read_md5(headers, kMd5);
    if (!md5) return md5.error();
    auto const crc64 = wire::read_crc64(headers, kCrc64);
    if (!crc64) return crc64.error();
    if (*md5) {
        auto const found = computed_md5(body).value_or("");
        if (found != **md5) return source_mismatch(StorageErrorCode::md5_mismatch, "Md5", **md5, found);
    }
    if (*crc64) {
        auto const found = base::crc64_bytes(body.crc64.value_or(0));
        if (found != **crc64) return source_mismatch(StorageErrorCode::crc64_mismatch, "Crc", **crc64, found);
    }
    return {};
}

}  // namespace

StorageResult<Source> read_source(Call& call) {
    if (call.request.body.size > 0) {
        return azure::invalid_header("Content-Length", std::to_string(call.request.body.size));
    }
    auto const given_url = read_source_url(call);
    if (!given_url) return given_url.error();
    auto const& url = *given_url;
    auto const authorization = call.headers().find(kAuthorization);
    if (authorization && !base::starts_with_ignoring_case(*authorization, "Bearer ")) {
        return azure::invalid_header(kAuthorization, "");
    }
    http::RequestHead head;
    if (authorization) {
        head.headers.set("Authorization", std::string{*authorization});
        head.headers.set("x-ms-version", call.version);
    }
    auto const target = parse_source_url(url, call.request, call.accounts, head);
    Source source;
    if (!target) {
        auto foreign = read_foreign(call, url);
        if (!foreign) return foreign.error();
        source.place = *std::move(foreign);
        source.shown_url = without_query(url);
        return source;
    }
    if (!*target || (*target)->level != Level::blob)
        return azure::invalid_header(kSourceHeader, without_query(url));
    if (auto const fault = find_access_fault(call, head, **target)) return *fault;
    auto conditions = wire::read_conditions(call.headers(), "x-ms-source-");
    if (!conditions) return conditions.error();
    source.guard.conditions = *std::move(conditions);
    auto lease_id = wire::read_lease_id(call.headers(), "x-ms-source-lease-id");
    if (!lease_id) return lease_id.error();
    source.guard.lease_id = *std::move(lease_id);
    source.place = (*target)->address;
    source.shown_url = shown_url_of(url, head);
    return source;
}

StorageResult<Fetched> fetch(Call& call, Source const& source, std::uint64_t most_bytes, Digests digests) {
    auto const plan = make_plan(call, most_bytes, digests);
    if (!plan) return plan.error();
    std::string range{call.headers().get(kRange)};
    auto fetched = [&]() -> StorageResult<Fetched> {
        if (auto const* const address = std::get_if<Address>(&source.place)) {
            return fetch_own(call, *address, source.guard, std::move(range), *plan);
        }
        auto const& foreign = std::get<ForeignSource>(source.place);
        auto body = call.copies.reader().read(foreign, range, *plan, {}, call.copies.stop_token());
        if (!body) return body.error();
        return Fetched{std::move(body->body), std::move(body->state.blob)};
    }();
    if (!fetched) return fetched.error();
    if (auto const checked = check_source_digests(call.headers(), fetched->body); !checked)
        return checked.error();
    return fetched;
}

void add_source_digests(http::Headers& headers, http::Headers const& asked, http::Body const& body) {
    if (asked.has(kMd5) && body.md5) {
        headers.set("Content-MD5", base::to_base64(std::span<std::uint8_t const>{*body.md5}));
        headers.erase("x-ms-content-crc64");
    }
}

}  // namespace bluebatch::emulator::blob::routes

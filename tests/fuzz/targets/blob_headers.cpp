// What the headers of requests for blobs say: ranges, conditions, leases, metadata, properties.
#include "emulator/blob/rules/lease.hpp"
#include "emulator/blob/rules/names.hpp"
#include "emulator/blob/rules/range.hpp"
#include "emulator/blob/wire/page_headers.hpp"
#include "emulator/blob/wire/request_headers.hpp"
#include "emulator/blob/wire/response_headers.hpp"
#include "shared/base/random.hpp"
#include "tests/fuzz/support/fuzz.hpp"
#include "tests/fuzz/support/requests.hpp"

#include <algorithm>

namespace bluebatch::fuzz {
namespace {

namespace blob = emulator::blob;
namespace rules = blob::rules;
namespace wire = blob::wire;
using azure::StorageErrorCode;

base::TimePoint const kNow = *base::parse_iso8601("2024-05-01T10:00:00Z");

void check_range(std::string_view header) {
    for (std::uint64_t const size : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1000}, UINT64_MAX}) {
        auto const range = rules::parse_range(header, size);
        if (!range) {
            check(range.error().code == StorageErrorCode::invalid_range, "416 or nothing", header);
        } else if (range.value()) {
            auto const [offset, length] = *range.value();
            check(length > 0 && offset < size && length <= size - offset, "within the blob", header);
        }
    }
}

void check_conditions(http::Headers const& headers, std::string_view input) {
    auto const conditions = wire::read_conditions(headers);
    if (!conditions) return;
    rules::Entity const entity{kNow, kNow};
    for (auto const purpose : {rules::Purpose::read, rules::Purpose::write, rules::Purpose::source}) {
        rules::find_unmet_condition(*conditions, std::nullopt, purpose);
        auto const unmet = rules::find_unmet_condition(*conditions, entity, purpose);
        if (conditions->empty()) check(!unmet, "no condition is always met", input);
        if (purpose != rules::Purpose::read)
            check(unmet != StorageErrorCode::not_modified, "304 answers reads only", input);
    }
}

void check_lease(http::Headers const& headers, std::string_view input) {
    base::SeededRandom random(1);
    auto const request = wire::read_lease_request(headers, "2021-12-02", random);
    if (!request) return;
    using blob::store::Lease;
    for (rules::OptionalLease lease :
         {rules::OptionalLease{},
          rules::OptionalLease{Lease{request->lease_id, 30, kNow + std::chrono::seconds{30}, std::nullopt}},
          rules::OptionalLease{Lease{"other", std::nullopt, std::nullopt, std::nullopt}},
          rules::OptionalLease{Lease{request->lease_id, 30, kNow, kNow + std::chrono::seconds{5}}}}) {
        auto const outcome = rules::apply(*request, lease, kNow);
        if (!outcome) continue;
        check(outcome->seconds_left >= 0 && outcome->seconds_left <= 60, "a break ends", input);
        bool const acquires = request->action == rules::LeaseAction::acquire;
        check(!acquires || rules::is_held(outcome->lease, kNow), "what was acquired is held", input);
        rules::find_lease_fault(
            outcome->lease, request->lease_id, rules::LeaseNeed::required, rules::LeasedThing::blob, kNow
        );
    }
}

void check_metadata(http::Headers const& headers, std::string_view input) {
    auto const metadata = wire::read_metadata(headers);
    if (!metadata) return;
    check(wire::has_metadata(headers) == !metadata->empty(), "has_metadata", input);
    check(!rules::find_metadata_fault(*metadata), "metadata that was read is fine", input);
    http::Headers answer;
    wire::add_metadata(answer, *metadata);
    auto const again = wire::read_metadata(answer);
    check(again && *again == *metadata, "metadata comes back as it was set", input);
}

void check_pages(http::Headers const& headers, std::string_view input) {
    wire::read_page_write_kind(headers);
    wire::read_append_conditions(headers);
    if (auto const range = wire::read_page_range(headers)) {
        check(range->length > 0 && rules::whole_pages(*range) == *range, "whole pages", input);
        check(range->offset + range->length <= rules::kMaxPageBlobSize, "within the largest blob", input);
    }
    auto const size = wire::read_page_blob_size(headers);
    if (size && *size) check(**size % rules::kPageSize == 0, "whole pages", input);
    auto const given = wire::read_sequence_number(headers);
    auto const number = given && *given ? **given : 0;
    if (auto const change = wire::read_sequence_change(headers); change && *change) {
        auto const next = rules::apply(**change, number);
        check(!next || *next <= rules::kMaxSequenceNumber, "a number that a column holds", input);
    }
    if (auto const conditions = wire::read_sequence_conditions(headers)) {
        bool const is_met = conditions->are_met_by(number);
        bool const is_free = !conditions->at_most && !conditions->below && !conditions->equal;
        check(is_met || !is_free, "no condition is always met", input);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const input = to_text(data, size);
    check_range(input);
    rules::find_container_name_fault(input);
    auto const head = read_head(input);
    if (!head) return 0;
    auto const& headers = head->headers;
    check_range(headers.get("Range"));
    check_conditions(headers, input);
    check_lease(headers, input);
    check_metadata(headers, input);
    check_pages(headers, input);
    wire::read_conditions(headers, "x-ms-source-");
    wire::read_guard(headers);
    wire::read_content_headers(headers, wire::PlainHeaders::used);
    wire::read_tier(headers);
    wire::read_public_access(headers);
    auto const digest = wire::read_md5(headers, "Content-MD5");
    if (digest && digest.value()) check(digest.value()->size() == 16, "MD5 has 16 bytes", input);
    return 0;
}

}  // namespace bluebatch::fuzz

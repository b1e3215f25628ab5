#include "emulator/blob/routes/pages.hpp"

#include "emulator/blob/cases/pages.hpp"
#include "emulator/blob/routes/answers.hpp"
#include "emulator/blob/routes/bodies.hpp"
#include "emulator/blob/routes/new_blob.hpp"
#include "emulator/blob/wire/encryption_headers.hpp"
#include "emulator/blob/wire/page_headers.hpp"
#include "emulator/blob/wire/page_lists.hpp"
#include "emulator/blob/wire/request_headers.hpp"
#include "emulator/blob/wire/response_headers.hpp"
#include "shared/base/text.hpp"

#include <algorithm>
#include <array>

namespace bluebatch::emulator::blob::routes {
namespace {

constexpr std::array<std::string_view, 11> kPremiumTiers{
    "P4", "P6", "P10", "P15", "P20", "P30", "P40", "P50", "P60", "P70", "P80"};
// Those that are set together: who gives one clears the others.
constexpr std::array<std::string_view, 6> kContentProperties{
    "x-ms-blob-cache-control",
    "x-ms-blob-content-type",
    "x-ms-blob-content-md5",
    "x-ms-blob-content-encoding",
    "x-ms-blob-content-language",
    "x-ms-blob-content-disposition"};
constexpr std::array<std::string_view, 3> kPageBlobProperties{
    "x-ms-blob-content-length", "x-ms-sequence-number-action", "x-ms-blob-sequence-number"};

bool has_any(http::Headers const& headers, std::span<std::string_view const> names) {
    return std::ranges::any_of(names, [&](std::string_view name) { return headers.has(name); });
}

void add_sequence_number(http::Headers& headers, store::Blob const& blob) {
    headers.set("x-ms-blob-sequence-number", std::to_string(blob.sequence_number));
}

azure::StorageResult<cases::PageWrite> read_page_write(http::Headers const& headers) {
    auto const range = wire::read_page_range(headers);
    if (!range) return range.error();
    auto const sequence = wire::read_sequence_conditions(headers);
    if (!sequence) return sequence.error();
    auto guard = wire::read_guard(headers);
    if (!guard) return guard.error();
    return cases::PageWrite{*range, *sequence, *std::move(guard)};
}

azure::StorageResult<store::Blob> update_pages(Call& call, cases::PageWrite const& wanted) {
    if (call.request.body.size != wanted.range.length) {
        return azure::invalid_header("Content-Length", std::to_string(call.request.body.size));
    }
    auto content = take_content(call.context, call.request.body, wanted.guard.encryption.key);
    if (!content) return content.error();
    return cases::write_pages(call.context, call.address(), wanted, *std::move(content));
}

azure::StorageResult<store::Blob> clear_pages(Call& call, cases::PageWrite const& wanted) {
    if (call.request.body.size != 0) {
        return azure::invalid_header("Content-Length", std::to_string(call.request.body.size));
    }
    return cases::clear_pages(call.context, call.address(), wanted);
}

azure::StorageResult<cases::ListPages> read_list_pages(Call& call) {
    constexpr std::size_t kMost = 10'000;
    auto const& headers = call.headers();
    if (headers.has("x-ms-previous-snapshot-url")) {
        return azure::StorageError{azure::StorageErrorCode::previous_snapshot_operation_not_supported}
            .with_message("The header x-ms-previous-snapshot-url is for managed disks only.");
    }
    cases::ListPages wanted;
    wanted.range = headers.find("x-ms-range").value_or(headers.get("Range"));
    auto guard = wire::read_guard(headers);
    if (!guard) return guard.error();
    wanted.guard = *std::move(guard);
    auto const previous = read_moment(call.request, "prevsnapshot");
    if (!previous) return previous.error();
    wanted.previous = *previous;
    auto const from = wire::parse_page_marker(call.request.find_query("marker").value_or(""));
    if (!from) return from.error();
    wanted.from = *from;
    auto const limit = read_max_results(call.request, kMost);
    if (!limit) return limit.error();
    if (*limit > 0) wanted.limit = *limit;
    return wanted;
}

}  // namespace

std::optional<azure::StorageError> find_premium_tier_fault(http::Headers const& headers) {
    auto const text = headers.get("x-ms-access-tier");
    bool const is_premium = std::ranges::any_of(kPremiumTiers, [&](std::string_view tier) {
        return base::equal_ignoring_case(tier, text);
    });
    if (!is_premium) return std::nullopt;
    return azure::StorageErrorCode::blob_access_tier_not_supported_for_account_type;
}

// PUT /devstoreaccount1/container/blob
// x-ms-blob-type: PageBlob
// x-ms-blob-content-length: 1048576
Answer put_page_blob(Call& call) {
    auto const& headers = call.headers();
    if (call.request.body.size != 0) {
        return azure::invalid_header("Content-Length", std::to_string(call.request.body.size));
    }
    auto const size = wire::read_page_blob_size(headers);
    if (!size) return size.error();
    if (!*size) return azure::missing_header("x-ms-blob-content-length");
    auto const number = wire::read_sequence_number(headers);
    if (!number) return number.error();
    if (auto const fault = find_premium_tier_fault(headers)) return *fault;
    if (auto const tier = headers.find("x-ms-access-tier")) {
        return azure::invalid_header("x-ms-access-tier", *tier);
    }
    auto wanted = read_new_blob(call, wire::PlainHeaders::used);
    if (!wanted) return wanted.error();
    wanted->kind = store::BlobKind::page;
    wanted->page_blob_size = **size;
    wanted->sequence_number = number->value_or(0);
    auto const blob = cases::put_blob(
        call.context,
        call.address(),
        *std::move(wanted),
        store::NewContent::from_bytes(call.context.storage, {})
    );
    if (!blob) return blob.error();
    auto response = state_response(201, *blob);
    response.headers.set("x-ms-request-server-encrypted", "true");
    wire::add_encryption(response.headers, blob->encryption);
    return response;
}

// PUT /devstoreaccount1/container/blob?comp=page
// x-ms-page-write: update
// x-ms-range: bytes=0-511
Answer put_page(Call& call) {
    auto const kind = wire::read_page_write_kind(call.headers());
    if (!kind) return kind.error();
    auto const wanted = read_page_write(call.headers());
    if (!wanted) return wanted.error();
    bool const is_update = *kind == wire::PageWriteKind::update;
    auto const blob = is_update ? update_pages(call, *wanted) : clear_pages(call, *wanted);
    if (!blob) return blob.error();
    auto response = empty_response(201);
    wire::add_state(response.headers, *blob);
    add_sequence_number(response.headers, *blob);
    if (is_update) {
        add_digests(response.headers, call.headers(), call.request.body);
        response.headers.set("x-ms-request-server-encrypted", "true");
        wire::add_encryption(response.headers, blob->encryption);
    }
    return response;
}

// GET /devstoreaccount1/container/blob?comp=pagelist
Answer get_page_ranges(Call& call) {
    auto const wanted = read_list_pages(call);
    if (!wanted) return wanted.error();
    auto const list = cases::list_pages(call.context, call.address(), *wanted);
    if (!list) return list.error();
    auto response = xml_response(wire::page_list(*list));
    wire::add_state(response.headers, list->blob);
    response.headers.set("x-ms-blob-content-length", std::to_string(list->blob.size));
    return response;
}

bool names_page_blob_property(http::Headers const& headers) {
    return has_any(headers, kPageBlobProperties);
}

Answer set_page_blob_properties(Call& call) {
    auto const& headers = call.headers();
    cases::PageBlobChange wanted;
    auto guard = wire::read_guard(headers);
    if (!guard) return guard.error();
    wanted.guard = *std::move(guard);
    auto const size = wire::read_page_blob_size(headers);
    if (!size) return size.error();
    wanted.size = *size;
    auto const sequence = wire::read_sequence_change(headers);
    if (!sequence) return sequence.error();
    wanted.sequence = *sequence;
    if (has_any(headers, kContentProperties)) {
        auto content = wire::read_content_headers(headers, wire::PlainHeaders::ignored);
        if (!content) return content.error();
        wanted.content = *std::move(content);
    }
    auto const blob = cases::change_page_blob(call.context, call.address(), std::move(wanted));
    if (!blob) return blob.error();
    return properties_response(*blob);
}

http::Response properties_response(store::Blob const& blob) {
    auto response = state_response(200, blob);
    if (blob.kind == store::BlobKind::page) add_sequence_number(response.headers, blob);
    return response;
}

}  // namespace bluebatch::emulator::blob::routes

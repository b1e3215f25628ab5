#include "emulator/blob/wire/tags.hpp"

#include "emulator/blob/cases/blobs.hpp"
#include "emulator/blob/routes/answers.hpp"
#include "emulator/blob/routes/handlers.hpp"
#include "emulator/blob/wire/request_headers.hpp"
#include "shared/base/text.hpp"

#include <array>

namespace bluebatch::emulator::blob::routes {
namespace {

// "include" of a search.
azure::StorageResult<cases::FoundVersions> read_versions(http::RequestHead const& head) {
    auto const text = head.find_query("include").value_or("");
    auto versions = cases::FoundVersions::current;
    if (text.empty()) return versions;
    for (auto const part : base::split(text, ',')) {
        auto const word = base::trim(part);
        if (base::equal_ignoring_case(word, "versions")) {
            versions = cases::FoundVersions::all;
        } else if (!base::equal_ignoring_case(word, "none")) {
            return azure::invalid_query_parameter("include", text, "");
        }
    }
    return versions;
}

Answer find_blobs(Call& call, std::optional<std::string> container) {
    auto const where = call.request.find_query("where").value_or("");
    if (where.empty()) {
        return azure::StorageError{
            azure::StorageErrorCode::missing_required_query_parameter, {{"QueryParameterName", "where"}}};
    }
    auto filter = rules::parse_tag_filter(where);
    if (!filter) return azure::invalid_query_parameter("where", where, filter.error().what);
    auto const max_results = read_max_results(call.request);
    if (!max_results) return max_results.error();
    auto from = wire::parse_find_marker(call.request.find_query("marker").value_or(""));
    if (!from) return from.error();
    auto const versions = read_versions(call.request);
    if (!versions) return versions.error();
    auto const page = cases::find_blobs(
        call.context,
        {.account = call.address().account,
         .container = std::move(container),
         .filter = *filter,
         .from = *std::move(from),
         .limit = *max_results == 0 ? kMaxResults : *max_results,
         .versions = *versions}
    );
    if (!page) return page.error();
    return xml_response(
        wire::found_blobs({call.target.endpoint, std::string{where}, *std::move(filter)}, *page)
    );
}

}  // namespace

std::optional<azure::StorageError> find_header_permission_fault(
    Grant const& grant, http::RequestHead const& head
) {
    struct Row {
        std::string_view header;
        char permission;
    };
    constexpr std::array kRows{
        Row{"x-ms-tags", 't'},
        Row{"x-ms-if-tags", 't'},
        Row{"x-ms-immutability-policy-until-date", 'i'},
        Row{"x-ms-legal-hold", 'i'},
    };
    for (auto const& [header, permission] : kRows) {
        if (head.headers.has(header) && !grant.allows(permission)) {
            return azure::StorageErrorCode::authorization_permission_mismatch;
        }
    }
    return std::nullopt;
}

// GET /devstoreaccount1/container/blob?comp=tags
Answer get_blob_tags(Call& call) {
    auto const guard = wire::read_guard(call.headers());
    if (!guard) return guard.error();
    auto const tags = cases::read_tags(call.context, call.address(), *guard);
    if (!tags) return tags.error();
    return xml_response(wire::to_xml(*tags));
}

// PUT /devstoreaccount1/container/blob?comp=tags
// <Tags><TagSet><Tag><Key>status</Key><Value>done</Value></Tag></TagSet></Tags>
Answer set_blob_tags(Call& call) {
    auto const guard = wire::read_guard(call.headers());
    if (!guard) return guard.error();
    auto tags = wire::parse_tags(call.request.body.bytes);
    if (!tags) return tags.error();
    auto const done = cases::set_tags(call.context, call.address(), *guard, *std::move(tags));
    if (!done) return done.error();
    return empty_response(204);
}

// GET /devstoreaccount1/?comp=blobs&where="status"%20%3D%20'done'
Answer find_blobs_by_tags(Call& call) {
    return find_blobs(call, std::nullopt);
}

Answer find_blobs_by_tags_in_container(Call& call) {
    return find_blobs(call, call.address().container);
}

}  // namespace bluebatch::emulator::blob::routes

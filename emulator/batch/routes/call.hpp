#pragma once

#include "emulator/batch/service.hpp"
#include "emulator/batch/service/conditions.hpp"
#include "emulator/batch/wire/urls.hpp"
#include "emulator/batch/wire/writer.hpp"
#include "shared/http/router.hpp"

#include <vector>

namespace bluebatch::emulator::batch::routes {

using azure::BatchError;
using azure::BatchErrorCode;
template <class T>
using Result = azure::BatchResult<T>;

// A request that has passed authentication and found its route.
struct Call {
    BatchAccount const& account;
    std::filesystem::path const& location;
    http::Request const& request;
    http::PathParameters const& path;
    wire::ApiVersion version;
    wire::Urls urls;
    base::Random& random;
    base::TimePoint now;
    std::string_view request_id;

    service::Context context() const {
        return {*account.database, account.changes, random, now, account.quotas, account.runs_containers};
    }
    // The address of the request itself, without its query.
    std::string url() const { return urls.base() + request.path; }
};

using Handler = Result<http::Response> (*)(Call const&);
using Route = http::Route<Handler>;

// Reading

// The body in the newest shape. InvalidRequestBody and the faults of read_object().
Result<wire::Json> read_body(Call const& call, wire::Object const& object, wire::Uses use);
// The same where a body may be left out: an empty object then.
Result<wire::Json> read_optional_body(Call const& call, wire::Object const& object, wire::Uses use);
Result<service::Conditions> read_conditions(Call const& call);

// $select and $expand of a request for entities like `object`.
Result<wire::Selection> read_selection(Call const& call, wire::Object const& object);

inline constexpr int kLargestPage = 1000;  // of most lists. Batch: REST-29
// maxresults, or `most` when there is none; InvalidQueryParameterValue outside 1 to `most`.
Result<int> read_page_size(Call const& call, int most);
// Where the page before ended, "" for the first.
std::string read_skip_token(Call const& call);
Result<std::optional<codec::odata::Filter>> read_filter(Call const& call);

// The page that a list request asks for, and one entity more, which tells whether another page follows.
Result<storage::ListQuery> read_list_query(Call const& call, storage::ListKind kind);

BatchError invalid_query(std::string_view name, std::string_view value, std::string reason);

// Writing

http::Response empty_answer(int status);
http::Response json_answer(int status, wire::Json const& body);
// {"odata.metadata": ..., and the members of `object`}
wire::Json with_metadata(Call const& call, std::string_view fragment, wire::Json object);

// The same of an object that is text already.
http::Response text_answer(Call const& call, std::string_view fragment, std::string_view object);

// Entity tag and date. Batch: REST-12
void put_tag(http::Response& response, base::TimePoint last_modified);
// For what was done to a resource: its tag, and the address that was asked.
http::Response done(Call const& call, int status, base::TimePoint last_modified);
// 201 for a new resource.
http::Response created(std::string const& url, base::TimePoint last_modified);

// Whether the entity behind the last one of a page was read, and the page cut to its size.
template <class Entity>
bool cut_page(std::vector<Entity>& entities, storage::ListQuery const& query) {
    auto const size = static_cast<std::size_t>(query.limit) - 1;
    if (entities.size() <= size) return false;
    entities.resize(size);
    return true;
}

// {"odata.metadata", "value", "odata.nextLink"}; the link is there when `next` names where the page ended.
http::Response list_answer(
    Call const& call, std::string_view fragment, wire::Json values, std::optional<std::string> const& next
);

// The same of values that are text already, with commas between them.
http::Response list_text_answer(
    Call const& call,
    std::string_view fragment,
    std::string_view values,
    std::optional<std::string> const& next
);

}  // namespace bluebatch::emulator::batch::routes

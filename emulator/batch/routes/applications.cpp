#include "emulator/batch/routes/tables.hpp"
#include "emulator/batch/wire/schema/application.hpp"
#include "emulator/storage/batch/application_store.hpp"

namespace bluebatch::emulator::batch::routes {
namespace {

using http::Verb;
using wire::Json;

Json write_application(Call const& call, domain::Application const& application) {
    Json json{{"id", application.id}, {"versions", Json::array()}};
    if (!application.display_name.empty()) json["displayName"] = application.display_name;
    for (auto const& package : application.packages)
        json["versions"].push_back(package.version);
    return wire::write_object(std::move(json), wire::schema::kApplication, call.version);
}

Result<http::Response> list_applications(Call const& call) {
    auto const size = read_page_size(call, kLargestPage);
    if (!size) return size.error();
    storage::ListQuery const query{{}, read_skip_token(call), *size + 1};
    storage::Snapshot snapshot(*call.account.database);
    auto applications = storage::list_applications(snapshot.connection(), query.after, query.limit);
    bool const more = cut_page(applications, query);
    auto values = Json::array();
    for (auto const& application : applications)
        values.push_back(write_application(call, application));
    auto const next = more ? std::optional{applications.back().id} : std::nullopt;
    return list_answer(call, "getapplicationsummariesresponse", std::move(values), next);
}

Result<http::Response> get_application(Call const& call) {
    storage::Snapshot snapshot(*call.account.database);
    auto const application = storage::find_application(snapshot.connection(), call.path["applicationId"]);
    if (!application) return BatchError{BatchErrorCode::application_not_found, {}};
    return json_answer(
        200,
        with_metadata(call, "getapplicationsummaryresponse/@Element", write_application(call, *application))
    );
}

// clang-format off
constexpr auto kApplicationRoutes = std::to_array<Route>({
    {Verb::get, "/applications",                 "", "Application_List", &list_applications},
    {Verb::get, "/applications/{applicationId}", "", "Application_Get",  &get_application},
});
// clang-format on

}  // namespace

std::span<Route const> application_routes() {
    return kApplicationRoutes;
}

}  // namespace bluebatch::emulator::batch::routes

#include "emulator/resources/service/operations.hpp"

#include "emulator/resources/routes/tables.hpp"

#include <array>

namespace bluebatch::emulator::resources::routes {

namespace {

using enum http::Verb;

Result<http::Response> get_operation(Call const& call) {
    auto const operation = service::find_operation(call.world, call.path["operation"]);
    if (!operation)
        return Refusal{404, "NotFound", "There is no such operation, or it finished some time ago."};
    if (operation->answer.empty()) return wire::empty_answer(200);
    http::Response response;
    response.headers.set("Content-Type", "application/json; charset=utf-8");
    response.text = operation->answer;
    return response;
}

// A token of the subscription's opens all of them; an id can't be guessed.
constexpr std::array<Route, 4> kOperationRoutes{{
    {get,
     "/subscriptions/{subscription}/operationresults/{operation}",
     "",
     "Microsoft.Resources/subscriptions/operationresults/read",
     get_operation},
    {get,
     "/subscriptions/{subscription}/providers/Microsoft.Storage/locations/{location}/asyncoperations/"
     "{operation}",
     "",
     "Microsoft.Storage/locations/asyncoperations/read",
     get_operation},
    {get,
     "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Batch/batchAccounts/{account}/"
     "operationResults/{operation}",
     "",
     "Microsoft.Batch/batchAccounts/operationResults/read",
     get_operation},
    {get,
     "/subscriptions/{subscription}/providers/Microsoft.Batch/locations/{location}/accountOperationResults/"
     "{operation}",
     "",
     "Microsoft.Batch/locations/accountOperationResults/read",
     get_operation},
}};

}  // namespace

std::span<Route const> operation_routes() {
    return kOperationRoutes;
}

}  // namespace bluebatch::emulator::resources::routes

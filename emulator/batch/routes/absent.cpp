#include "emulator/batch/routes/tables.hpp"
#include "emulator/batch/service/tasks.hpp"

namespace bluebatch::emulator::batch::routes {
namespace {

using http::Verb;

Result<http::Response> list_none(Call const& call, std::string_view fragment) {
    return list_answer(call, fragment, wire::Json::array(), std::nullopt);
}

Result<http::Response> list_subtasks(Call const& call) {
    auto const task = service::get_task(call.context(), call.path["jobId"], call.path["taskId"], {});
    if (!task) return task.error();
    return list_none(call, "subtaskinfo");
}

// clang-format off
constexpr auto kRoutes = std::to_array<Route>({
    {Verb::get,  "/jobs/{jobId}/tasks/{taskId}/subtasksinfo", "", "Task_ListSubtasks", &list_subtasks},
});
// clang-format on

}  // namespace

std::span<Route const> absent_routes() {
    return kRoutes;
}

}  // namespace bluebatch::emulator::batch::routes

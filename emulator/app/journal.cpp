#include "emulator/app/journal.hpp"

#include "shared/azure/not_emulated.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace bluebatch::emulator::app {

namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr std::array<std::string_view, 5> kNames{"blob", "batch", "identity", "resources", "absent"};
constexpr std::size_t kMostKinds = 1000;
constexpr std::size_t kLongestSubject = 200;
constexpr int kFirstFailure = 400;
// Of the control interface, which tells of programs and is not one.
constexpr std::string_view kOwn = "/_bluebatch/";

}  // namespace

void Journal::note(JournaledService service, http::Response const& response) {
    auto& counts = counts_[static_cast<std::size_t>(service)];
    ++counts.requests;
    if (response.status < kFirstFailure) return;
    ++counts.failures;
    auto const what = response.headers.find(azure::kNotEmulated);
    if (!what) return;
    std::string const name{what->substr(0, kLongestSubject)};
    std::scoped_lock const lock(mutex_);
    if (not_emulated_.size() < kMostKinds || not_emulated_.contains(name)) ++not_emulated_[name];
}

ControlAnswer Journal::answer(http::Request const& request) const {
    if (request.verb != http::Verb::get) return refuse(405, "the report is read with GET");
    OrderedJson report{
        {"requests", OrderedJson::object()},
        {"failures", OrderedJson::object()},
        {"notEmulated", OrderedJson::array()}};
    for (std::size_t i = 0; i < kServices; ++i) {
        report["requests"][kNames[i]] = counts_[i].requests.load();
        report["failures"][kNames[i]] = counts_[i].failures.load();
    }
    std::scoped_lock const lock(mutex_);
    for (auto const& [what, count] : not_emulated_)
        report["notEmulated"].push_back({{"what", what}, {"count", count}});
    return {200, report.dump(-1, ' ', false, OrderedJson::error_handler_t::replace)};
}

http::Response JournaledRequests::noted(http::RequestHead const& head, http::Response response) {
    if (!head.path.starts_with(kOwn)) journal_.note(name_, response);
    return response;
}

std::variant<http::Response, http::BodyPlan> JournaledRequests::admit(http::RequestHead const& head) {
    auto admitted = service_.admit(head);
    if (auto* const response = std::get_if<http::Response>(&admitted))
        return noted(head, std::move(*response));
    return admitted;
}

http::Response JournaledRequests::answer(http::Request request) {
    // The path is gone with the request.
    bool const is_own = request.path.starts_with(kOwn);
    auto response = service_.answer(std::move(request));
    if (!is_own) journal_.note(name_, response);
    return response;
}

http::Response JournaledRequests::too_large(http::RequestHead const& head, std::uint64_t limit) {
    return noted(head, service_.too_large(head, limit));
}

http::Response JournaledRequests::failed(http::RequestHead const& head, std::exception const& error) {
    return noted(head, service_.failed(head, error));
}

}  // namespace bluebatch::emulator::app

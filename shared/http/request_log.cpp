#include "shared/http/request_log.hpp"

#include "shared/base/log.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace bluebatch::http {

namespace {

constexpr std::array<std::string_view, 8> kTold{
    "comp", "restype", "api-version", "snapshot", "versionid", "prefix", "$filter", "$select"};
constexpr int kFirstRefusal = 400;

}  // namespace

std::string describe(RequestHead const& head) {
    std::string described;
    described.append(head.method).append(" ").append(head.path);
    char separator = '?';
    for (auto const& [name, value, raw_value] : head.query) {
        if (std::ranges::find(kTold, name) == kTold.end()) continue;
        described.append(1, separator).append(name).append("=").append(raw_value);
        separator = '&';
    }
    return described;
}

void log_answer(std::string const& described, Response const& response, std::chrono::nanoseconds taken) {
    std::chrono::duration<double, std::milli> const milliseconds = taken;
    bool const is_refused = response.status >= kFirstRefusal && !response.reason.empty();
    base::log::info(
        "{} {}{}{} ({:.1f} ms)",
        described,
        response.status,
        is_refused ? " " : "",
        is_refused ? response.reason : "",
        milliseconds.count()
    );
}

}  // namespace bluebatch::http

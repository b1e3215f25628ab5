#include "shared/http/request_log.hpp"

#include "shared/base/log.hpp"

#include <fmt/format.h>

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

void log_answer(
    std::string const& described,
    Response const& response,
    std::optional<std::chrono::steady_clock::time_point> asked
) {
    auto line = fmt::format("{} {}", described, response.status);
    if (response.status >= kFirstRefusal && !response.reason.empty()) line += " " + response.reason;
    if (asked) {
        std::chrono::duration<double, std::milli> const taken = std::chrono::steady_clock::now() - *asked;
        line += fmt::format(" ({:.1f} ms)", taken.count());
    }
    base::log::info("{}", line);
}

}  // namespace bluebatch::http

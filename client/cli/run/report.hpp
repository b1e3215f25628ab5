#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::cli {

// What the emulator says of requests: GET /_bluebatch/report.
struct Report {
    struct Counts {
        std::uint64_t requests = 0;
        std::uint64_t failures = 0;
    };
    std::map<std::string, Counts> services;             // "blob", "batch" ...
    std::map<std::string, std::uint64_t> not_emulated;  // what, and how often it was asked for
};

std::optional<Report> parse_report(std::string_view json);

// What came between two reports, as lines for a person; none when there was nothing.
std::vector<std::string> describe_change(Report const& before, Report const& after);

}  // namespace bluebatch::cli

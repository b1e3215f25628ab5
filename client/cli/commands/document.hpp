#pragma once

#include "shared/base/time.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bluebatch::cli {

// A member of a document by its path ("poolInfo/poolId") as text for a person; "" when it is not there.
std::string text_at(nlohmann::json const& document, std::string_view path);
std::int64_t number_at(nlohmann::json const& document, std::string_view path);

// "12s", "5m", "3h", "8d": how long ago a time of the service was; "" for none.
std::string age_of(std::string_view iso_time, base::TimePoint now);

// Every scalar of a document with its path, "a.b[0].c"; those members that are named come first.
std::vector<std::pair<std::string, std::string>> flatten(
    nlohmann::json const& document, std::vector<std::string_view> const& first
);

// JSON for a file or a pipe, whatever bytes its texts hold.
std::string to_text(nlohmann::json const& document);

}  // namespace bluebatch::cli

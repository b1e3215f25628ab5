#include "emulator/blob/absent.hpp"

#include "shared/base/text.hpp"

#include <algorithm>
#include <array>

namespace bluebatch::emulator::blob {
namespace {

// Values of the parameters that only the interface of Data Lake has.
constexpr std::array<std::string_view, 4> kResources{"account", "filesystem", "file", "directory"};
constexpr std::array<std::string_view, 9> kActions{
    "append",
    "checkaccess",
    "flush",
    "getaccesscontrol",
    "getproperties",
    "getstatus",
    "setaccesscontrol",
    "setaccesscontrolrecursive",
    "setproperties",
};

bool is_one_of(std::string_view value, auto const& known) {
    return std::ranges::any_of(known, [&](auto name) { return base::equal_ignoring_case(value, name); });
}

bool is_data_lake(http::RequestHead const& head) {
    if (base::to_lower(head.host()).find(".dfs.") != std::string::npos) return true;
    return is_one_of(head.find_query("resource").value_or(""), kResources) ||
           is_one_of(head.find_query("action").value_or(""), kActions);
}

}  // namespace

std::optional<azure::StorageError> find_absent_feature(http::RequestHead const& head) {
    if (is_data_lake(head)) return azure::not_implemented("Azure Data Lake Storage Gen2");
    return std::nullopt;
}

}  // namespace bluebatch::emulator::blob

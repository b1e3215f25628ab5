#include "emulator/blob/wire/markers.hpp"

#include "shared/base/digest.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

namespace bluebatch::emulator::blob::wire {
namespace {

constexpr std::string_view kMarkerStart = "1-";

}  // namespace

std::string to_marker(std::string_view name) {
    return std::string{kMarkerStart} + base::to_base64(name);
}

std::string to_marker(store::ListPlace const& place) {
    return to_marker(fmt::format("{}:{}", place.moment.time_since_epoch().count(), place.name));
}

azure::StorageResult<std::string> parse_marker(std::string_view marker) {
    if (marker.empty()) return std::string{};
    if (marker.starts_with(kMarkerStart)) {
        if (auto name = base::parse_base64(marker.substr(kMarkerStart.size()))) return *std::move(name);
    }
    return azure::invalid_query_parameter("marker", marker, "It is no marker of this service.");
}

azure::StorageResult<store::ListPlace> parse_blob_marker(std::string_view marker) {
    auto text = parse_marker(marker);
    if (!text) return text.error();
    if (text->empty()) return store::ListPlace{};
    auto const colon = text->find(':');
    auto const ticks = base::parse_number<std::int64_t>(std::string_view{*text}.substr(0, colon));
    if (!ticks || colon == std::string::npos) {
        return azure::invalid_query_parameter("marker", marker, "It is no marker of this service.");
    }
    return store::ListPlace{text->substr(colon + 1), base::TimePoint{base::Ticks{*ticks}}};
}

}  // namespace bluebatch::emulator::blob::wire

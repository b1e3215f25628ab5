#include "emulator/batch/files/content_type.hpp"

#include "shared/base/text.hpp"

#include <array>
#include <utility>

namespace bluebatch::emulator::batch::files {
namespace {

constexpr auto kTypes = std::to_array<std::pair<std::string_view, std::string_view>>({
    {".txt", "text/plain"},
    {".log", "text/plain"},
    {".csv", "text/csv"},
    {".html", "text/html"},
    {".json", "application/json"},
    {".xml", "application/xml"},
    {".mp3", "audio/mpeg"},
    {".wav", "audio/wav"},
    {".mp4", "video/mp4"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
});

}  // namespace

std::string_view content_type_of(std::string_view file_name) {
    auto const dot = file_name.rfind('.');
    if (dot != std::string_view::npos) {
        for (auto const& [extension, type] : kTypes) {
            if (base::equal_ignoring_case(file_name.substr(dot), extension)) return type;
        }
    }
    return "application/octet-stream";
}

}  // namespace bluebatch::emulator::batch::files

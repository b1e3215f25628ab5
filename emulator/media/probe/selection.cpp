#include "emulator/media/probe/document.hpp"
#include "shared/base/text.hpp"

#include <algorithm>
#include <array>

namespace bluebatch::emulator::media::probe {
namespace {

struct Known {
    std::string_view unique_name;
    // Under which -show_entries finds it too.
    std::string_view name;
    std::string_view parent;
};

constexpr auto kSections = std::to_array<Known>({
    {"stream", "stream", ""},
    {"stream_disposition", "disposition", "stream"},
    {"stream_tags", "tags", "stream"},
    {"stream_side_data_list", "side_data_list", "stream"},
    {"stream_side_data", "side_data", "stream"},
    {"format", "format", ""},
    {"format_tags", "tags", "format"},
    // Programs are shown for their streams only: whoever asks for entries of streams gets these too.
    {"program_stream", "stream", ""},
});

}  // namespace

bool Selection::parse(std::string_view entries) {
    for (std::string_view const part : base::split(entries, ':')) {
        if (part.empty()) continue;
        std::size_t const equals = part.find('=');
        std::string_view const name = part.substr(0, equals);
        bool found = false;
        for (Known const& section : kSections) {
            if (section.unique_name != name && section.name != name) continue;
            found = true;
            auto& fields = shown_[std::string(section.unique_name)];
            if (equals == std::string_view::npos) {
                fields = std::nullopt;
                for (Known const& inner : kSections)
                    if (inner.parent == section.unique_name) show_all(inner.unique_name);
                continue;
            }
            if (!fields) fields.emplace();
            for (std::string_view const field : base::split(part.substr(equals + 1), ','))
                if (!field.empty()) fields->emplace(field);
        }
        if (!found) return false;
    }
    return true;
}

bool Selection::shows(std::string_view section, std::string_view field) const {
    auto const found = shown_.find(section);
    if (found == shown_.end()) return false;
    return !found->second || found->second->contains(field);
}

std::optional<Format> parse_format(std::string_view text) {
    std::size_t const equals = text.find('=');
    std::string_view const name = text.substr(0, equals);
    Format format;
    if (name == "json") {
        format.writer = Format::Writer::json;
    } else if (name == "csv") {
        format = {
            .writer = Format::Writer::compact,
            .with_keys = false,
            .separator = ',',
            .escape = Format::Escape::csv};
    } else if (name == "compact") {
        format.writer = Format::Writer::compact;
    } else if (name != "default") {
        return std::nullopt;
    }
    if (equals == std::string_view::npos) return format;
    for (std::string_view const option : base::split(text.substr(equals + 1), ':')) {
        std::size_t const sign = option.find('=');
        if (sign == std::string_view::npos) return std::nullopt;
        std::string_view const key = option.substr(0, sign);
        std::string_view const value = option.substr(sign + 1);
        bool const is_compact = format.writer == Format::Writer::compact;
        if (key == "nk" || key == "nokey")
            format.with_keys = value == "0";
        else if (!is_compact && (key == "nw" || key == "noprint_wrappers"))
            format.with_wrappers = value == "0";
        else if (is_compact && (key == "p" || key == "print_section"))
            format.with_wrappers = value != "0";
        else if (is_compact && (key == "s" || key == "item_sep") && value.size() == 1)
            format.separator = value.front();
        else if (is_compact && (key == "e" || key == "escape") && (value == "csv" || value == "none" || value == "c"))
            format.escape = value == "csv" ? Format::Escape::csv
                            : value == "c" ? Format::Escape::c
                                           : Format::Escape::none;
        else if (format.writer == Format::Writer::json && (key == "c" || key == "compact"))
            format.one_line = value != "0";
        else
            return std::nullopt;
    }
    return format;
}

}  // namespace bluebatch::emulator::media::probe

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::emulator::media::probe {

// One `key=value` of a report. JSON writes numbers bare; a value that stands for "not known" is left out
// there.
struct Field {
    enum class Kind : std::uint8_t { text, number, unknown };
    std::string key;
    std::string value;
    Kind kind = Kind::text;
};

// A section of a report: fields and inner sections, or (an array) sections only.
struct Section {
    enum class Kind : std::uint8_t { object, array };
    std::string name;
    Kind kind = Kind::object;
    std::vector<Field> fields;
    std::vector<Section> sections;

    void text(std::string key, std::string value) {
        fields.push_back({std::move(key), std::move(value), Field::Kind::text});
    }
    void number(std::string key, std::int64_t value) {
        fields.push_back({std::move(key), std::to_string(value), Field::Kind::number});
    }
    void unknown(std::string key, std::string value = "N/A") {
        fields.push_back({std::move(key), std::move(value), Field::Kind::unknown});
    }
    void text_or_unknown(std::string key, char const* value, std::string otherwise = "unknown") {
        if (value != nullptr)
            text(std::move(key), value);
        else
            unknown(std::move(key), std::move(otherwise));
    }
};

// Which sections and fields were asked for, by the unique name of the section ("stream_tags").
class Selection {
public:
    void show_all(std::string_view section) { shown_[std::string(section)] = std::nullopt; }
    // "stream=index,codec_name:format=duration"; false when it is malformed or names a section that we do not
    // have.
    bool parse(std::string_view entries);
    bool shows(std::string_view section) const { return shown_.contains(section); }
    bool shows(std::string_view section, std::string_view field) const;

private:
    // No set of fields means all of them.
    std::map<std::string, std::optional<std::set<std::string, std::less<>>>, std::less<>> shown_;
};

// How a report is written: "json", "default=nw=1:nk=1", "csv=p=0".
struct Format {
    enum class Writer : std::uint8_t { plain, json, compact };
    Writer writer = Writer::plain;
    bool with_keys = true;
    bool with_wrappers = true;
    bool one_line = false;
    char separator = '|';
    enum class Escape : std::uint8_t { c, csv, none } escape = Escape::c;
};
// nullopt for a writer or setting that we do not have.
std::optional<Format> parse_format(std::string_view text);

// The sections of the root, in their order, as text.
std::string write(std::vector<Section> const& root, Format const& format);

}  // namespace bluebatch::emulator::media::probe

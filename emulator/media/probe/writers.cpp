#include "emulator/media/probe/document.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <utility>

namespace bluebatch::emulator::media::probe {
namespace {

std::string json_text(std::string_view text) {
    std::string escaped = "\"";
    for (char const c : text) {
        switch (c) {
            case '"':
                escaped += "\\\"";
                break;
            case '\\':
                escaped += "\\\\";
                break;
            case '\b':
                escaped += "\\b";
                break;
            case '\f':
                escaped += "\\f";
                break;
            case '\n':
                escaped += "\\n";
                break;
            case '\r':
                escaped += "\\r";
                break;
            case '\t':
                escaped += "\\t";
                break;
            default:
                if (static_cast<unsigned char>(c) < 0x20)
                    escaped += fmt::format("\\u00{:02x}", static_cast<unsigned>(c));
                else
                    escaped += c;
        }
    }
    return escaped + "\"";
}

// Brackets and indentation.
class JsonWriter {
public:
    explicit JsonWriter(bool one_line) : one_line_(one_line) {}

    std::string write(std::vector<Section> const& root) {
        text_ = "{\n";
        depth_ = 1;
        bool first = true;
        for (Section const& section : root) {
            if (!std::exchange(first, false)) text_ += ",\n";
            write_section(section, true);
        }
        return text_ + "\n}\n";
    }

private:
    void indent() { text_.append(static_cast<std::size_t>(depth_) * 4, ' '); }

    void write_section(Section const& section, bool named) {
        indent();
        if (named) text_ += json_text(section.name) + ": ";
        if (section.kind == Section::Kind::array)
            write_array(section);
        else
            write_object(section);
    }

    void write_array(Section const& section) {
        text_ += "[\n";
        ++depth_;
        bool first = true;
        for (Section const& inner : section.sections) {
            if (!std::exchange(first, false)) text_ += ",\n";
            write_section(inner, false);
        }
        text_ += "\n";
        --depth_;
        indent();
        text_ += "]";
    }

    void write_object(Section const& section) {
        char const* const line_end = one_line_ ? " " : "\n";
        char const* const separator = one_line_ ? ", " : ",\n";
        text_ += std::string("{") + line_end;
        ++depth_;
        bool first = true;
        for (Field const& field : section.fields) {
            if (field.kind == Field::Kind::unknown) continue;
            if (!std::exchange(first, false)) text_ += separator;
            if (!one_line_) indent();
            bool const is_number = field.kind == Field::Kind::number;
            text_ += json_text(field.key) + ": " + (is_number ? field.value : json_text(field.value));
        }
        for (Section const& inner : section.sections) {
            if (!std::exchange(first, false)) text_ += ",\n";
            write_section(inner, true);
        }
        text_ += line_end;
        --depth_;
        if (!one_line_) indent();
        text_ += "}";
    }

    bool const one_line_;
    std::string text_;
    int depth_ = 0;
};

// "DISPOSITION:default=1" and "TAG:title=...": what stands inside another section says so before its keys.
std::string prefix_of(Section const& section) {
    if (section.name == "tags") return "tag:";
    if (section.name == "disposition") return "disposition:";
    return "";
}

std::string upper(std::string_view text) {
    return base::to_upper(text);
}

void write_plain(Section const& section, Format const& format, std::string& text) {
    if (section.kind == Section::Kind::array) {
        for (Section const& inner : section.sections)
            write_plain(inner, format, text);
        return;
    }
    std::string const prefix = upper(prefix_of(section));
    bool const wrapped = format.with_wrappers && prefix.empty();
    if (wrapped) text += fmt::format("[{}]\n", upper(section.name));
    for (Field const& field : section.fields)
        text += (format.with_keys ? prefix + field.key + "=" : "") + field.value + "\n";
    for (Section const& inner : section.sections)
        write_plain(inner, format, text);
    if (wrapped) text += fmt::format("[/{}]\n", upper(section.name));
}

std::string escape(std::string const& value, Format const& format) {
    if (format.escape == Format::Escape::none) return value;
    if (format.escape == Format::Escape::csv) {
        bool const plain = value.find_first_of(std::string("\"\n\r") + format.separator) == std::string::npos;
        if (plain) return value;
        std::string quoted = "\"";
        for (char const c : value)
            quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
        return quoted + "\"";
    }
    std::string escaped;
    for (char const c : value) {
        switch (c) {
            case '\b':
                escaped += "\\b";
                break;
            case '\f':
                escaped += "\\f";
                break;
            case '\n':
                escaped += "\\n";
                break;
            case '\r':
                escaped += "\\r";
                break;
            case '\\':
                escaped += "\\\\";
                break;
            default:
                if (c == format.separator) escaped += '\\';
                escaped += c;
        }
    }
    return escaped;
}

void write_cells(Section const& section, Format const& format, std::string& line, bool& first) {
    std::string const prefix = prefix_of(section);
    for (Field const& field : section.fields) {
        if (!std::exchange(first, false)) line += format.separator;
        if (format.with_keys) line += prefix + field.key + "=";
        line += escape(field.value, format);
    }
    for (Section const& inner : section.sections)
        write_cells(inner, format, line, first);
}

void write_compact(Section const& section, Format const& format, std::string& text) {
    if (section.kind == Section::Kind::array) {
        for (Section const& inner : section.sections)
            write_compact(inner, format, text);
        return;
    }
    if (section.name == "program" || section.name == "stream_group") {
        if (format.with_wrappers) text += section.name + format.separator;
        for (Section const& inner : section.sections)
            write_compact(inner, format, text);
        text += "\n";
        return;
    }
    std::string line;
    bool first = true;
    if (format.with_wrappers) {
        line += section.name;
        first = false;
    }
    write_cells(section, format, line, first);
    text += line + "\n";
}

}  // namespace

std::string write(std::vector<Section> const& root, Format const& format) {
    if (format.writer == Format::Writer::json) return JsonWriter(format.one_line).write(root);
    std::string text;
    for (Section const& section : root) {
        if (format.writer == Format::Writer::compact)
            write_compact(section, format, text);
        else
            write_plain(section, format, text);
    }
    return text;
}

}  // namespace bluebatch::emulator::media::probe

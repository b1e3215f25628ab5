#include "emulator/media/options/command_line.hpp"

#include <fmt/format.h>

#include <optional>

namespace bluebatch::emulator::media::options {
namespace {

// A cursor over the arguments and the group of the file that comes next.
struct Reader {
    std::span<std::string const> arguments;
    AvOptionFinder const& find_av_option;
    std::size_t next = 0;
    CommandLine line;
    FileGroup group;

    bool at_end() const { return next >= arguments.size(); }

    void finish_group(std::vector<FileGroup>& files, std::string const& url) {
        group.url = url;
        files.push_back(std::move(group));
        group = {};
    }
};

CommandLineError missing_argument(std::string_view option) {
    return {std::string(option), fmt::format("Missing argument for option '{}'.", option)};
}

void set(Dictionary& dictionary, std::string const& key, std::string const& value, AvOption const& option) {
    bool const adds = option.is_flags && (value.starts_with('+') || value.starts_with('-'));
    dictionary.set(key, value, adds ? AV_DICT_APPEND : 0);
}

void add_av_option(
    FileGroup& group, std::string const& name, std::string const& value, AvOption const& option
) {
    if (option.codec) set(group.codec, name, value, option);
    if (option.format) set(group.format, name, value, option);
    if (option.codec || option.format) return;
    if (option.scaler)
        set(group.scaler, name, value, option);
    else
        set(group.resampler, name, value, option);
}

// -b, -ab and -profile are ffmpeg's own names for settings of a codec.
bool is_codec_setting(OptionRow const& row) {
    return row.canonical == "b" || row.canonical == "profile";
}

void add_own_option(
    Reader& reader, OptionRow const& row, std::string const& option, std::string const& value
) {
    std::string specifier(specifier_of(option));
    bool const says_nothing = option.find(':') == std::string::npos;
    if (says_nothing) specifier = row.specifier;
    if (says_nothing && (row.name == "b" || row.name == "qscale" || row.name == "profile")) {
        std::string_view const shown = row.name == "qscale" ? "q" : row.name;
        reader.line.warnings.push_back(
            fmt::format("Please use -{0}:a or -{0}:v, -{1} is ambiguous", shown, row.name)
        );
    }
    if (is_codec_setting(row)) {
        reader.group.codec.set(fmt::format("{}:{}", row.canonical, specifier), value);
        return;
    }
    auto& settings = row.scope == Scope::global ? reader.line.global : reader.group.settings;
    settings.push_back({std::string(row.canonical), std::move(specifier), value});
}

std::optional<CommandLineError> read_option(Reader& reader, std::string const& option) {
    if (is_refused(option)) {
        return CommandLineError{option, fmt::format("Option '{}' is not supported.", option), true};
    }
    if (OptionRow const* const row = find_option(option)) {
        if (row->argument == Argument::flag) {
            add_own_option(reader, *row, option, "1");
            return std::nullopt;
        }
        if (reader.at_end()) return missing_argument(option);
        add_own_option(reader, *row, option, reader.arguments[reader.next++]);
        return std::nullopt;
    }
    if (!reader.at_end()) {
        if (AvOption const found = reader.find_av_option(option); found.known()) {
            add_av_option(reader.group, option, reader.arguments[reader.next++], found);
            return std::nullopt;
        }
    }
    if (option.starts_with("no")) {
        std::string const positive = option.substr(2);
        OptionRow const* const row = find_option(positive);
        if (row != nullptr && row->argument == Argument::flag) {
            add_own_option(reader, *row, positive, "0");
            return std::nullopt;
        }
    }
    return CommandLineError{option, fmt::format("Unrecognized option '{}'.", option), true};
}

std::optional<CommandLineError> check_scopes(FileGroup const& file, Scope side) {
    for (Setting const& setting : file.settings) {
        OptionRow const* const row = find_option(setting.name);
        if (row == nullptr || row->scope == Scope::file || row->scope == side) continue;
        return CommandLineError{
            setting.name,
            fmt::format(
                "Option {} cannot be applied to {} {} -- you are trying to apply an input option to an "
                "output file "
                "or vice versa. Move this option before the file it belongs to.",
                setting.name,
                side == Scope::input ? "input url" : "output url",
                file.url
            )};
    }
    return std::nullopt;
}

}  // namespace

base::Result<CommandLine, CommandLineError> parse_command_line(
    std::span<std::string const> arguments, AvOptionFinder const& find_av_option
) {
    Reader reader{.arguments = arguments, .find_av_option = find_av_option, .line = {}, .group = {}};
    bool after_dashes = false;
    while (!reader.at_end()) {
        std::string const& word = arguments[reader.next++];
        if (word == "--" && !after_dashes) {
            after_dashes = true;
            continue;
        }
        if (std::exchange(after_dashes, false) || word.size() < 2 || word.front() != '-') {
            reader.finish_group(reader.line.outputs, word);
        } else if (word == "-i") {
            if (reader.at_end()) return missing_argument("i");
            reader.finish_group(reader.line.inputs, arguments[reader.next++]);
        } else if (auto error = read_option(reader, word.substr(1))) {
            return *std::move(error);
        }
    }
    if (!reader.group.settings.empty() || reader.group.codec.get() != nullptr ||
        reader.group.format.get() != nullptr)
        reader.line.warnings.emplace_back("Trailing option(s) found in the command: may be ignored.");
    for (FileGroup const& input : reader.line.inputs)
        if (auto error = check_scopes(input, Scope::input)) return *std::move(error);
    for (FileGroup const& output : reader.line.outputs)
        if (auto error = check_scopes(output, Scope::output)) return *std::move(error);
    return std::move(reader.line);
}

std::string const* find_setting(std::span<Setting const> settings, std::string_view name) {
    std::string const* found = nullptr;
    for (Setting const& setting : settings)
        if (setting.name == name) found = &setting.value;
    return found;
}

bool is_set(std::span<Setting const> settings, std::string_view name, bool otherwise) {
    std::string const* const value = find_setting(settings, name);
    return value == nullptr ? otherwise : *value != "0";
}

}  // namespace bluebatch::emulator::media::options

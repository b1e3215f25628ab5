#include "emulator/batch/rules/rules.hpp"
#include "emulator/batch/wire/reader.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace bluebatch::emulator::batch::rules {
namespace {

using wire::find;
using wire::Json;
using wire::text_of;

constexpr std::size_t kLongestId = 64;
constexpr std::ptrdiff_t kLongestDisplayName = 1024;
constexpr std::size_t kLongestResourceFiles = 32'768;

bool is_id_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

// Characters, not bytes.
std::ptrdiff_t count_characters(std::string_view utf8) {
    return std::ranges::count_if(utf8, [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    });
}

bool is_http_url(std::string_view text) {
    return base::starts_with_ignoring_case(text, "http://") ||
           base::starts_with_ignoring_case(text, "https://");
}

// Batch: RES-5
bool leaves_its_folder(std::string_view path) {
    if (path.starts_with('/') || path.starts_with('\\')) return true;
    std::string slashed(path);
    std::ranges::replace(slashed, '\\', '/');
    auto const steps = base::split(slashed, '/');
    return std::ranges::find(steps, "..") != steps.end();
}

bool is_file_mode(std::string_view text) {
    bool const is_octal = std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '7'; });
    return !text.empty() && text.size() <= 5 && is_octal;
}

Fault check_resource_file(Json const& file, std::string const& path) {
    int sources = 0;
    for (auto const* name : {"httpUrl", "storageContainerUrl", "autoStorageContainerName"})
        sources += find(file, name) != nullptr ? 1 : 0;
    if (sources != 1) {
        return wire::invalid_property(
            path, "", "Exactly one of httpUrl, storageContainerUrl and autoStorageContainerName must be given"
        );
    }
    for (auto const* name : {"httpUrl", "storageContainerUrl"}) {
        if (find(file, name) != nullptr && !is_http_url(text_of(file, name)))
            return wire::invalid_property(path + "." + name, "", "The value is not an http or https URL");
    }
    bool const is_url = find(file, "httpUrl") != nullptr;
    if (is_url && text_of(file, "filePath").empty()) return wire::missing_property(path + ".filePath");
    if (is_url && find(file, "blobPrefix") != nullptr)
        return wire::invalid_property(
            path + ".blobPrefix", "", "blobPrefix is not allowed together with httpUrl"
        );
    auto const file_path = text_of(file, "filePath");
    if (leaves_its_folder(file_path)) {
        return wire::invalid_property(
            path + ".filePath", std::string(file_path), "The path must stay in the task's working directory"
        );
    }
    if (find(file, "fileMode") != nullptr && !is_file_mode(text_of(file, "fileMode"))) {
        return wire::invalid_property(
            path + ".fileMode", std::string(text_of(file, "fileMode")), "The value is not an octal file mode"
        );
    }
    return std::nullopt;
}

}  // namespace

Fault first_of(std::initializer_list<Fault> faults) {
    for (auto const& fault : faults) {
        if (fault) return fault;
    }
    return std::nullopt;
}

Fault check_id(std::string_view property, std::string_view id) {
    bool const fits = !id.empty() && id.size() <= kLongestId && std::ranges::all_of(id, is_id_letter);
    if (fits) return std::nullopt;
    return wire::invalid_property(
        std::string(property),
        std::string(id.substr(0, 256)),
        "An id has 1 to 64 characters: letters, digits, hyphens and underscores"
    );
}

Fault check_display_name(Json const& body) {
    if (count_characters(text_of(body, "displayName")) <= kLongestDisplayName) return std::nullopt;
    return wire::invalid_property("displayName", "", "The name is longer than 1024 characters");
}

Fault check_range(Json const& body, std::string_view property, std::int64_t least, std::int64_t most) {
    auto const* const member = find(body, property);
    if (member == nullptr) return std::nullopt;
    auto const value = member->get<std::int64_t>();
    if (value >= least && value <= most) return std::nullopt;
    return wire::invalid_property(
        std::string(property),
        std::to_string(value),
        fmt::format("The value must be between {} and {}", least, most)
    );
}

Fault check_shortest(Json const& body, std::string_view property, base::Ticks least) {
    auto const text = text_of(body, property);
    if (text.empty() || base::parse_iso8601_duration(text).value_or(least) >= least) return std::nullopt;
    return wire::invalid_property(
        std::string(property),
        std::string(text),
        fmt::format("The shortest duration allowed is {}", base::to_iso8601_duration(least))
    );
}

Fault check_resource_files(Json const& owner, std::string_view prefix, std::string_view member) {
    auto const* const files = find(owner, member);
    if (files == nullptr) return std::nullopt;
    for (std::size_t i = 0; i < files->size(); ++i) {
        if (auto fault = check_resource_file((*files)[i], fmt::format("{}{}[{}]", prefix, member, i)))
            return fault;
    }
    if (wire::dump(*files).size() <= kLongestResourceFiles) return std::nullopt;
    // Batch: RES-11
    return azure::BatchError{
        azure::BatchErrorCode::request_entity_too_large,
        {{"PropertyName", fmt::format("{}{}", prefix, member)},
         {"MaxLimit", std::to_string(kLongestResourceFiles)}},
    };
}

Fault check_output_files(Json const& task) {
    auto const* const files = find(task, "outputFiles");
    if (files == nullptr) return std::nullopt;
    for (std::size_t i = 0; i < files->size(); ++i) {
        auto const path = fmt::format("outputFiles[{}]", i);
        auto const& file = (*files)[i];
        if (text_of(file, "filePattern").empty())
            return wire::invalid_property(path + ".filePattern", "", "The pattern is empty");
        auto const* const container = find(file.at("destination"), "container");
        if (container == nullptr) return wire::missing_property(path + ".destination.container");
        if (!is_http_url(text_of(*container, "containerUrl"))) {
            return wire::invalid_property(
                path + ".destination.container.containerUrl", "", "The value is not an http or https URL"
            );
        }
    }
    return std::nullopt;
}

Fault check_environment(Json const& owner, std::string_view member) {
    auto const* const settings = find(owner, member);
    if (settings == nullptr) return std::nullopt;
    for (std::size_t i = 0; i < settings->size(); ++i) {
        auto const name = text_of((*settings)[i], "name");
        if (!name.empty() && name.find('=') == std::string_view::npos &&
            name.find('\0') == std::string_view::npos)
            continue;
        return wire::invalid_property(
            fmt::format("{}[{}].name", member, i), std::string(name), "This cannot be the name of a variable"
        );
    }
    return std::nullopt;
}

Fault check_command_line(Json const& owner, std::string_view prefix) {
    bool const has_container = find(owner, "containerSettings") != nullptr;
    if (has_container || !text_of(owner, "commandLine").empty()) return std::nullopt;
    return wire::invalid_property(fmt::format("{}commandLine", prefix), "", "The command line is empty");
}

Fault check_user_identity(Json const& owner, std::string_view prefix) {
    auto const* const identity = find(owner, "userIdentity");
    if (identity == nullptr) return std::nullopt;
    if (find(*identity, "username") == nullptr || find(*identity, "autoUser") == nullptr) return std::nullopt;
    return wire::invalid_property(
        fmt::format("{}userIdentity", prefix), "", "username and autoUser exclude each other"
    );
}

}  // namespace bluebatch::emulator::batch::rules

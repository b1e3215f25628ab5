#pragma once

#include "emulator/domain/application.hpp"
#include "emulator/resources/wire/answers.hpp"

#include <optional>
#include <string>
#include <string_view>

// Applications and their packages as Microsoft.Batch writes them.
namespace bluebatch::emulator::resources::wire {

bool is_application_name(std::string_view name);
bool is_version_name(std::string_view name);

// Takes over displayName, allowUpdates and defaultVersion; which versions there are is not looked at.
std::optional<Refusal> apply(Json const& body, domain::Application& application);

Json to_json(std::string_view account_id, domain::Application const& application);

struct Package {
    std::string application;
    std::string version;
    bool is_active = false;
    std::string format;
    std::optional<base::TimePoint> activated{};
    base::TimePoint changed;
};
// Where its file is to go, or can be got.
struct PackagePlace {
    std::string url;
    base::TimePoint expiry;
};
Json to_json(std::string_view account_id, Package const& package, std::optional<PackagePlace> const& place);

// The container of an application's files: always the same one, since its name is made from both names.
std::string package_container(std::string_view account, std::string_view application);

}  // namespace bluebatch::emulator::resources::wire

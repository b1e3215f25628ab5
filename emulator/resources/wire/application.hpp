#pragma once

#include "emulator/domain/application.hpp"
#include "emulator/resources/package.hpp"
#include "emulator/resources/wire/answers.hpp"

#include <optional>
#include <string>
#include <string_view>

// Applications and their packages as Microsoft.Batch writes them.
namespace bluebatch::emulator::resources::wire {

bool is_application_name(std::string_view name);
bool is_version_name(std::string_view name);

Result<ApplicationChange> read_application(Json const& body);

Json to_json(std::string_view account_id, domain::Application const& application);

// Where its file is to go, or can be got.
struct PackagePlace {
    std::string url;
    base::TimePoint expiry;
};
Json to_json(std::string_view account_id, Package const& package, std::optional<PackagePlace> const& place);

}  // namespace bluebatch::emulator::resources::wire

#include "client/cli/environment.hpp"

#include <cstdlib>

namespace bluebatch::cli {

Environment process_environment() {
    return [](std::string const& name) -> std::optional<std::string> {
        char const* value = std::getenv(name.c_str());
        if (!value || !*value) return std::nullopt;
        return value;
    };
}

}  // namespace bluebatch::cli

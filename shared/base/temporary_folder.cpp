#include "shared/base/temporary_folder.hpp"

#include <fmt/format.h>
#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): mkdtemp is POSIX

#include <cerrno>
#include <string>
#include <system_error>

namespace bluebatch::base {

Result<std::filesystem::path> make_temporary_folder(std::string_view prefix) {
    namespace fs = std::filesystem;
    std::error_code error;
    auto const parent = fs::temp_directory_path(error);
    if (error) {
        char const* const place = std::getenv("TMPDIR");
        return Failure{fmt::format(
            "There is no folder for temporary files: TMPDIR is {}. Set it to a folder that can be written "
            "to.",
            place != nullptr ? place : "not set, and /tmp can't be used"
        )};
    }
    auto path = (parent / fmt::format("{}XXXXXX", prefix)).string();
    if (::mkdtemp(path.data()) == nullptr) {
        return Failure{fmt::format(
            "Can't make a folder in {}: {}. TMPDIR can name another place for temporary files.",
            parent.string(),
            std::generic_category().message(errno)
        )};
    }
    return Result<fs::path>(boost::system::in_place_value, path);
}

}  // namespace bluebatch::base

#pragma once

#include "emulator/domain/application.hpp"
#include "emulator/storage/disk.hpp"
#include "emulator/storage/sqlite.hpp"

#include <filesystem>
#include <optional>
#include <string_view>

namespace bluebatch::emulator::storage {

// Where a package lies, for whoever unpacks it: an opened file stays readable though the package goes.
struct PackageFile {
    std::string version;
    std::int64_t number = 0;  // another one for each file that was ever put
    std::filesystem::path path;
};

enum class PackageChange : std::uint8_t {
    done,
    not_found,
    updates_not_allowed,
    too_many,
    still_has_packages,
};

// The application packages of one Batch account: rows in its database, zip files in a folder. A file is there
// before its row is, and goes after it. Thread-safe.
class ApplicationPackages {
public:
    // Makes the folder.
    ApplicationPackages(Database& database, std::filesystem::path folder, Disk& disk);

    // Takes the file over by renaming it; adds the application if there is none. too_many, or
    // updates_not_allowed where there is such a version already.
    PackageChange put(
        std::string_view id, std::string_view version, std::filesystem::path const& file, base::TimePoint now
    );
    // A default version of that name is one no more.
    PackageChange remove(std::string_view id, std::string_view version);
    PackageChange remove_application(std::string_view id);

    // The file of a version, of the default one where `version` is empty.
    std::optional<PackageFile> find(std::string_view id, std::string_view version) const;

private:
    std::filesystem::path file_of(domain::ApplicationPackage const& package) const;
    void remove_after(Transaction& transaction, domain::ApplicationPackage const& package);

    Database& database_;
    std::filesystem::path folder_;
    Disk& disk_;
};

}  // namespace bluebatch::emulator::storage

#include "emulator/resources/service/package_files.hpp"

#include "emulator/resources/service/data_plane.hpp"
#include "shared/base/digest.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <fstream>
#include <stdexcept>

namespace bluebatch::emulator::resources::service {

namespace {

constexpr int kFirstFailure = 400;
constexpr int kNotFound = 404;
constexpr int kConflict = 409;

std::string target_of(std::string_view container, std::string_view version) {
    return fmt::format("/{}/{}", container, http::percent_encode(version));
}

http::SpooledFile new_file(World& world) {
    auto const folder = world.around.location / "spool";
    std::filesystem::create_directories(folder);
    return http::SpooledFile{folder / ("package-" + world.around.random.guid())};
}

}  // namespace

std::string package_container(std::string_view account, std::string_view application) {
    // 63 characters, without the beginning, a '-' and the digest.
    constexpr std::size_t kMostOfName = 26;
    constexpr std::size_t kDigits = 32;
    auto const lower = base::to_lower(application);
    std::string name = "app-";
    // A container's name has no two hyphens in a row.
    for (char const c : std::string_view{lower}.substr(0, kMostOfName)) {
        bool const is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (is_plain) name += c;
        if (!is_plain && name.back() != '-') name += '-';
    }
    if (name.back() != '-') name += '-';
    auto const subject = fmt::format("packages of {}/{}", base::to_lower(account), lower);
    return name + base::to_hex(base::sha256(subject)).substr(0, kDigits);
}

PackageResult<void> make_container(World& world, domain::Account const& storage, std::string_view container) {
    auto made = ask_blob(world, storage, {http::Verb::put, fmt::format("/{}?restype=container", container)});
    bool const is_there =
        made.status == kConflict && made.headers.get("x-ms-error-code") == "ContainerAlreadyExists";
    if (made.status < kFirstFailure || is_there) return {};
    return PackageFailure{PackageFault::refused_by_blob, std::move(made)};
}

void delete_container(World& world, domain::Account const& storage, std::string_view container) {
    ask_blob(world, storage, {http::Verb::remove, fmt::format("/{}?restype=container", container)});
}

PackageResult<http::SpooledFile> fetch_package(
    World& world, domain::Account const& storage, std::string_view container, std::string_view version
) {
    auto file = new_file(world);
    std::ofstream out(file.path(), std::ios::binary);
    std::uint64_t size = 0;
    auto response = ask_blob(
        world,
        storage,
        {http::Verb::get, target_of(container, version)},
        [&](std::span<std::byte const> piece) {
            size += piece.size();
            if (size <= kLargestPackage)
                out.write(
                    reinterpret_cast<char const*>(piece.data()), static_cast<std::streamsize>(piece.size())
                );
            return out.good();
        }
    );
    if (response.status == kNotFound) return PackageFailure{PackageFault::no_file};
    if (response.status >= kFirstFailure)
        return PackageFailure{PackageFault::refused_by_blob, std::move(response)};
    if (size > kLargestPackage) return PackageFailure{PackageFault::file_too_large};
    out.close();
    if (!out) throw std::runtime_error("a package could not be written to the spool folder");
    return file;
}

void delete_package_file(
    World& world, domain::Account const& storage, std::string_view container, std::string_view version
) {
    ask_blob(world, storage, {http::Verb::remove, target_of(container, version)});
}

}  // namespace bluebatch::emulator::resources::service

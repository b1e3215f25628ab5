#include "emulator/resources/service/package_files.hpp"

#include "emulator/resources/service/data_plane.hpp"
#include "emulator/resources/wire/container.hpp"

#include <fmt/format.h>

#include <fstream>
#include <stdexcept>

namespace bluebatch::emulator::resources::service {

namespace {


std::string target_of(std::string_view container, std::string_view version) {
    return fmt::format("/{}/{}", container, http::percent_encode(version));
}

http::SpooledFile new_file(World& world) {
    auto const folder = world.around.location / "spool";
    std::filesystem::create_directories(folder);
    return http::SpooledFile{folder / ("package-" + world.around.random.guid())};
}

}  // namespace

std::optional<wire::Refusal> make_container(
    World& world, domain::Account const& storage, std::string_view container
) {
    auto const made =
        ask_blob(world, storage, {http::Verb::put, fmt::format("/{}?restype=container", container)});
    bool const is_there =
        made.status == wire::kConflict && made.headers.get("x-ms-error-code") == "ContainerAlreadyExists";
    if (made.status < wire::kFirstFailure || is_there) return std::nullopt;
    return wire::blob_refusal(made);
}

wire::Result<std::optional<http::SpooledFile>> fetch_package(
    World& world, domain::Account const& storage, std::string_view container, std::string_view version
) {
    auto file = new_file(world);
    std::ofstream out(file.path(), std::ios::binary);
    std::uint64_t size = 0;
    auto const response = ask_blob(
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
    if (response.status == wire::kNotFound) return std::optional<http::SpooledFile>{};
    if (response.status >= wire::kFirstFailure) return wire::blob_refusal(response);
    if (size > kLargestPackage)
        return wire::Refusal{
            409,
            "ApplicationPackageTooLarge",
            fmt::format("An application package has {} bytes at most here.", kLargestPackage),
            wire::Origin::service};
    out.close();
    if (!out) throw std::runtime_error("a package could not be written to the spool folder");
    return std::optional{std::move(file)};
}

void delete_package_file(
    World& world, domain::Account const& storage, std::string_view container, std::string_view version
) {
    ask_blob(world, storage, {http::Verb::remove, target_of(container, version)});
}

}  // namespace bluebatch::emulator::resources::service

#include "client/cli/run/program_files.hpp"

#include "client/cli/run/node_proxy.hpp"
#include "shared/base/temporary_folder.hpp"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

namespace bluebatch::cli {

namespace {

namespace fs = std::filesystem;

std::string read(fs::path const& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

// Where distributions keep what the machine trusts.
std::string read_machine_bundle() {
    constexpr std::array<char const*, 3> kFiles{
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"};
    for (auto const* const file : kFiles) {
        if (auto text = read(file); !text.empty()) return text;
    }
    return {};
}

bool write(fs::path const& file, std::string_view text) {
    std::ofstream stream(file, std::ios::binary);
    stream << text;
    stream.close();
    return stream.good();
}

}  // namespace

base::Result<ProgramFiles> ProgramFiles::make(
    std::string_view authority_pem, std::vector<fs::path> const& more
) {
    auto folder = base::make_temporary_folder("bluebatch-run-");
    if (!folder) return folder.error();
    ProgramFiles files{*folder};
    auto bundle = std::string{authority_pem};
    for (auto const& file : more)
        bundle += read(file) + "\n";
    bundle += read_machine_bundle();
    if (!write(files.authority(), authority_pem) || !write(files.bundle(), bundle) ||
        !write(files.node_proxy(), node_proxy_script()))
        return base::Failure{fmt::format("Can't write to {}.", folder->string())};
    return files;
}

ProgramFiles::~ProgramFiles() {
    std::error_code ignored;
    if (!folder_.empty()) fs::remove_all(folder_, ignored);
}

}  // namespace bluebatch::cli

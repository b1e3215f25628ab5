#pragma once

#include "shared/base/result.hpp"

#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

namespace bluebatch::cli {

// What a program reads to trust the emulator's authority and to go through the proxy, in a folder that goes
// with this object.
class ProgramFiles {
public:
    // `more` are files of further authorities, which may be missing.
    static base::Result<ProgramFiles> make(
        std::string_view authority_pem, std::vector<std::filesystem::path> const& more
    );
    ProgramFiles(ProgramFiles&& other) noexcept : folder_(std::exchange(other.folder_, {})) {}
    ProgramFiles& operator=(ProgramFiles&&) = delete;
    ~ProgramFiles();

    std::filesystem::path authority() const { return folder_ / "ca.pem"; }
    // The authority with those of `more` and those that this machine trusts.
    std::filesystem::path bundle() const { return folder_ / "bundle.pem"; }
    // See node_proxy.hpp.
    std::filesystem::path node_proxy() const { return folder_ / "node-proxy.cjs"; }

private:
    explicit ProgramFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}
    std::filesystem::path folder_;
};

}  // namespace bluebatch::cli

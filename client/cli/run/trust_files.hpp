#pragma once

#include "shared/base/result.hpp"

#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

namespace bluebatch::cli {

// Files that make programs trust the emulator's authority, in a folder that goes with this object.
class TrustFiles {
public:
    // `more` are files of further authorities, which may be missing.
    static base::Result<TrustFiles> make(
        std::string_view authority_pem, std::vector<std::filesystem::path> const& more
    );
    TrustFiles(TrustFiles&& other) noexcept : folder_(std::exchange(other.folder_, {})) {}
    TrustFiles& operator=(TrustFiles&&) = delete;
    ~TrustFiles();

    std::filesystem::path authority() const { return folder_ / "ca.pem"; }
    // The authority with those of `more` and those that this machine trusts.
    std::filesystem::path bundle() const { return folder_ / "bundle.pem"; }

private:
    explicit TrustFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}
    std::filesystem::path folder_;
};

}  // namespace bluebatch::cli

#include "emulator/node/resource_files.hpp"

#include "shared/base/unique_descriptor.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <sys/stat.h>

#include <cerrno>
#include <charconv>
#include <system_error>

namespace bluebatch::emulator::node {

namespace {

namespace fs = std::filesystem;
using domain::ErrorCategory;
using domain::FailureInfo;

constexpr ::mode_t kDefaultMode = 0770;  // Batch: RES-6
constexpr ::mode_t kModeBits = 07777;

::mode_t read_mode(std::string_view octal) {
    unsigned mode = 0;
    auto const [end, error] = std::from_chars(octal.data(), octal.data() + octal.size(), mode, 8);
    bool const valid = error == std::errc{} && end == octal.data() + octal.size() && !octal.empty();
    return valid ? static_cast<::mode_t>(mode) & kModeBits : kDefaultMode;
}

FailureInfo failure(
    ErrorCategory category,
    std::string code,
    std::string message,
    std::string const& source,
    std::string const& path
) {
    return {
        category,
        std::move(code),
        std::move(message),
        {{"BlobSource", without_query(source)}, {"FilePath", path}},
    };
}

FailureInfo local_failure(int error, std::string code, std::string const& source, std::string const& path) {
    bool const full = error == ENOSPC || error == EDQUOT;
    return failure(
        ErrorCategory::server_error,
        full ? "DiskFull" : std::move(code),
        full ? "There is not enough disk space on the node" : std::generic_category().message(error),
        source,
        path
    );
}

// Batch: TASK-34
FailureInfo download_failure(TransferError const& error, std::string const& source, std::string const& path) {
    switch (error.fault) {
        case TransferFault::not_found:
        case TransferFault::container_not_found:
            return failure(
                ErrorCategory::user_error,
                "BlobNotFound",
                "The specified Azure Blob is not found",
                source,
                path
            );
        case TransferFault::access_denied:
        case TransferFault::conflict:
            return failure(
                ErrorCategory::user_error,
                "BlobAccessDenied",
                "Access for the specified Azure Blob is denied",
                source,
                path
            );
        case TransferFault::timed_out:
            return failure(
                ErrorCategory::server_error,
                "BlobDownloadTimedOut",
                "The download of the specified Azure Blob timed out",
                source,
                path
            );
        case TransferFault::disk_full:
            return local_failure(ENOSPC, "DiskFull", source, path);
        case TransferFault::local_file:
            return failure(
                ErrorCategory::server_error, "ResourceFileWriteFailed", error.message, source, path
            );
        case TransferFault::cancelled:
        case TransferFault::other:
            break;
    }
    return failure(ErrorCategory::server_error, "BlobDownloadMiscError", error.message, source, path);
}

FailureInfo list_failure(TransferError const& error, std::string const& source, std::string const& path) {
    switch (error.fault) {
        case TransferFault::not_found:
        case TransferFault::container_not_found:
            return failure(
                ErrorCategory::user_error,
                "ResourceContainerNotFound",
                "The specified Azure Blob container is not found",
                source,
                path
            );
        case TransferFault::access_denied:
        case TransferFault::conflict:
            return failure(
                ErrorCategory::user_error,
                "ResourceContainerAccessDenied",
                "Access for the specified Azure Blob container is denied",
                source,
                path
            );
        case TransferFault::timed_out:
            return failure(
                ErrorCategory::server_error,
                "ResourceContainerListTimedOut",
                "Listing the specified Azure Blob container timed out",
                source,
                path
            );
        default:
            return failure(
                ErrorCategory::server_error, "ResourceContainerListMiscError", error.message, source, path
            );
    }
}

FailureInfo unsafe_path(std::string const& source, std::string const& path) {
    return failure(
        ErrorCategory::user_error,
        "ResourceFileCreateFailed",
        "The file path of the resource file leads out of the working directory",
        source,
        path
    );
}

FailureInfo identity_failure(FailureInfo failure, TransferError const& error) {
    failure.details.push_back({"Message", error.message});
    return failure;
}

class Fetch {
public:
    Fetch(BlobAccess& blobs, fs::path const& folder, std::stop_token const& stop)
        : blobs_(blobs), folder_(folder), stop_(stop) {}

    std::optional<FailureInfo> file(std::string const& url, std::string const& path, ::mode_t mode) {
        auto const target = path_below(folder_, path);
        if (!target) return unsafe_path(url, path);
        std::error_code error;
        fs::create_directories(target->parent_path(), error);
        if (error) return local_failure(error.value(), "ResourceDirectoryCreateFailed", url, path);
        ::unlink(target->c_str());  // replaced, not written through. Batch: RES-10
        base::UniqueDescriptor const file(
            ::open(target->c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        );
        if (!file) return local_failure(errno, "ResourceFileCreateFailed", url, path);
        auto const done = blobs_.download(url, file.get(), stop_);
        if (!done && done.error().fault == TransferFault::cancelled) return std::nullopt;
        if (!done) return download_failure(done.error(), url, path);
        ::fchmod(file.get(), mode);
        return std::nullopt;
    }

    std::optional<FailureInfo> container(
        std::string const& url, std::string const& prefix, std::string const& path, ::mode_t mode
    ) {
        auto const names = blobs_.list(url, prefix, stop_);
        if (!names && names.error().fault == TransferFault::cancelled) return std::nullopt;
        if (!names) return list_failure(names.error(), url, path);
        for (std::string const& name : *names) {
            if (stop_.stop_requested()) return std::nullopt;
            if (name.ends_with('/')) continue;  // stands for a folder
            std::string const target = path.empty() ? name : path + '/' + name;
            if (auto const failed = file(blob_url(url, name), target, mode)) return failed;
        }
        return std::nullopt;
    }

private:
    BlobAccess& blobs_;
    fs::path const& folder_;
    std::stop_token const& stop_;
};

}  // namespace

std::optional<fs::path> path_below(fs::path const& folder, std::string_view file_path) {
    if (file_path.find('\0') != std::string_view::npos) return std::nullopt;
    fs::path const relative = fs::path(file_path).lexically_normal();
    bool const leads_out = relative.is_absolute() || (!relative.empty() && *relative.begin() == "..");
    if (leads_out || relative.empty() || relative == ".") return std::nullopt;
    if (!relative.has_filename()) return std::nullopt;
    return folder / relative;
}

std::optional<FailureInfo> fetch_resource_files(
    BlobAccess& blobs,
    AutoStorage const& auto_storage,
    IdentityAccess const& identities,
    std::vector<domain::ResourceFile> const& files,
    fs::path const& folder,
    std::stop_token const& stop
) {
    Fetch fetch(blobs, folder, stop);
    for (domain::ResourceFile const& file : files) {
        if (stop.stop_requested()) return std::nullopt;
        ::mode_t const mode = read_mode(file.file_mode);
        std::optional<FailureInfo> failed;
        if (!file.http_url.empty()) {
            auto const url = open_url(identities, file.http_url, file.identity);
            failed = url ? fetch.file(*url, file.file_path, mode)
                         : identity_failure(
                               download_failure(url.error(), file.http_url, file.file_path), url.error()
                           );
        } else if (!file.storage_container_url.empty()) {
            auto const& container = file.storage_container_url;
            auto const url = open_url(identities, container, file.identity);
            failed =
                url ? fetch.container(*url, file.blob_prefix, file.file_path, mode)
                    : identity_failure(list_failure(url.error(), container, file.file_path), url.error());
        } else {
            std::string const& name = file.auto_storage_container_name;
            std::string const url = auto_storage ? auto_storage(name) : std::string();
            TransferError const none{TransferFault::container_not_found, ""};
            failed = url.empty() ? list_failure(none, name, file.file_path)
                                 : fetch.container(url, file.blob_prefix, file.file_path, mode);
        }
        if (failed) return failed;
    }
    return std::nullopt;
}

}  // namespace bluebatch::emulator::node

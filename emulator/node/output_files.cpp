#include "emulator/node/output_files.hpp"

#include "emulator/node/file_pattern.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <memory>
#include <system_error>

namespace bluebatch::emulator::node {

namespace {

bool is_header(domain::NameValue const& header) {
    auto const is_control = [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
    };
    auto const is_separator = [&](char c) { return is_control(c) || c == ' ' || c == '\t' || c == ':'; };
    return !header.name.empty() && std::ranges::none_of(header.name, is_separator) &&
           std::ranges::none_of(header.value, is_control);
}

namespace fs = std::filesystem;
using domain::ErrorCategory;
using domain::FailureInfo;
using domain::UploadCondition;

bool is_due(UploadCondition condition, int exit_code) {
    switch (condition) {
        case UploadCondition::task_success:
            return exit_code == 0;
        case UploadCondition::task_failure:
            return exit_code != 0;
        case UploadCondition::task_completion:
            return true;
    }
    return true;
}

struct Words {
    ErrorCategory category;
    char const* code;
    char const* message;
};

// Batch: TASK-34
Words words_of(TransferFault fault) {
    switch (fault) {
        case TransferFault::not_found:
        case TransferFault::container_not_found:
            return {
                ErrorCategory::user_error,
                "FileUploadContainerNotFound",
                "The container of an output file is not found"};
        case TransferFault::access_denied:
            return {
                ErrorCategory::user_error,
                "FileUploadAccessDenied",
                "Access to the container of an output file is denied"};
        case TransferFault::conflict:
            return {
                ErrorCategory::user_error,
                "FileUploadConflict",
                "An output file conflicts with an existing blob"};
        case TransferFault::timed_out:
            return {
                ErrorCategory::server_error, "FileUploadTimedOut", "The upload of an output file timed out"};
        default:
            return {
                ErrorCategory::server_error, "FileUploadMiscError", "An output file could not be uploaded"};
    }
}

TransferResult<http::FileSlice> open_slice(fs::path const& file) {
    int const descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return TransferError{TransferFault::local_file, std::generic_category().message(errno)};
    auto handle = std::make_shared<http::FileHandle const>(descriptor);
    struct stat information {};
    if (::fstat(descriptor, &information) != 0)
        return TransferError{TransferFault::local_file, std::generic_category().message(errno)};
    return http::FileSlice{std::move(handle), 0, static_cast<std::uint64_t>(information.st_size)};
}

class Upload {
public:
    Upload(
        BlobAccess& blobs,
        IdentityAccess const& identities,
        fs::path const& folder,
        std::stop_token const& stop
    )
        : blobs_(blobs),
          identities_(identities),
          out_(folder / "fileuploadout.txt"),
          err_(folder / "fileuploaderr.txt"),
          stop_(stop) {}

    void file(domain::OutputFile const& output, PatternMatch const& match) {
        std::string const name = blob_name(output, match.name);
        auto slice = open_slice(match.file);
        if (!slice) return fail(output, match, slice.error());
        http::Headers headers;
        for (domain::NameValue const& header : output.upload_headers) {
            // Our own store is reached without a parser of HTTP that would refuse it.
            if (!is_header(header))
                return fail(output, match, {TransferFault::other, header.name + " is no header"});
            headers.set(header.name, header.value);
        }
        auto const container = open_url(identities_, output.container_url, output.identity);
        if (!container) return fail(output, match, container.error());
        std::string const url = name.empty() ? *container : blob_url(*container, name);
        auto const done = blobs_.upload(url, std::move(*slice), std::move(headers), stop_);
        if (!done) return fail(output, match, done.error());
        out_ << fmt::format("Uploaded {} to {}\n", match.name, without_query(url));
    }

    void none(domain::OutputFile const& output) {
        out_ << fmt::format("No file matches {}\n", output.file_pattern);
    }

    std::optional<FailureInfo> failure() && { return std::move(failure_); }

private:
    void fail(domain::OutputFile const& output, PatternMatch const& match, TransferError const& error) {
        if (error.fault == TransferFault::cancelled) return;
        err_ << fmt::format("Could not upload {}: {}\n", match.name, error.message);
        if (failure_) return;
        Words const words = words_of(error.fault);
        failure_ = FailureInfo{
            words.category,
            words.code,
            words.message,
            {{"FilePath", match.file}, {"ContainerUrl", without_query(output.container_url)}},
        };
    }

    BlobAccess& blobs_;
    IdentityAccess const& identities_;
    std::ofstream out_;
    std::ofstream err_;
    std::stop_token const& stop_;
    std::optional<FailureInfo> failure_;
};

}  // namespace

std::string blob_name(domain::OutputFile const& output, std::string const& matched_name) {
    std::string path = output.path;
    while (path.ends_with('/'))
        path.pop_back();
    if (path.empty()) return matched_name;
    return has_wildcard(output.file_pattern) ? path + '/' + matched_name : path;
}

std::optional<FailureInfo> upload_output_files(
    BlobAccess& blobs,
    IdentityAccess const& identities,
    std::vector<domain::OutputFile> const& outputs,
    int exit_code,
    RunDirectories const& directories,
    Environment const& environment,
    std::stop_token const& stop
) {
    if (outputs.empty()) return std::nullopt;
    Upload upload(blobs, identities, directories.task, stop);
    for (domain::OutputFile const& output : outputs) {
        if (!is_due(output.upload_condition, exit_code)) continue;
        std::string const pattern = expand_variables(output.file_pattern, environment);  // Batch: OUT-4
        auto const matches = find_files(directories.working(), pattern);
        if (matches.empty()) upload.none(output);  // Batch: OUT-9
        for (PatternMatch const& match : matches) {
            if (stop.stop_requested()) return std::nullopt;
            upload.file(output, match);
        }
    }
    return std::move(upload).failure();
}

}  // namespace bluebatch::emulator::node

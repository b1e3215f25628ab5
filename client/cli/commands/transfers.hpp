#pragma once

#include "client/cli/commands/blob_paths.hpp"
#include "client/cli/commands/context.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace bluebatch::cli {

struct Transfer {
    std::filesystem::path file;
    std::string blob;
    std::uint64_t size = 0;
};

struct TransferSum {
    std::size_t files = 0;
    std::uint64_t bytes = 0;
};

// Tells what of a folder is not uploaded.
void note_skipped(CommandContext const& context, LocalFiles const& found);

// Several at once, with a bar on a terminal. The first failure ends the rest and is told.
Outcome<TransferSum> upload_all(
    CommandContext const& context, std::string const& container, std::vector<Transfer> const& transfers
);
// Makes the folders that it needs; a file appears once it is complete.
Outcome<TransferSum> download_all(
    CommandContext const& context, std::string const& container, std::vector<Transfer> const& transfers
);

// Where the blobs of a folder go; a failure names those that have no place there.
Outcome<std::vector<Transfer>> plan_downloads(
    std::vector<client::BlobItem> const& blobs, std::string const& prefix, std::filesystem::path const& folder
);

}  // namespace bluebatch::cli

#pragma once

#include "emulator/storage/blob/blob_storage.hpp"
#include "shared/base/aes_ctr.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace bluebatch::emulator::storage::blob {

// A body that has arrived whole and that no row names yet. Dropped, it leaves nothing behind. Made outside of
// transactions, stored within one.
class NewContent {
public:
    // With a cipher, what is stored is encrypted, the content's id being the nonce.
    static NewContent from_bytes(
        BlobStorage& storage, std::string bytes, base::AesCtr const* cipher = nullptr
    );
    // Takes the file away; it must lie in the storage's spool folder.
    static NewContent from_file(
        BlobStorage& storage,
        std::filesystem::path const& file,
        std::uint64_t size,
        base::AesCtr const* cipher = nullptr
    );

    std::uint64_t size() const { return size_; }
    // The id of the stored content; nothing for an empty body, which needs none. Must stay where it is until
    // the transaction is over: its commit keeps the file.
    std::optional<std::int64_t> store(Transaction& transaction);

private:
    void keep();
    NewContent(std::int64_t id, std::uint64_t size) : id_(id), size_(size) {}

    std::int64_t id_;
    std::uint64_t size_;
    std::optional<std::string> bytes_;
    std::optional<StagedFile> file_;
};

}  // namespace bluebatch::emulator::storage::blob

#include "emulator/storage/blob/new_content.hpp"

#include "emulator/storage/blob/content_store.hpp"
#include "shared/base/file_io.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <span>
#include <system_error>

namespace bluebatch::emulator::storage::blob {
namespace {

constexpr std::size_t kPart = 256 << 10;

void encrypt_in_place(
    std::filesystem::path const& path, std::uint64_t size, base::AesCtr const& cipher, std::uint64_t nonce
) {
    base::UniqueDescriptor const file{::open(path.c_str(), O_RDWR | O_CLOEXEC)};
    if (!file) throw std::system_error(errno, std::generic_category(), path.string());
    std::string buffer(kPart, '\0');
    for (std::uint64_t offset = 0; offset < size;) {
        auto const part = std::span{buffer}.first(std::min<std::uint64_t>(kPart, size - offset));
        base::read_all(file.get(), offset, part, path.c_str());
        cipher.apply(nonce, offset, std::as_writable_bytes(part));
        base::write_all_at(file.get(), offset, {part.data(), part.size()}, path.c_str());
        offset += part.size();
    }
}

}  // namespace

NewContent NewContent::from_bytes(BlobStorage& storage, std::string bytes, base::AesCtr const* cipher) {
    if (bytes.empty()) return {0, 0};
    NewContent content(storage.next_content_id(), bytes.size());
    if (cipher != nullptr) {
        cipher->apply(static_cast<std::uint64_t>(content.id_), 0, std::as_writable_bytes(std::span{bytes}));
    }
    if (bytes.size() <= BlobStorage::kInlineLimit) {
        content.bytes_ = std::move(bytes);
    } else {
        storage.files().write(bytes, content.id_);
        content.file_.emplace(storage.files(), content.id_);
    }
    return content;
}

NewContent NewContent::from_file(
    BlobStorage& storage, std::filesystem::path const& file, std::uint64_t size, base::AesCtr const* cipher
) {
    NewContent content(storage.next_content_id(), size);
    if (cipher != nullptr) encrypt_in_place(file, size, *cipher, static_cast<std::uint64_t>(content.id_));
    storage.files().adopt(file, content.id_);
    content.file_.emplace(storage.files(), content.id_);
    return content;
}

std::optional<std::int64_t> NewContent::store(Transaction& transaction) {
    if (size_ == 0) return std::nullopt;
    insert_content(transaction, id_, size_, bytes_);
    transaction.after_commit([this] { keep(); });
    return id_;
}

void NewContent::keep() {
    if (file_) file_->keep();
}

}  // namespace bluebatch::emulator::storage::blob

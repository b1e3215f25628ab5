#include "emulator/storage/blob/new_content.hpp"

#include "emulator/storage/blob/content_store.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <span>
#include <system_error>
#include <vector>

namespace bluebatch::emulator::storage::blob {
namespace {

constexpr std::size_t kPart = 256 << 10;

[[noreturn]] void fail(std::filesystem::path const& path) {
    throw std::system_error(errno, std::generic_category(), path.string());
}

void write_back(
    int descriptor, std::span<std::byte const> bytes, off_t offset, std::filesystem::path const& path
) {
    while (!bytes.empty()) {
        auto const count = ::pwrite(descriptor, bytes.data(), bytes.size(), offset);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail(path);
        bytes = bytes.subspan(static_cast<std::size_t>(count));
        offset += count;
    }
}

void encrypt_in_place(std::filesystem::path const& path, base::AesCtr const& cipher, std::uint64_t nonce) {
    int const number = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    if (number < 0) fail(path);
    OpenFile const file(number);
    std::vector<std::byte> buffer(kPart);
    for (off_t offset = 0;;) {
        auto const count = ::pread(file.descriptor(), buffer.data(), buffer.size(), offset);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail(path);
        if (count == 0) return;
        auto const part = std::span{buffer}.first(static_cast<std::size_t>(count));
        cipher.apply(nonce, static_cast<std::uint64_t>(offset), part);
        write_back(file.descriptor(), part, offset, path);
        offset += count;
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
    if (cipher != nullptr) encrypt_in_place(file, *cipher, static_cast<std::uint64_t>(content.id_));
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

#include "emulator/storage/blob/new_content.hpp"

#include "emulator/storage/blob/content_store.hpp"

namespace bluebatch::emulator::storage::blob {

NewContent NewContent::from_bytes(BlobStorage& storage, std::string bytes) {
    if (bytes.empty()) return {0, 0};
    NewContent content(storage.next_content_id(), bytes.size());
    if (bytes.size() <= BlobStorage::kInlineLimit) {
        content.bytes_ = std::move(bytes);
    } else {
        storage.files().write(bytes, content.id_);
        content.file_.emplace(storage.files(), content.id_);
    }
    return content;
}

NewContent NewContent::from_file(
    BlobStorage& storage, std::filesystem::path const& file, std::uint64_t size
) {
    NewContent content(storage.next_content_id(), size);
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

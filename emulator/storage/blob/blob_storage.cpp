#include "emulator/storage/blob/blob_storage.hpp"

#include "emulator/storage/blob/content_store.hpp"
#include "emulator/storage/blob/schema.hpp"

namespace bluebatch::emulator::storage::blob {
namespace {

// One folder of ContentFiles.
constexpr std::int64_t kIdsAtOnce = 4096;

std::filesystem::path emptied(std::filesystem::path folder) {
    std::filesystem::create_directories(folder);
    for (auto const& entry : std::filesystem::directory_iterator(folder)) {
        std::filesystem::remove_all(entry.path());
    }
    return folder;
}

constexpr auto* kReserve = "reserve";

std::int64_t reserve_ids(Database& database) {
    Transaction transaction(database);
    auto const first = reserve_content_ids(transaction, kIdsAtOnce);
    transaction.commit();
    return first;
}

}  // namespace

BlobStorage::BlobStorage(
    std::filesystem::path const& location, Durability durability, base::Clock const& clock, Disk& disk
)
    : spool_folder_(emptied(location / "spool")),
      spare_files_(std::make_shared<base::SpareFiles>(spool_folder_, clock)),
      reserve_(location / kReserve),
      database_(reserve_.spend_on([&] {
          return Database(location / "blob.sqlite", schema(), durability, disk);
      })),
      files_(location / "content", durability == Durability::fsync ? disk : lazy_disk(), spare_files_),
      next_id_(reserve_.spend_on([this] { return reserve_ids(database_); })),
      end_of_ids_(next_id_ + kIdsAtOnce),
      cleaner_(database_, files_, *spare_files_, reserve_, clock, next_id_) {
    if (durability == Durability::process) return;
    disk.sync_folder(location);
    disk.sync_folder(std::filesystem::absolute(location).parent_path());
}

bool BlobStorage::give_up_reserve(std::filesystem::path const& location) {
    return SpaceReserve::release(location / kReserve);
}

std::int64_t BlobStorage::next_content_id() {
    std::scoped_lock const lock(ids_mutex_);
    if (next_id_ == end_of_ids_) {
        next_id_ = reserve_ids(database_);
        end_of_ids_ = next_id_ + kIdsAtOnce;
    }
    return next_id_++;
}

}  // namespace bluebatch::emulator::storage::blob

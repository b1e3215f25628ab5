#include "emulator/blob/cases/reading.hpp"

#include "emulator/blob/cases/account_policy.hpp"
#include "emulator/blob/cases/lookup.hpp"
#include "emulator/blob/cases/tiers.hpp"
#include "emulator/storage/blob/blob_store.hpp"
#include "emulator/storage/blob/content_store.hpp"
#include "shared/base/aes_ctr.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <span>

namespace bluebatch::emulator::blob::cases {
namespace {

using azure::StorageErrorCode;
using azure::StorageResult;

using Pin = std::shared_ptr<store::ContentPins::Pin const>;

// A blob in more pieces has its files opened one after another while they are sent, else one answer could
// take every descriptor that the process may have.
constexpr std::size_t kOpenAtOnce = 16;
// Small contents beyond this much in all go through a file.
constexpr std::size_t kInMemory = 256 << 10;
// Decrypted at once.
constexpr std::uint64_t kPart = 256 << 10;

class Opener {
public:
    // `key`: what the contents are encrypted with; empty for plain ones.
    Opener(
        store::BlobStorage& storage, storage::Connection& connection, Pin const& pin, std::string const& key
    )
        : storage_(storage), connection_(connection), pin_(pin), scratch_(storage.spool_folder()) {
        if (!key.empty()) cipher_.emplace(key);
    }

    // Nothing when a file has gone since the snapshot was taken.
    std::optional<Piece> open(store::Segment const& segment) {
        if (!segment.content_id) return Zeros{segment.length};
        if (auto const bytes = store::find_content_bytes(connection_, *segment.content_id)) {
            auto part = bytes->substr(segment.offset, segment.length);
            decrypt(segment, 0, part);
            return keep(std::move(part));
        }
        auto source = open_file(*segment.content_id);
        if (!source) return std::nullopt;
        if (cipher_) return decrypt_file(segment, *source);
        return FilePiece{std::move(source), segment.offset, segment.length};
    }

private:
    // `bytes` stand `offset` behind the segment's begin.
    void decrypt(store::Segment const& segment, std::uint64_t offset, std::string& bytes) const {
        if (!cipher_) return;
        auto const nonce = static_cast<std::uint64_t>(*segment.content_id);
        cipher_->apply(nonce, segment.offset + offset, std::as_writable_bytes(std::span{bytes}));
    }

    Piece decrypt_file(store::Segment const& segment, store::ContentSource const& source) {
        std::optional<std::uint64_t> begin;
        for (std::uint64_t done = 0; done < segment.length;) {
            auto part =
                source.read(segment.offset + done, std::min<std::uint64_t>(kPart, segment.length - done));
            decrypt(segment, done, part);
            auto const at = scratch_.append(part);
            if (!begin) begin = at;
            done += part.size();
        }
        return FilePiece{scratch_.source(), begin.value_or(0), segment.length};
    }

    Piece keep(std::string bytes) {
        in_memory_ += bytes.size();
        if (in_memory_ <= kInMemory) return bytes;
        auto const offset = scratch_.append(bytes);
        return FilePiece{scratch_.source(), offset, bytes.size()};
    }

    std::shared_ptr<store::ContentSource const> open_file(std::int64_t content_id) const {
        if (pin_) {
            auto path = storage_.files().path_for_reader(content_id);
            if (!std::filesystem::exists(path)) return nullptr;
            return std::make_shared<store::ContentSource const>(std::move(path), pin_);
        }
        auto file = storage_.files().open(content_id);
        return file ? std::make_shared<store::ContentSource const>(*std::move(file)) : nullptr;
    }

    store::BlobStorage& storage_;
    storage::Connection& connection_;
    Pin const& pin_;
    store::ScratchFile scratch_;
    std::optional<base::AesCtr> cipher_;
    std::size_t in_memory_ = 0;
};

std::optional<std::vector<Piece>> open_segments(Opener opener, std::vector<store::Segment> const& segments) {
    std::vector<Piece> pieces;
    pieces.reserve(segments.size());
    for (auto const& segment : segments) {
        auto piece = opener.open(segment);
        if (!piece) return std::nullopt;
        pieces.push_back(*std::move(piece));
    }
    return pieces;
}

std::vector<std::int64_t> contents_of(std::vector<store::Segment> const& segments) {
    std::vector<std::int64_t> ids;
    ids.reserve(segments.size());
    for (auto const& segment : segments) {
        if (segment.content_id) ids.push_back(*segment.content_id);
    }
    return ids;
}

// One read a day counts.
void note_access(Context const& context, Address const& address, store::Blob& blob, base::TimePoint now) {
    constexpr std::chrono::hours kBetweenNotes{24};
    hide_access_time(context, address, blob);
    if (!context.policies.of(address.account).tracks_access) return;
    if (blob.accessed && now < *blob.accessed + kBetweenNotes) return;
    context.storage.note_access(blob.id, now);
}

}  // namespace

StorageResult<BlobContent> read_content(
    Context const& context, Address const& address, ReadBlob const& wanted
) {
    // A file is removed once the row that named it is gone; whoever read that row just before reads again.
    constexpr int kAttempts = 20;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        storage::Snapshot snapshot(context.storage.database());
        auto const now = context.clock.now();
        auto blob = get_blob(snapshot.connection(), address, now);
        if (!blob) return blob.error();
        auto const fault = find_fault(wanted.guard, *blob, wanted.purpose, now);
        if (fault) return *fault;
        if (is_incremental_copy(*blob))
            return StorageErrorCode::operation_not_allowed_on_incremental_copy_blob;
        if (auto const offline = find_offline_fault(*blob)) return *offline;
        auto const key_fault = rules::find_key_fault(blob->encryption, wanted.guard.encryption);
        if (key_fault) return *key_fault;
        auto const range = rules::parse_range(wanted.range, blob->size);
        if (!range) return range.error();
        auto const extent = range->value_or(rules::ByteRange{0, blob->size});
        auto const segments =
            store::find_segments(snapshot.connection(), *blob, extent.offset, extent.length);
        Pin pin;
        if (segments.size() > kOpenAtOnce) {
            pin = context.storage.files().pins().pin(contents_of(segments));
        }
        auto pieces = open_segments(
            {context.storage, snapshot.connection(), pin, wanted.guard.encryption.key}, segments
        );
        if (!pieces) continue;
        note_access(context, address, *blob, now);
        return BlobContent{*std::move(blob), *range, *std::move(pieces)};
    }
    return StorageErrorCode::server_busy;
}

}  // namespace bluebatch::emulator::blob::cases

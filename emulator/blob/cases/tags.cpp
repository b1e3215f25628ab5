#include "emulator/blob/cases/tags.hpp"

#include "emulator/blob/cases/lookup.hpp"
#include "emulator/storage/blob/blob_store.hpp"
#include "emulator/storage/blob/container_store.hpp"
#include "emulator/storage/blob/tag_index.hpp"

#include <algorithm>
#include <utility>

namespace bluebatch::emulator::blob::cases {
namespace {

// One search on its way through the containers of an account.
class Search {
public:
    Search(storage::Connection& connection, FindBlobs const& query, base::TimePoint now)
        : connection_(connection),
          query_(query),
          now_(now),
          interval_(rules::narrowest_interval(query.filter.tests)) {}

    // False once the page is full.
    bool go_through(store::Container const& container) {
        store::TagRange range{container.id, interval_.key, {interval_.least, {}, 0}, interval_.most};
        if (container.name == query_.from.container) {
            auto const& [name, value, blob, id] = query_.from;
            range.from = std::max(range.from, store::TagPlace{value, blob, id});
        }
        store::search_index(connection_, range, [&](store::TagPlace const& place) {
            auto blob = find_match(place);
            if (!blob) return true;
            if (page_.blobs.size() == query_.limit) {
                page_.next = FindPlace{container.name, place.value, place.name, place.blob_id};
                return false;
            }
            page_.blobs.push_back({container.name, *std::move(blob)});
            return true;
        });
        return !page_.next;
    }
    FoundPage finish() && { return std::move(page_); }

private:
    std::optional<store::Blob> find_match(store::TagPlace const& place) const {
        auto blob = store::find_blob_by_id(connection_, place.blob_id);
        bool const is_wanted =
            blob && (blob->stage == store::Stage::current || query_.versions == FoundVersions::all) &&
            !has_expired(*blob, now_) && rules::hold_all(query_.filter.tests, blob->tags);
        if (!is_wanted) blob.reset();
        return blob;
    }

    storage::Connection& connection_;
    FindBlobs const& query_;
    base::TimePoint now_;
    rules::TagInterval interval_;
    FoundPage page_;
};

void search_account(storage::Connection& connection, FindBlobs const& query, Search& search) {
    constexpr std::size_t kAtOnce = 1000;
    auto from = query.from.container;
    while (true) {
        auto const containers = store::list_containers(connection, query.account, "", from, kAtOnce);
        for (auto const& container : containers) {
            if (!search.go_through(container)) return;
        }
        if (containers.size() < kAtOnce) return;
        // The next name there can be.
        from = containers.back().name + '\x01';
    }
}

}  // namespace

azure::StorageResult<rules::Tags> read_tags(
    Context const& context, Address const& address, Guard const& guard
) {
    auto const now = context.clock.now();
    storage::Snapshot snapshot(context.storage.database());
    auto blob = get_blob(snapshot.connection(), address, now);
    if (!blob) return blob.error();
    if (auto const fault = find_fault(guard, *blob, rules::Purpose::read, now)) return *fault;
    return std::move(blob->tags);
}

azure::StorageResult<void> set_tags(
    Context const& context, Address const& address, Guard const& guard, rules::Tags tags
) {
    auto const now = context.clock.now();
    storage::Transaction transaction(context.storage.database());
    auto blob = get_blob(transaction.connection(), address, now);
    if (!blob) return blob.error();
    if (auto const fault = find_fault(guard, *blob, rules::Purpose::write, now)) return *fault;
    blob->tags = std::move(tags);
    store::update_blob(transaction, *blob);
    transaction.commit();
    return {};
}

azure::StorageResult<FoundPage> find_blobs(Context const& context, FindBlobs const& query) {
    storage::Snapshot snapshot(context.storage.database());
    auto& connection = snapshot.connection();
    Search search(connection, query, context.clock.now());
    auto const& within = query.filter.container;
    if (query.container) {
        auto const container = get_container(connection, {query.account, *query.container, {}});
        if (!container) return container.error();
        if (!within || *within == *query.container) search.go_through(*container);
    } else if (within) {
        auto const container = store::find_container(connection, query.account, *within);
        if (container) search.go_through(*container);
    } else {
        search_account(connection, query, search);
    }
    return std::move(search).finish();
}

}  // namespace bluebatch::emulator::blob::cases

#include "emulator/blob/cases/expiry.hpp"

#include "emulator/blob/cases/immutability.hpp"
#include "emulator/blob/cases/lookup.hpp"
#include "emulator/storage/blob/blob_store.hpp"

namespace bluebatch::emulator::blob::cases {

std::optional<base::TimePoint> time_of(Expiry const& expiry, base::TimePoint created, base::TimePoint now) {
    switch (expiry.option) {
        case ExpiryOption::never:
            return std::nullopt;
        case ExpiryOption::relative_to_creation:
            return created + expiry.after;
        case ExpiryOption::relative_to_now:
            return now + expiry.after;
        case ExpiryOption::absolute:
            return expiry.at;
    }
    return std::nullopt;
}

azure::StorageResult<store::Blob> set_expiry(
    Context const& context, Address const& address, Guard const& guard, Expiry const& expiry
) {
    auto const now = context.clock.now();
    storage::Transaction transaction(context.storage.database());
    auto blob = get_blob(transaction.connection(), address, now);
    if (!blob) return blob.error();
    if (auto const fault = find_fault(guard, *blob, rules::Purpose::write, now)) return *fault;
    if (auto const fault = find_immutability_fault(*blob, now)) return *fault;
    blob->expires = time_of(expiry, blob->created, now);
    if (has_expired(*blob, now)) {
        return azure::invalid_header("x-ms-expiry-time", base::to_rfc1123(*blob->expires));
    }
    store::update_blob(transaction, *blob);
    transaction.commit();
    // It has a deadline now to look out for.
    context.storage.clean_soon();
    return blob;
}

}  // namespace bluebatch::emulator::blob::cases

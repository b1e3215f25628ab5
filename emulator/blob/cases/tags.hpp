#pragma once

#include "emulator/blob/context.hpp"
#include "emulator/blob/rules/tag_filter.hpp"
#include "shared/azure/storage_error.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// The use cases of index tags.
namespace bluebatch::emulator::blob::cases {

// Whatever key the content is encrypted with.
azure::StorageResult<rules::Tags> read_tags(
    Context const& context, Address const& address, Guard const& guard
);
// Neither the entity tag nor the time of the last change is touched by it.
azure::StorageResult<void> set_tags(
    Context const& context, Address const& address, Guard const& guard, rules::Tags tags
);

// Where a page of a search begins: at this entry of this container, inclusive.
struct FindPlace {
    std::string container;
    std::string value;
    std::string name;
    std::int64_t blob_id = 0;
};

enum class FoundVersions : std::uint8_t { current, all };

struct FindBlobs {
    std::string account;
    std::optional<std::string> container;  // empty: all of the account
    rules::TagFilter filter;
    FindPlace from{};
    std::size_t limit = 0;
    FoundVersions versions = FoundVersions::current;
};
struct FoundBlob {
    std::string container;
    store::Blob blob;
};
struct FoundPage {
    std::vector<FoundBlob> blobs;
    std::optional<FindPlace> next;
};
// Reads no more of the index than the filter's narrowest tag leaves. ContainerNotFound for the container that
// is named.
azure::StorageResult<FoundPage> find_blobs(Context const& context, FindBlobs const& query);

}  // namespace bluebatch::emulator::blob::cases

#include "emulator/blob/wire/list_writer.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace bluebatch::emulator::blob::wire {
namespace {

// The version that an element came with. Others are as old as lists are, but for "Url", which went then.
struct ElementSince {
    std::string_view element;
    std::string_view version;
};

// https://learn.microsoft.com/rest/api/storageservices/list-containers2
constexpr std::array kOfContainers{
    ElementSince{"LeaseStatus", "2012-02-12"},
    ElementSince{"LeaseState", "2012-02-12"},
    ElementSince{"LeaseDuration", "2012-02-12"},
    ElementSince{"PublicAccess", "2016-05-31"},
    ElementSince{"HasImmutabilityPolicy", "2017-11-09"},
    ElementSince{"HasLegalHold", "2017-11-09"},
    ElementSince{"DefaultEncryptionScope", "2019-02-02"},
    ElementSince{"DenyEncryptionScopeOverride", "2019-02-02"},
    ElementSince{"Deleted", "2019-12-12"},
    ElementSince{"Version", "2019-12-12"},
    ElementSince{"DeletedTime", "2019-12-12"},
    ElementSince{"RemainingRetentionDays", "2019-12-12"},
    ElementSince{"ImmutableStorageWithVersioningEnabled", "2020-06-12"},
};

// https://learn.microsoft.com/rest/api/storageservices/list-blobs
constexpr std::array kOfBlobs{
    ElementSince{"LeaseState", "2012-02-12"},
    ElementSince{"LeaseDuration", "2012-02-12"},
    ElementSince{"CopyId", "2012-02-12"},
    ElementSince{"CopySource", "2012-02-12"},
    ElementSince{"CopyStatus", "2012-02-12"},
    ElementSince{"CopyProgress", "2012-02-12"},
    ElementSince{"CopyCompletionTime", "2012-02-12"},
    ElementSince{"CopyStatusDescription", "2012-02-12"},
    ElementSince{"Content-Disposition", "2013-08-15"},
    ElementSince{"ServerEncrypted", "2015-12-11"},
    ElementSince{"IncrementalCopy", "2016-05-31"},
    ElementSince{"CopyDestinationSnapshot", "2016-05-31"},
    ElementSince{"AccessTier", "2017-04-17"},
    ElementSince{"AccessTierInferred", "2017-04-17"},
    ElementSince{"AccessTierChangeTime", "2017-04-17"},
    ElementSince{"ArchiveStatus", "2017-04-17"},
    ElementSince{"Deleted", "2017-07-29"},
    ElementSince{"DeletedTime", "2017-07-29"},
    ElementSince{"RemainingRetentionDays", "2017-07-29"},
    ElementSince{"Creation-Time", "2017-11-09"},
    ElementSince{"Content-CRC64", "2019-02-02"},
    ElementSince{"CustomerProvidedKeySha256", "2019-02-02"},
    ElementSince{"EncryptionScope", "2019-02-02"},
    ElementSince{"RehydratePriority", "2019-12-12"},
    ElementSince{"VersionId", "2019-12-12"},
    ElementSince{"IsCurrentVersion", "2019-12-12"},
    ElementSince{"HasVersionsOnly", "2019-12-12"},
    ElementSince{"TagCount", "2019-12-12"},
    ElementSince{"Tags", "2019-12-12"},
    ElementSince{"Sealed", "2019-12-12"},
    ElementSince{"OrMetadata", "2019-12-12"},
    ElementSince{"LastAccessTime", "2020-02-10"},
    ElementSince{"Expiry-Time", "2020-02-10"},
    ElementSince{"ImmutabilityPolicyUntilDate", "2020-06-12"},
    ElementSince{"ImmutabilityPolicyMode", "2020-06-12"},
    ElementSince{"LegalHold", "2020-06-12"},
};

constexpr std::string_view kNewestForm = "2020-06-12";

// Until then every item had the URL by which it is read.
constexpr std::string_view kFirstWithoutUrls = "2013-08-15";

// Of an item with a name of usual length. Memory that no item comes to is never touched.
constexpr std::size_t kUsualBytes = 768;

std::span<ElementSince const> table_of(ListOf kind) {
    if (kind == ListOf::containers) return kOfContainers;
    return kOfBlobs;
}

}  // namespace

ListWriter::ListWriter(ListOf kind, std::string_view version)
    : kind_(kind), version_(version), is_newest_(version >= kNewestForm) {}

bool ListWriter::has(std::string_view element) const {
    if (element == "Url") return version_ < kFirstWithoutUrls;
    if (is_newest_) return true;
    auto const table = table_of(kind_);
    auto const row = std::ranges::find(table, element, &ElementSince::element);
    return row == table.end() || version_ >= row->version;
}

void ListWriter::element(std::string_view name, std::string_view text) {
    if (has(name)) xml_.element(name, text);
}

void ListWriter::element_or_empty(std::string_view name, std::string_view text) {
    if (!has(name)) return;
    if (text.empty()) {
        xml_.empty_element(name);
    } else {
        xml_.element(name, text);
    }
}

void ListWriter::time(std::string_view name, base::TimePoint at) {
    if (!has(name)) return;
    auto const second = std::chrono::floor<std::chrono::seconds>(at);
    if (second_ != second) {
        second_ = second;
        second_text_ = base::to_rfc1123(at);
    }
    xml_.element(name, second_text_);
}

void ListWriter::reserve(std::size_t items) {
    xml_.reserve(items * kUsualBytes);
}

}  // namespace bluebatch::emulator::blob::wire

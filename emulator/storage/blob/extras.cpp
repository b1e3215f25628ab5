#include "emulator/storage/blob/extras.hpp"

#include "emulator/storage/blob/fields.hpp"
#include "shared/base/text.hpp"

#include <functional>
#include <map>

namespace bluebatch::emulator::storage::blob {
namespace {

constexpr std::string_view kYes = "1";

class Writer {
public:
    void text(std::string_view name, std::string_view value) {
        if (!value.empty()) pairs_.emplace_back(name, value);
    }
    template <class Number>
    void number(std::string_view name, Number value) {
        if (value != 0) pairs_.emplace_back(name, std::to_string(value));
    }
    void time(std::string_view name, std::optional<TimePoint> const& value) {
        if (value) pairs_.emplace_back(name, std::to_string(value->time_since_epoch().count()));
    }
    void flag(std::string_view name, bool value) {
        if (value) pairs_.emplace_back(name, kYes);
    }
    std::string finish() const { return to_column(pairs_); }

private:
    Metadata pairs_;
};

std::int64_t number(std::string_view text) {
    return base::parse_number<std::int64_t>(text).value_or(0);
}
std::uint64_t size(std::string_view text) {
    return static_cast<std::uint64_t>(number(text));
}
TimePoint time(std::string_view text) {
    return TimePoint{base::Ticks{number(text)}};
}

template <class Part>
Part& made(std::optional<Part>& part) {
    if (!part) part.emplace();
    return *part;
}

template <class Record>
using Readers = std::map<std::string_view, void (*)(Record&, std::string_view), std::less<>>;

Readers<Blob> const& blob_readers() {
    using Text = std::string_view;
    static Readers<Blob> const readers{
        {"rehydrate.tier", [](Blob& blob, Text text) { made(blob.rehydration).tier = text; }},
        {"rehydrate.priority", [](Blob& blob, Text text) { made(blob.rehydration).priority = text; }},
        {"rehydrate.done", [](Blob& blob, Text text) { made(blob.rehydration).done = time(text); }},
        {"copy.id", [](Blob& blob, Text text) { made(blob.copy).id = text; }},
        {"copy.source", [](Blob& blob, Text text) { made(blob.copy).source = text; }},
        {"copy.status",
         [](Blob& blob, Text text) { made(blob.copy).status = static_cast<CopyStatus>(number(text)); }},
        {"copy.description", [](Blob& blob, Text text) { made(blob.copy).description = text; }},
        {"copy.copied", [](Blob& blob, Text text) { made(blob.copy).copied = size(text); }},
        {"copy.total", [](Blob& blob, Text text) { made(blob.copy).total = size(text); }},
        {"copy.completed", [](Blob& blob, Text text) { made(blob.copy).completed = time(text); }},
        {"copy.incremental", [](Blob& blob, Text) { made(blob.copy).is_incremental = true; }},
        {"copy.snapshot", [](Blob& blob, Text text) { made(blob.copy).destination_snapshot = time(text); }},
        {"expires", [](Blob& blob, Text text) { blob.expires = time(text); }},
        {"sequence", [](Blob& blob, Text text) { blob.sequence_number = size(text); }},
        {"sealed", [](Blob& blob, Text) { blob.is_sealed = true; }},
        {"blocks", [](Blob& blob, Text text) { blob.committed_blocks = size(text); }},
        {"immutable.until", [](Blob& blob, Text text) { made(blob.immutability).until = time(text); }},
        {"immutable.locked",
         [](Blob& blob, Text) { made(blob.immutability).mode = ImmutabilityMode::locked; }},
        {"hold", [](Blob& blob, Text) { blob.has_legal_hold = true; }},
        {"scope", [](Blob& blob, Text text) { blob.encryption.scope = text; }},
        {"key",
         [](Blob& blob, Text text) { blob.encryption.key_sha256 = base::parse_base64(text).value_or(""); }},
    };
    return readers;
}

Readers<Container> const& container_readers() {
    static Readers<Container> const readers{
        {"scope", [](Container& it, std::string_view text) { it.default_encryption_scope = text; }},
        {"scope.fixed", [](Container& it, std::string_view) { it.denies_scope_override = true; }},
        {"immutable", [](Container& it, std::string_view) { it.has_immutable_versions = true; }},
    };
    return readers;
}

template <class Record>
void read(std::string_view column, Record& record, Readers<Record> const& readers) {
    if (column.empty()) return;
    for (auto const& [name, value] : parse_metadata(column)) {
        auto const reader = readers.find(name);
        if (reader != readers.end()) reader->second(record, value);
    }
}

void write_copy(Writer& writer, CopyState const& copy) {
    writer.text("copy.id", copy.id);
    writer.text("copy.source", copy.source);
    writer.number("copy.status", static_cast<int>(copy.status));
    writer.text("copy.description", copy.description);
    writer.number("copy.copied", copy.copied);
    writer.number("copy.total", copy.total);
    writer.time("copy.completed", copy.completed);
    writer.flag("copy.incremental", copy.is_incremental);
    writer.time("copy.snapshot", copy.destination_snapshot);
}

}  // namespace

std::string extras_of(Blob const& blob) {
    Writer writer;
    if (blob.rehydration) {
        writer.text("rehydrate.tier", blob.rehydration->tier);
        writer.text("rehydrate.priority", blob.rehydration->priority);
        writer.time("rehydrate.done", blob.rehydration->done);
    }
    if (blob.copy) write_copy(writer, *blob.copy);
    writer.time("expires", blob.expires);
    writer.number("sequence", blob.sequence_number);
    writer.flag("sealed", blob.is_sealed);
    writer.number("blocks", blob.committed_blocks);
    if (blob.immutability) {
        writer.time("immutable.until", blob.immutability->until);
        writer.flag("immutable.locked", blob.immutability->mode == ImmutabilityMode::locked);
    }
    writer.flag("hold", blob.has_legal_hold);
    writer.text("scope", blob.encryption.scope);
    if (!blob.encryption.key_sha256.empty()) writer.text("key", base::to_base64(blob.encryption.key_sha256));
    return writer.finish();
}

void read_extras(std::string_view column, Blob& blob) {
    read(column, blob, blob_readers());
}

std::string extras_of(Container const& container) {
    Writer writer;
    writer.text("scope", container.default_encryption_scope);
    writer.flag("scope.fixed", container.denies_scope_override);
    writer.flag("immutable", container.has_immutable_versions);
    return writer.finish();
}

void read_extras(std::string_view column, Container& container) {
    read(column, container, container_readers());
}

}  // namespace bluebatch::emulator::storage::blob

#include "emulator/blob/query/answer.hpp"

namespace bluebatch::emulator::blob::query {
namespace {

// The order of the union below.
enum class RecordKind : std::uint8_t { result_data, error, progress, end };

constexpr std::string_view kSchema =
    R"([{"type":"record","name":"com.microsoft.azure.storage.queryBlobContents.resultData",)"
    R"("fields":[{"name":"data","type":"bytes"}]},)"
    R"({"type":"record","name":"com.microsoft.azure.storage.queryBlobContents.error",)"
    R"("fields":[{"name":"fatal","type":"boolean"},{"name":"name","type":"string"},)"
    R"({"name":"description","type":"string"},{"name":"position","type":"long"}]},)"
    R"({"type":"record","name":"com.microsoft.azure.storage.queryBlobContents.progress",)"
    R"("fields":[{"name":"bytesScanned","type":"long"},{"name":"totalBytes","type":"long"}]},)"
    R"({"type":"record","name":"com.microsoft.azure.storage.queryBlobContents.end",)"
    R"("fields":[{"name":"totalBytes","type":"long"}]}])";

// Sizes and positions are never negative, so zigzag only doubles them.
void append_long(std::string& out, std::uint64_t number) {
    number *= 2;
    while (number >= 0x80U) {
        out += static_cast<char>((number & 0x7FU) | 0x80U);
        number >>= 7U;
    }
    out += static_cast<char>(number);
}

void append_text(std::string& out, std::string_view text) {
    append_long(out, text.size());
    out += text;
}

std::string start(RecordKind kind) {
    std::string record;
    append_long(record, static_cast<std::uint64_t>(kind));
    return record;
}

}  // namespace

Answer::Answer(Sink& sink, SyncMarker const& marker) : sink_(sink), marker_(marker) {
    std::string header{"Obj\x01"};
    append_long(header, 2);
    append_text(header, "avro.schema");
    append_text(header, kSchema);
    append_text(header, "avro.codec");
    append_text(header, "null");
    append_long(header, 0);
    header.append(marker_.begin(), marker_.end());
    sink_.write(header);
}

void Answer::write_block(std::string_view record) {
    std::string block;
    append_long(block, 1);
    append_text(block, record);
    block.append(marker_.begin(), marker_.end());
    sink_.write(block);
}

// Clients expect data, be it empty, before the first error.
void Answer::flush() {
    if (!data_.empty() || (!errors_.empty() && !has_data_)) {
        auto record = start(RecordKind::result_data);
        append_text(record, data_);
        write_block(record);
        data_.clear();
        has_data_ = true;
    }
    for (auto const& [is_fatal, error] : errors_) {
        auto record = start(RecordKind::error);
        record += is_fatal ? '\x01' : '\x00';
        append_text(record, error.name);
        append_text(record, error.description);
        append_long(record, error.position);
        write_block(record);
    }
    errors_.clear();
}

void Answer::poll() {
    constexpr std::size_t kPiece = 64 << 10;
    constexpr std::size_t kMostErrors = 100;
    if (data_.size() >= kPiece || errors_.size() >= kMostErrors) flush();
}

void Answer::error(bool is_fatal, ReadError error) {
    errors_.push_back({is_fatal, std::move(error)});
}

void Answer::progress(std::uint64_t scanned, std::uint64_t total) {
    flush();
    auto record = start(RecordKind::progress);
    append_long(record, scanned);
    append_long(record, total);
    write_block(record);
}

void Answer::end(std::uint64_t total) {
    flush();
    auto record = start(RecordKind::end);
    append_long(record, total);
    write_block(record);
}

}  // namespace bluebatch::emulator::blob::query

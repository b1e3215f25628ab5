#include "emulator/blob/routes/structured.hpp"

#include "emulator/blob/routes/handlers.hpp"
#include "shared/base/file_io.hpp"
#include "shared/base/text.hpp"
#include "shared/http/file_io.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace bluebatch::emulator::blob::routes {
namespace {

using azure::StorageError;
using azure::StorageErrorCode;

constexpr std::string_view kHeader = "x-ms-structured-body";
constexpr std::string_view kLength = "x-ms-structured-content-length";

// A file in memory, for the few bytes that stand between slices of files.
std::shared_ptr<http::FileHandle const> open_memory() {
    int const number = ::memfd_create("bluebatch-marks", MFD_CLOEXEC);
    if (number < 0) throw std::system_error(errno, std::generic_category(), "opening a file in memory");
    return std::make_shared<http::FileHandle const>(number);
}

// Takes the content of an answer apart and writes it again between marks.
class MessageWriter {
public:
    explicit MessageWriter(http::Response& response)
        : response_(response),
          text_(std::move(response.text)),
          slices_(std::move(response.slices)),
          memory_(open_memory()) {
        response_.text.clear();
        response_.slices.clear();
    }

    void write(std::uint64_t size) {
        pending_ = azure::structured_header(size);
        auto const segments = azure::structured_segments(size);
        for (std::uint64_t number = 1; number <= segments; ++number) {
            auto const length = std::min(size, azure::kStructuredSegment);
            pending_ += azure::structured_segment_header(number, length);
            write_content(length);
            pending_ += base::crc64_bytes(std::exchange(segment_sum_, {}).value());
            size -= length;
        }
        pending_ += base::crc64_bytes(message_sum_.value());
        flush();
    }

private:
    void write_content(std::uint64_t length) {
        auto const from_text = static_cast<std::size_t>(std::min<std::uint64_t>(length, text_.size()));
        add_text(from_text);
        for (length -= from_text; length > 0;) {
            auto& source = slices_[slice_];
            auto const count = std::min(length, source.length);
            add_slice({source.file, source.offset, count});
            source.offset += count;
            source.length -= count;
            length -= count;
            if (source.length == 0) ++slice_;
        }
    }

    void add_text(std::size_t count) {
        auto const part = std::string_view{text_}.substr(0, count);
        segment_sum_.update(part);
        message_sum_.update(part);
        pending_ += part;
        text_.erase(0, count);
    }

    void add_slice(http::FileSlice slice) {
        // The file is opened again when it is sent.
        http::read_in_pieces(slice, [this](std::span<char const> piece) {
            segment_sum_.update(std::as_bytes(piece));
            message_sum_.update(std::as_bytes(piece));
        });
        if (slice.length == 0) return;
        flush();
        response_.slices.push_back(std::move(slice));
    }

    // The text of an answer goes before its slices, so only the first marks can be text.
    void flush() {
        if (pending_.empty()) return;
        if (response_.slices.empty() && response_.text.empty()) {
            response_.text = std::exchange(pending_, {});
            return;
        }
        base::write_all_at(memory_->descriptor(), memory_size_, pending_, "writing to a file in memory");
        response_.slices.push_back({memory_, memory_size_, pending_.size()});
        memory_size_ += pending_.size();
        pending_.clear();
    }

    http::Response& response_;
    std::string text_;
    std::vector<http::FileSlice> slices_;
    std::size_t slice_ = 0;
    std::string pending_;
    std::shared_ptr<http::FileHandle const> memory_;
    std::uint64_t memory_size_ = 0;
    base::Crc64 segment_sum_;
    base::Crc64 message_sum_;
};

}  // namespace

bool is_structured(http::Headers const& headers) {
    return headers.has(kHeader);
}

std::optional<StorageError> find_structure_fault(http::RequestHead const& head, Route const& route) {
    auto const form = head.headers.find(kHeader);
    if (!form) return std::nullopt;
    bool const is_upload = route.body == BodyKind::blob || route.body == BodyKind::block;
    if (!is_upload && route.handler != &get_blob) {
        return azure::not_implemented("The header " + std::string{kHeader} + " of this operation");
    }
    if (!base::equal_ignoring_case(*form, azure::kStructuredBody)) {
        return azure::invalid_header(kHeader, *form);
    }
    auto const length = head.headers.get(kLength);
    if (!is_upload) return std::nullopt;
    if (length.empty()) return azure::missing_header(kLength);
    if (!base::parse_number<std::uint64_t>(length)) return azure::invalid_header(kLength, length);
    return std::nullopt;
}

std::optional<StorageError> find_message_fault(http::Request const& request) {
    auto const* const decoder =
        dynamic_cast<azure::StructuredMessageDecoder const*>(request.body.filter.get());
    if (decoder == nullptr) return std::nullopt;
    switch (decoder->fault()) {
        case azure::StructuredFault::crc64_mismatch:
            return StorageErrorCode::crc64_mismatch;
        case azure::StructuredFault::malformed:
            return StorageError{
                StorageErrorCode::invalid_input, {{"Reason", "The structured body is malformed."}}};
        case azure::StructuredFault::none:
            break;
    }
    auto const length = request.headers.get(kLength);
    if (base::parse_number<std::uint64_t>(length) != request.body.size) {
        return azure::invalid_header(kLength, length);
    }
    return std::nullopt;
}

void structure_body(http::Response& response) {
    auto const size = response.body_size();
    MessageWriter(response).write(size);
    response.headers.set(kHeader, std::string{azure::kStructuredBody});
    response.headers.set(kLength, std::to_string(size));
}

}  // namespace bluebatch::emulator::blob::routes

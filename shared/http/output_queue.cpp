#include "shared/http/output_queue.hpp"

#include <sys/uio.h>

#include <array>

namespace bluebatch::http {

namespace {

constexpr std::size_t kMostTexts = 16;
// Other connections of the thread get their turn after this much of a file.
constexpr std::size_t kFilePiece = 2 << 20;

}  // namespace

void OutputQueue::add(std::string text) {
    if (!text.empty()) pieces_.emplace_back(std::move(text));
}

void OutputQueue::add(FileSlice slice) {
    if (slice.length > 0) pieces_.emplace_back(std::move(slice));
}

void OutputQueue::clear() {
    pieces_.clear();
    next_ = 0;
    offset_ = 0;
}

IoResult OutputQueue::send(Stream& stream) {
    auto* const slice = std::get_if<FileSlice>(&pieces_[next_]);
    if (slice == nullptr) return send_texts(stream);
    auto const result = stream.send_file(*slice, kFilePiece);
    if (result.state != Io::moved) return result;
    slice->offset += result.bytes;
    slice->length -= result.bytes;
    if (slice->length == 0) pieces_[next_++] = std::string();  // its file may be closed now
    if (empty()) clear();
    return result;
}

IoResult OutputQueue::send_texts(Stream& stream) {
    std::array<::iovec, kMostTexts> vectors{};
    std::size_t count = 0;
    auto skip = offset_;
    auto at = next_;
    for (; at < pieces_.size() && count < kMostTexts; ++at) {
        auto* const text = std::get_if<std::string>(&pieces_[at]);
        if (text == nullptr) break;
        vectors[count++] = {text->data() + skip, text->size() - skip};
        skip = 0;
    }
    auto const more = at < pieces_.size() ? More::follows : More::no;
    auto const result = stream.write(std::span(vectors).first(count), more);
    if (result.state == Io::moved) advance(result.bytes);
    return result;
}

void OutputQueue::advance(std::size_t count) {
    while (count > 0) {
        auto const left = std::get<std::string>(pieces_[next_]).size() - offset_;
        if (count < left) {
            offset_ += count;
            return;
        }
        count -= left;
        offset_ = 0;
        ++next_;
    }
    if (empty()) clear();
}

}  // namespace bluebatch::http

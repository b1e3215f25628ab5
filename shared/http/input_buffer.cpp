#include "shared/http/input_buffer.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace bluebatch::http {

InputBuffer::InputBuffer(std::size_t capacity)
    : storage_(std::make_unique_for_overwrite<char[]>(capacity)), capacity_(capacity) {}

std::span<char> InputBuffer::room() {
    if (begin_ > 0) {
        std::memmove(storage_.get(), storage_.get() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    return {storage_.get() + end_, capacity_ - end_};
}

void InputBuffer::consume(std::size_t count) {
    begin_ += std::min(count, end_ - begin_);
    if (begin_ == end_) begin_ = end_ = 0;
}

void InputBuffer::set_capacity(std::size_t capacity) {
    auto const waiting = bytes();
    capacity = std::max(capacity, waiting.size());
    if (capacity == capacity_) return;
    auto storage = std::make_unique_for_overwrite<char[]>(capacity);
    if (!waiting.empty()) std::memcpy(storage.get(), waiting.data(), waiting.size());
    end_ = waiting.size();
    begin_ = 0;
    storage_ = std::move(storage);
    capacity_ = capacity;
}

}  // namespace bluebatch::http

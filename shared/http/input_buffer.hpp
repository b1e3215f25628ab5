#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace bluebatch::http {

// Bytes that have arrived and are not consumed yet, in one piece. Grows when told to and never by itself.
class InputBuffer {
public:
    explicit InputBuffer(std::size_t capacity);

    std::string_view bytes() const { return {storage_.get() + begin_, end_ - begin_}; }
    bool empty() const { return begin_ == end_; }
    std::size_t capacity() const { return capacity_; }
    // Room behind the bytes; they are moved to the front first. Empty when the buffer is full.
    std::span<char> room();
    void commit(std::size_t count) { end_ += count; }
    void consume(std::size_t count);
    // Bytes that wait are kept, so `capacity` must hold them.
    void set_capacity(std::size_t capacity);

private:
    std::unique_ptr<char[]> storage_;
    std::size_t capacity_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace bluebatch::http

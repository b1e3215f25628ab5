#pragma once

#include "shared/http/stream.hpp"

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

namespace bluebatch::http {

// What a connection has still to send: text and slices of files, in order.
class OutputQueue {
public:
    void add(std::string text);
    void add(FileSlice slice);
    bool empty() const { return next_ == pieces_.size(); }
    // Sends some: neighbouring texts in one call, a bounded piece of a file. Call again while it says
    // `moved`.
    IoResult send(Stream& stream);
    // Sends nothing more of it.
    void clear();

private:
    IoResult send_texts(Stream& stream);
    void advance(std::size_t count);

    std::vector<std::variant<std::string, FileSlice>> pieces_;
    std::size_t next_ = 0;    // the first piece that is not wholly sent
    std::size_t offset_ = 0;  // bytes of it that are sent, when it is text
};

}  // namespace bluebatch::http

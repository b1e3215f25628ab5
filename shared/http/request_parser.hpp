#pragma once

#include "shared/http/input_buffer.hpp"
#include "shared/http/message.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

namespace bluebatch::http {

// Reads one request after another from a connection's bytes. Knows no socket. Stricter than the grammar where
// two readers could disagree on where a request ends: repeated or listed Content-Length, Content-Length
// beside Transfer-Encoding, codings other than "chunked" and repeated Host are refused (RFC 9112, sections 6
// and 11.2).
class RequestParser {
public:
    enum class Progress : std::uint8_t { needs_more, complete, refused };

    // Why a request was refused, as far as a client is told.
    struct Fault {
        int status = 400;
        std::string_view text;
    };

    RequestParser(std::size_t head_bytes, std::size_t header_fields);
    ~RequestParser();

    // Forgets the request and awaits the next one.
    void reset();
    // Consumes what it has read. When it needs more and the buffer is full, the caller makes room.
    Progress parse_head(InputBuffer& input);
    // Consumes chunks and hands their bytes on. False from `take` stops with needs_more, nothing of that call
    // lost.
    using Take = std::function<bool(std::string_view)>;
    Progress parse_chunks(InputBuffer& input, Take const& take);
    Fault fault() const;
    // True once a byte of the request has been consumed.
    bool has_begun() const;

    // Once the head is complete:
    RequestHead& head();
    bool is_http_1_1() const;
    bool keep_alive() const;
    bool is_chunked() const;
    bool expects_continue() const;
    bool has_unknown_expectation() const;

private:
    class Beast;
    std::size_t head_bytes_;
    std::size_t header_fields_;
    std::unique_ptr<Beast> beast_;
};

}  // namespace bluebatch::http

#include "shared/http/opening.hpp"

#include "shared/http/guest_word.hpp"
#include "shared/http/tls_stream.hpp"

namespace bluebatch::http {

Opening read_opening(InputBuffer& input, Opening before, std::string_view guest_word, Tls tls) {
    using Speech = Opening::Speech;
    Opening opening = before;
    if (!opening.is_guest && !guest_word.empty()) {
        auto const preface = read_guest_word(input.bytes(), guest_word);
        if (preface.state == GuestPreface::State::incomplete) return opening;
        if (preface.state == GuestPreface::State::malformed) return {Speech::none, false};
        opening.is_guest = preface.state == GuestPreface::State::right;
        input.consume(preface.size);
    }
    if (input.empty()) return opening;
    bool const is_tls = tls == Tls::available && input.bytes().front() == kFirstByteOfTls;
    opening.speech = is_tls ? Speech::tls : Speech::http;
    return opening;
}

}  // namespace bluebatch::http

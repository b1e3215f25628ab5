#include "shared/http/guest_word.hpp"

#include "shared/base/digest.hpp"

namespace bluebatch::http {

namespace {

constexpr std::string_view kSignature{"\r\n\r\n\0\r\nQUIT\n\x20\0", 14};  // version 2, LOCAL, no addresses
constexpr char kFieldType = '\xE0';                                       // the first that anybody may use
constexpr std::size_t kLengthBytes = 2;
constexpr std::size_t kFieldHead = 1 + kLengthBytes;
constexpr std::size_t kLongestWord = 128;
constexpr unsigned kBitsOfByte = 8;

std::size_t read_length(std::string_view text) {
    auto const byte = [&](std::size_t at) {
        return static_cast<std::size_t>(static_cast<unsigned char>(text[at]));
    };
    return (byte(0) << kBitsOfByte) + byte(1);
}

std::string length_text(std::size_t length) {
    return {static_cast<char>(length >> kBitsOfByte), static_cast<char>(length & 0xFFU)};
}

}  // namespace

std::string make_guest_preface(std::string_view word) {
    std::string preface{kSignature};
    preface += length_text(kFieldHead + word.size());
    preface += kFieldType;
    preface += length_text(word.size());
    return preface.append(word);
}

GuestPreface read_guest_word(std::string_view bytes, std::string_view word) {
    using State = GuestPreface::State;
    if (!kSignature.starts_with(bytes.substr(0, kSignature.size()))) return {};
    constexpr std::size_t kHead = kSignature.size() + kLengthBytes;
    if (bytes.size() < kHead) return {State::incomplete, 0};
    auto const size = kHead + read_length(bytes.substr(kSignature.size()));
    if (size > kHead + kFieldHead + kLongestWord) return {State::malformed, 0};
    if (bytes.size() < size) return {State::incomplete, 0};
    // All prefaces of guests are alike but for the word, so there is nothing to parse.
    bool const is_right = base::equal_in_constant_time(bytes.substr(0, size), make_guest_preface(word));
    return {is_right ? State::right : State::wrong, size};
}

}  // namespace bluebatch::http

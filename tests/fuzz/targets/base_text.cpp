// Base64, UTF-8, numbers, cutting and comparing text, digests in pieces.
#include "shared/base/digest.hpp"
#include "shared/base/text.hpp"
#include "tests/fuzz/support/fuzz.hpp"

#include <algorithm>

namespace bluebatch::fuzz {
namespace {

void check_base64(std::string_view input) {
    check(base::parse_base64(base::to_base64(input)) == input, "base64 gives back what it was given");
    auto const bytes = base::parse_base64(input);
    if (!bytes) return;
    check(input.size() == base::to_base64(*bytes).size(), "base64 says as much as was read", input);
}

// The next code point by the tables of Unicode, section 3.9; 0 bytes when there is none.
std::size_t length_of_first(std::string_view text) {
    auto const byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : static_cast<unsigned char>(0);
    };
    auto const in = [&](std::size_t i, int low, int high) { return byte(i) >= low && byte(i) <= high; };
    auto const follows = [&](std::size_t i) { return in(i, 0x80, 0xBF); };
    if (in(0, 0, 0x7F)) return 1;
    if (in(0, 0xC2, 0xDF)) return follows(1) ? 2 : 0;
    if (in(0, 0xE0, 0xEF)) {
        int const low = byte(0) == 0xE0 ? 0xA0 : 0x80;
        int const high = byte(0) == 0xED ? 0x9F : 0xBF;
        return in(1, low, high) && follows(2) ? 3 : 0;
    }
    if (in(0, 0xF0, 0xF4)) {
        int const low = byte(0) == 0xF0 ? 0x90 : 0x80;
        int const high = byte(0) == 0xF4 ? 0x8F : 0xBF;
        return in(1, low, high) && follows(2) && follows(3) ? 4 : 0;
    }
    return 0;
}

void check_utf8(std::string_view input) {
    auto rest = input;
    for (auto length = length_of_first(rest); !rest.empty() && length > 0; length = length_of_first(rest))
        rest.remove_prefix(length);
    check(base::is_valid_utf8(input) == rest.empty(), "UTF-8 is what Unicode says it is", input);
}

void check_pieces(std::string_view input) {
    std::string joined;
    for (auto const part : base::split(input, ',')) {
        check(part.find(',') == std::string_view::npos, "no part holds the separator", input);
        joined.append(part).append(",");
    }
    joined.pop_back();
    check(joined == input, "the parts are the whole", input);

    auto const trimmed = base::trim(input);
    check(base::trim(trimmed) == trimmed && input.find(trimmed) != std::string_view::npos, "trim", input);
}

void check_case(std::string_view input) {
    auto const lower = base::to_lower(input);
    auto const upper = base::to_upper(input);
    check(base::to_lower(upper) == lower && base::to_upper(lower) == upper, "case is lost once", input);
    check(base::equal_ignoring_case(lower, upper), "case is ignored", input);
    check(base::starts_with_ignoring_case(upper, lower.substr(0, lower.size() / 2)), "prefix", input);
}

void check_numbers(std::string_view input) {
    auto const number = base::parse_number<std::int64_t>(input);
    if (!number) return;
    check(base::parse_number<std::int64_t>(std::to_string(*number)) == number, "numbers", input);
    check(input.find_first_not_of("-0123456789") == std::string_view::npos, "only digits", input);
}

void check_digests(std::string_view input) {
    base::Md5 pieces;
    pieces.update(input.substr(0, input.size() / 3));
    pieces.update(input.substr(input.size() / 3));
    check(std::move(pieces).finish() == base::md5(input), "MD5 in pieces is MD5", input);
    check(base::to_hex(base::sha256(input)).size() == 64, "SHA-256 has 32 bytes", input);
    check(base::hmac_sha256(input, "text").size() == 32, "any key will do", input);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const input = to_text(data, size);
    check_base64(input);
    check_utf8(input);
    check_pieces(input);
    check_case(input);
    check_numbers(input);
    check_digests(input);
    return 0;
}

}  // namespace bluebatch::fuzz

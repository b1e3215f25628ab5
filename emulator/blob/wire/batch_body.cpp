#include "emulator/blob/wire/batch_body.hpp"

#include "shared/base/text.hpp"
#include "shared/http/status.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace bluebatch::emulator::blob::wire {
namespace {

using azure::StorageError;
using azure::StorageErrorCode;
using azure::StorageResult;

constexpr std::string_view kLineEnd = "\r\n";

StorageError invalid_input(std::string_view reason) {
    return {StorageErrorCode::invalid_input, {{"Reason", std::string{reason}}}};
}

bool is_token_letter(char c) {
    constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kMarks.find(c) != std::string_view::npos;
}

bool is_token(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, is_token_letter);
}

bool is_field_value(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        return (static_cast<unsigned char>(c) >= 0x20 && c != '\x7F') || c == '\t';
    });
}

// RFC 2046, section 5.1.1.
bool is_boundary(std::string_view text) {
    constexpr std::size_t kLongest = 70;
    constexpr std::string_view kMarks = "'()+_,-./:=? ";
    return !text.empty() && text.size() <= kLongest && !text.ends_with(' ') &&
           std::ranges::all_of(text, [&](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      kMarks.find(c) != std::string_view::npos;
           });
}

// Takes a line off the text, without its end. The last one needs no end.
std::string_view take_line(std::string_view& text) {
    auto const end = text.find(kLineEnd);
    auto const line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + kLineEnd.size());
    return line;
}

// Takes the fields up to an empty line or the end of the text. False when one is malformed.
bool take_fields(std::string_view& text, http::Headers& headers) {
    constexpr std::size_t kMost = 100;
    std::size_t count = 0;
    while (!text.empty()) {
        auto const line = take_line(text);
        if (line.empty()) return true;
        auto const colon = line.find(':');
        if (colon == std::string_view::npos || ++count > kMost) return false;
        auto const name = line.substr(0, colon);
        auto const value = base::trim(line.substr(colon + 1));
        if (!is_token(name) || !is_field_value(value)) return false;
        headers.add(name, std::string{value});
    }
    return true;
}

// "DELETE /container/blob?x=1 HTTP/1.1"
bool parse_request_line(std::string_view line, http::RequestHead& head) {
    auto const first = line.find(' ');
    auto const last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) return false;
    auto const method = line.substr(0, first);
    auto const target = line.substr(first + 1, last - first - 1);
    if (!is_token(method) || line.substr(last + 1) != "HTTP/1.1") return false;
    if (!is_field_value(target) || target.find(' ') != std::string_view::npos) return false;
    head.method = method;
    head.verb = http::parse_verb(method);
    return http::parse_target(target, head);
}

StorageResult<BatchPart> parse_part(std::string_view text) {
    constexpr std::size_t kLargest = 64 << 10;
    if (text.size() > kLargest) return invalid_input("A part is too large.");
    http::Headers fields;
    if (!take_fields(text, fields)) return invalid_input("The header of a part is malformed.");
    if (!base::equal_ignoring_case(fields.get("Content-Type"), "application/http")) {
        return invalid_input("A part's Content-Type must be application/http.");
    }
    if (!base::equal_ignoring_case(fields.get("Content-Transfer-Encoding"), "binary")) {
        return invalid_input("A part's Content-Transfer-Encoding must be binary.");
    }
    BatchPart part;
    if (auto const id = fields.find("Content-ID")) part.content_id = *id;
    if (!parse_request_line(take_line(text), part.head) || !take_fields(text, part.head.headers)) {
        return invalid_input("A part holds no well-formed request.");
    }
    auto const length = part.head.headers.find("Content-Length");
    bool const has_body = text.find_first_not_of(kLineEnd) != std::string_view::npos ||
                          part.head.headers.has("Transfer-Encoding") || (length && *length != "0");
    if (has_body) return invalid_input("The requests of a batch have no bodies.");
    if (length) part.head.content_length = 0;
    return part;
}

struct Delimiter {
    std::size_t begin;  // of the line end that belongs to it
    std::size_t end;
    bool is_last;
};

// The next line that is the boundary, at or behind `from`.
std::optional<Delimiter> find_delimiter(std::string_view body, std::string_view dashes, std::size_t from) {
    for (;; ++from) {
        from = body.find(dashes, from);
        if (from == std::string_view::npos) return std::nullopt;
        bool const begins_line = from == 0 || body.substr(0, from).ends_with(kLineEnd);
        if (!begins_line) continue;
        auto rest = body.substr(from + dashes.size());
        bool const is_last = rest.starts_with("--");
        if (is_last) rest.remove_prefix(2);
        rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
        bool const ends_line = rest.starts_with(kLineEnd) || (rest.empty() && is_last);
        if (!ends_line) continue;
        if (!rest.empty()) rest.remove_prefix(kLineEnd.size());
        return Delimiter{from == 0 ? 0 : from - kLineEnd.size(), body.size() - rest.size(), is_last};
    }
}

}  // namespace

StorageResult<std::string> parse_boundary(std::string_view content_type) {
    auto const fault = azure::invalid_header("Content-Type", content_type);
    auto const semicolon = content_type.find(';');
    auto const type = base::trim(content_type.substr(0, semicolon));
    if (!base::equal_ignoring_case(type, "multipart/mixed")) return fault;
    if (semicolon == std::string_view::npos) return fault;
    for (auto const text : base::split(content_type.substr(semicolon + 1), ';')) {
        auto const parameter = base::trim(text);
        constexpr std::string_view kName = "boundary=";
        if (!base::starts_with_ignoring_case(parameter, kName)) continue;
        auto value = parameter.substr(kName.size());
        if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"')) {
            value = value.substr(1, value.size() - 2);
        }
        if (!is_boundary(value)) return fault;
        return std::string{value};
    }
    return fault;
}

StorageResult<std::vector<BatchPart>> parse_batch(std::string_view body, std::string_view boundary) {
    auto const dashes = "--" + std::string{boundary};
    std::vector<BatchPart> parts;
    auto delimiter = find_delimiter(body, dashes, 0);
    while (delimiter && !delimiter->is_last) {
        // The line end of one delimiter may be the beginning of the next.
        auto const next = find_delimiter(body, dashes, delimiter->end);
        if (!next) break;
        if (parts.size() == kMostBatchParts) return invalid_input("A batch has at most 256 requests.");
        auto const length = next->begin < delimiter->end ? 0 : next->begin - delimiter->end;
        auto part = parse_part(body.substr(delimiter->end, length));
        if (!part) return part.error();
        parts.push_back(*std::move(part));
        delimiter = next;
    }
    if (!delimiter || !delimiter->is_last) return invalid_input("The body has no end of its boundary.");
    if (parts.empty()) return invalid_input("A batch has at least one request.");
    return parts;
}

std::string batch_answer_body(std::vector<BatchAnswer> const& answers, std::string_view boundary) {
    std::string text;
    auto const out = std::back_inserter(text);
    for (auto const& [content_id, response] : answers) {
        fmt::format_to(out, "--{}\r\nContent-Type: application/http\r\n", boundary);
        if (content_id) fmt::format_to(out, "Content-ID: {}\r\n", *content_id);
        auto const reason = response.reason.empty() ? http::reason_phrase(response.status)
                                                    : std::string_view{response.reason};
        fmt::format_to(out, "\r\nHTTP/1.1 {} {}\r\n", response.status, reason);
        for (auto const& [name, value] : response.headers)
            fmt::format_to(out, "{}: {}\r\n", name, value);
        if (!response.text.empty()) fmt::format_to(out, "Content-Length: {}\r\n", response.text.size());
        fmt::format_to(out, "\r\n{}\r\n", response.text);
    }
    fmt::format_to(out, "--{}--\r\n", boundary);
    return text;
}

}  // namespace bluebatch::emulator::blob::wire

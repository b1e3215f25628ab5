#include "shared/http/status.hpp"

#include <array>

namespace bluebatch::http {

namespace {

struct Phrase {
    int status;
    std::string_view text;
};

// RFC 9110, section 15.
constexpr auto kPhrases = std::to_array<Phrase>({
    {100, "Continue"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {203, "Non-Authoritative Information"},
    {204, "No Content"},
    {205, "Reset Content"},
    {206, "Partial Content"},
    {207, "Multi-Status"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {407, "Proxy Authentication Required"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
});

}  // namespace

std::string_view reason_phrase(int status) {
    for (auto const& row : kPhrases) {
        if (row.status == status) return row.text;
    }
    return {};
}

Response make_plain_response(int status, std::string_view text) {
    Response response;
    response.status = status;
    response.headers.add("Content-Type", "text/plain");
    response.text = std::string(text);
    response.close_connection = true;
    return response;
}

bool carries_body(Verb verb, int status) {
    return verb != Verb::head && status >= 200 && status != 204 && status != 304;
}

std::optional<std::uint64_t> stated_length(Verb verb, Response const& response) {
    if (response.status < 200 || response.status == 204) return std::nullopt;
    if (carries_body(verb, response.status)) return response.body_size();
    if (response.content_length || response.status == 304) return response.content_length;
    return response.body_size();
}

}  // namespace bluebatch::http

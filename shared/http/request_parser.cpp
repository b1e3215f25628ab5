#include "shared/http/request_parser.hpp"

#include "shared/base/text.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

namespace bluebatch::http {

namespace {

namespace beast = boost::beast;
using ErrorCode = beast::error_code;
using HttpError = beast::http::error;

std::string_view view_of(beast::string_view text) {
    return {text.data(), text.size()};
}

constexpr RequestParser::Fault kMalformed{400, "The request is malformed."};
constexpr RequestParser::Fault kHeadTooLarge{431, "The request's header fields are too large."};
constexpr RequestParser::Fault kTooManyFields{431, "The request has too many header fields."};
constexpr RequestParser::Fault kBadHost{400, "The request needs one Host header field."};
constexpr RequestParser::Fault kBadLength{400, "The request's length is ambiguous."};
constexpr RequestParser::Fault kBadCoding{501, "The request's transfer coding is not implemented."};
constexpr RequestParser::Fault kBadVersion{505, "HTTP/1.0 and HTTP/1.1 are spoken here."};

// "GET / HTTP/3.0", as opposed to something that is not HTTP at all.
bool asks_for_another_version(std::string_view input) {
    auto const line = input.substr(0, input.find('\r'));
    auto const word = line.rfind(" HTTP/");
    if (word == std::string_view::npos) return false;
    auto const version = line.substr(word + 6);
    return version.size() == 3 && version[1] == '.' &&
           version.find_first_not_of("0123456789.") == std::string_view::npos;
}

}  // namespace

class RequestParser::Beast final : public beast::http::basic_parser<true> {
public:
    explicit Beast(RequestParser const& owner) : most_fields_(owner.header_fields_) {
        header_limit(static_cast<std::uint32_t>(owner.head_bytes_));
        body_limit(boost::none);
        eager(false);
    }

    // Returns how many bytes were read.
    std::size_t feed(std::string_view bytes, ErrorCode& error) {
        auto const count = put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
        if (!is_header_done()) head_bytes += count;
        return count;
    }

    Progress refuse(Fault why) {
        fault = why;
        return Progress::refused;
    }

    Progress check_head();

    RequestHead head;
    Fault fault = kMalformed;
    std::size_t head_bytes = 0;
    Take const* take = nullptr;
    bool is_http_1_1 = false;

private:
    void on_request_impl(
        beast::http::verb, beast::string_view method, beast::string_view target, int version, ErrorCode& error
    ) override {
        head.method = view_of(method);
        head.verb = parse_verb(head.method);
        is_http_1_1 = version == 11;
        if (!http::parse_target(view_of(target), head)) error = HttpError::bad_target;
    }

    void on_field_impl(
        beast::http::field, beast::string_view name, beast::string_view value, ErrorCode& error
    ) override {
        // Beast before 1.90 brings the fields of a trailer here too; nobody needs those.
        if (is_header_done()) return;
        if (fields_++ == most_fields_) {
            fault = kTooManyFields;
            error = HttpError::header_limit;
            return;
        }
        head.headers.add(view_of(name), std::string(view_of(value)));
    }

    // Virtual in Beast since 1.90.
    void on_trailer_field_impl(beast::http::field, beast::string_view, beast::string_view, ErrorCode&) {}

    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view body, ErrorCode& error) override {
        if (!(*take)(view_of(body))) error = HttpError::body_limit;
        return body.size();
    }

    void on_response_impl(int, beast::string_view, int, ErrorCode&) override {}
    void on_header_impl(ErrorCode&) override {}
    void on_body_init_impl(boost::optional<std::uint64_t> const&, ErrorCode&) override {}
    // Never called: the session counts the bytes of a body that is not chunked.
    std::size_t on_body_impl(beast::string_view body, ErrorCode&) override { return body.size(); }
    void on_chunk_header_impl(std::uint64_t, beast::string_view, ErrorCode&) override {}
    void on_finish_impl(ErrorCode&) override {}

    std::size_t most_fields_;
    std::size_t fields_ = 0;
};

RequestParser::Progress RequestParser::Beast::check_head() {
    std::size_t hosts = 0;
    std::size_t lengths = 0;
    std::size_t codings = 0;
    for (auto const& [name, value] : head.headers) {
        if (base::equal_ignoring_case(name, "Host")) ++hosts;
        if (base::equal_ignoring_case(name, "Content-Length")) {
            ++lengths;
            head.content_length = base::parse_number<std::uint64_t>(value);
            if (!head.content_length) return refuse(kBadLength);
        }
        if (base::equal_ignoring_case(name, "Transfer-Encoding")) {
            ++codings;
            if (!base::equal_ignoring_case(value, "chunked")) return refuse(kBadCoding);
        }
    }
    if (hosts > 1 || (hosts == 0 && is_http_1_1)) return refuse(kBadHost);
    if (lengths + codings > 1 || (codings == 1 && !is_http_1_1)) return refuse(kBadLength);
    return Progress::complete;
}

RequestParser::RequestParser(std::size_t head_bytes, std::size_t header_fields)
    : head_bytes_(head_bytes), header_fields_(header_fields), beast_(std::make_unique<Beast>(*this)) {}

RequestParser::~RequestParser() = default;

void RequestParser::reset() {
    beast_ = std::make_unique<Beast>(*this);
}

RequestParser::Progress RequestParser::parse_head(InputBuffer& input) {
    // Robustness that RFC 9112, section 2.2 asks for: an empty line before a request is not an error.
    while (!beast_->got_some() && input.bytes().starts_with("\r\n")) {
        input.consume(2);
        beast_->head_bytes += 2;
    }
    if (beast_->head_bytes > head_bytes_) return beast_->refuse(kHeadTooLarge);
    if (input.empty() || input.bytes() == "\r") return Progress::needs_more;

    auto const bytes = input.bytes();
    ErrorCode error;
    auto const count = beast_->feed(bytes, error);
    if (error == HttpError::need_more) {
        input.consume(count);
        bool const is_full = beast_->head_bytes + input.bytes().size() >= head_bytes_;
        return is_full ? beast_->refuse(kHeadTooLarge) : Progress::needs_more;
    }
    if (error == HttpError::bad_version && asks_for_another_version(bytes))
        return beast_->refuse(kBadVersion);
    if (error == HttpError::header_limit) {
        return beast_->refuse(beast_->fault.status == 431 ? beast_->fault : kHeadTooLarge);
    }
    if (error) return beast_->refuse(kMalformed);
    input.consume(count);
    return beast_->check_head();
}

RequestParser::Progress RequestParser::parse_chunks(InputBuffer& input, Take const& take) {
    // No body ends in less. Beast asserts that it gets as much once it has seen the size of the last chunk.
    constexpr std::string_view kShortestEnd = "0\r\n\r\n";
    if (input.bytes().size() < kShortestEnd.size()) return Progress::needs_more;
    beast_->eager(true);
    beast_->take = &take;
    ErrorCode error;
    auto const count = beast_->feed(input.bytes(), error);
    input.consume(count);
    if (error == HttpError::need_more || error == HttpError::body_limit) return Progress::needs_more;
    if (error) return beast_->refuse(kMalformed);
    return beast_->is_done() ? Progress::complete : Progress::needs_more;
}

RequestParser::Fault RequestParser::fault() const {
    return beast_->fault;
}
bool RequestParser::has_begun() const {
    return beast_->head_bytes > 0;
}
RequestHead& RequestParser::head() {
    return beast_->head;
}
bool RequestParser::is_http_1_1() const {
    return beast_->is_http_1_1;
}
bool RequestParser::keep_alive() const {
    return beast_->keep_alive();
}
bool RequestParser::is_chunked() const {
    return beast_->chunked();
}

bool RequestParser::expects_continue() const {
    return is_http_1_1() && base::equal_ignoring_case(beast_->head.headers.get("Expect"), "100-continue");
}

bool RequestParser::has_unknown_expectation() const {
    return is_http_1_1() && beast_->head.headers.has("Expect") && !expects_continue();
}

}  // namespace bluebatch::http

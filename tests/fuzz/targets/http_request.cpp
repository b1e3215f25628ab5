// Requests as they come from a socket. However their bytes are cut, the same requests must come out: two
// readers that disagree on where a request ends are what request smuggling lives on.
#include "shared/base/text.hpp"
#include "shared/http/request_parser.hpp"
#include "tests/fuzz/support/fuzz.hpp"

#include <algorithm>
#include <functional>
#include <random>
#include <vector>

namespace bluebatch::fuzz {
namespace {

using Progress = http::RequestParser::Progress;

constexpr std::size_t kHeadBytes = 2 << 10;
constexpr std::size_t kFields = 20;

// What a session would have seen, in words.
class Session {
public:
    explicit Session(std::size_t capacity) : input_(capacity), parser_(kHeadBytes, kFields) {}

    // False once the connection would be closed.
    bool feed(std::string_view bytes) {
        auto const room = input_.room();
        std::ranges::copy(bytes, room.begin());
        input_.commit(bytes.size());
        for (;;) {
            auto const before = input_.bytes().size();
            if (!step()) return false;
            if (waits_ || (input_.empty() && before == 0)) return true;
        }
    }
    std::string const& story() const { return story_; }

private:
    bool step() {
        waits_ = true;
        switch (stage_) {
            case Stage::head:
                return read_head();
            case Stage::chunks:
                return read_chunks();
            case Stage::body:
                return read_body();
        }
        return false;
    }

    bool read_head() {
        auto const progress = parser_.parse_head(input_);
        if (progress == Progress::needs_more) return true;
        if (progress == Progress::refused) return refuse();
        check_head();
        auto const& head = parser_.head();
        story_ += head.method + " " + head.path + "?" + head.raw_query + "\n";
        for (auto const& field : head.headers)
            story_ += field.name + ": " + field.value + "\n";
        waits_ = false;
        stage_ = parser_.is_chunked() ? Stage::chunks : Stage::body;
        left_ = head.content_length.value_or(0);
        return true;
    }

    void check_head() {
        auto const& head = parser_.head();
        check(!head.path.empty() && (head.path[0] == '/' || head.path == "*"), "a path", head.path);
        int hosts = 0;
        for (auto const& [name, value] : head.headers) {
            check(!name.empty() && name.find_first_of(" \r\n:") == std::string::npos, "a name", name);
            check(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos, "a value", value);
            if (base::equal_ignoring_case(name, "Host")) ++hosts;
        }
        check(hosts == 1 || !parser_.is_http_1_1(), "one Host", head.path);
        check(!(head.content_length && parser_.is_chunked()), "one way to know the length", head.path);
    }

    bool read_chunks() {
        http::RequestParser::Take const take = [this](std::string_view bytes) {
            body_ += bytes;
            return true;
        };
        auto const progress = parser_.parse_chunks(input_, take);
        if (progress == Progress::refused) return refuse();
        if (progress == Progress::complete) return finish();
        return true;
    }

    bool read_body() {
        auto const count = std::min<std::uint64_t>(left_, input_.bytes().size());
        body_ += input_.bytes().substr(0, count);
        input_.consume(count);
        left_ -= count;
        return left_ > 0 || finish();
    }

    bool finish() {
        story_ += body_ + "\nend\n";
        body_.clear();
        if (!parser_.keep_alive()) return false;
        parser_.reset();
        stage_ = Stage::head;
        waits_ = input_.empty();
        return true;
    }

    bool refuse() {
        check(parser_.fault().status >= 400 && !parser_.fault().text.empty(), "a reason", story_);
        story_ += "refused\n";
        return false;
    }

    enum class Stage : std::uint8_t { head, chunks, body };
    http::InputBuffer input_;
    http::RequestParser parser_;
    Stage stage_ = Stage::head;
    std::uint64_t left_ = 0;
    bool waits_ = true;
    std::string body_;
    std::string story_;
};

// A body that is malformed at its very end may be refused only with what comes next: chunks are looked at
// five bytes at a time.
bool tell_the_same(std::string const& whole, std::string const& cut) {
    return whole == cut || whole == cut + "refused\n";
}

std::string read(std::string_view input, std::function<std::size_t()> const& next_size) {
    Session session(input.size() + 1);
    while (!input.empty()) {
        auto const size = std::min(next_size(), input.size());
        if (!session.feed(input.substr(0, size))) break;
        input.remove_prefix(size);
    }
    return session.story();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    // A line that does not end is refused at its end at the latest.
    auto const text = std::string(to_text(data, size)) + "\r\n\r\n";
    std::string_view const input = text;
    std::minstd_rand random(static_cast<unsigned>(size) + 1);
    auto const whole = read(input, [&] { return input.size(); });
    auto const bytes = read(input, [] { return std::size_t{1}; });
    auto const pieces = read(input, [&] { return std::size_t{1} + random() % 40; });
    check(tell_the_same(whole, bytes), "the same requests byte by byte", whole + "\n---\n" + bytes);
    check(tell_the_same(whole, pieces), "the same requests in pieces", whole + "\n---\n" + pieces);
    return 0;
}

}  // namespace bluebatch::fuzz

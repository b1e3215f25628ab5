// The source of a copy that is another server: what it answers, head and body, is a stranger's.
#include "emulator/blob/foreign_source.hpp"
#include "emulator/blob/rules/names.hpp"
#include "shared/base/text.hpp"
#include "shared/http/incoming_body.hpp"
#include "tests/fuzz/support/fuzz.hpp"

namespace bluebatch::fuzz {
namespace {

namespace blob = emulator::blob;

// Says to every request what the input says: a status, header fields, a blank line, a body.
class Stranger final : public http::Client {
public:
    explicit Stranger(std::string_view input) {
        response_.status = base::parse_number<int>(take_line(input)).value_or(200);
        while (!input.empty()) {
            auto const line = take_line(input);
            if (line.empty()) break;
            auto const colon = line.find(':');
            if (colon == std::string_view::npos) continue;
            response_.headers.add(line.substr(0, colon), std::string{base::trim(line.substr(colon + 1))});
        }
        body_ = input;
    }

    base::Result<http::IncomingResponse, http::TransportError> send(
        http::OutgoingRequest const& request, http::BodySink const& sink, std::stop_token
    ) override {
        auto response = response_;
        if (request.verb == http::Verb::head) return response;
        http::IncomingBody body(sink, response.body);
        if (!body.take(response.status, body_)) return http::TransportError{body.why(), ""};
        return response;
    }

private:
    http::IncomingResponse response_;
    std::string_view body_;
};

void check_blob(blob::cases::ForeignBlob const& found, std::string_view input) {
    constexpr std::size_t kMd5Size = 16;
    check(!blob::rules::find_metadata_fault(found.metadata), "what is kept of metadata is allowed", input);
    check(!found.content.md5 || found.content.md5->size() == kMd5Size, "an MD5 is one", input);
}

void check_fault(azure::StorageError const& error, std::string_view input) {
    check(error.status() >= 400 && error.status() <= 500, "a fault of the source is an error", input);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const input = to_text(data, size);
    constexpr std::uint64_t kLimit = 1000;
    Stranger stranger(input);
    blob::ForeignReader const reader(stranger);
    auto const state = reader.look({.url = "http://stranger.example/"}, {});
    if (state) {
        check_blob(state->blob, input);
    } else {
        check_fault(state.error(), input);
    }
    http::BodyPlan plan;
    plan.limit = kLimit;
    plan.memory_limit = kLimit;
    auto const body = reader.read({.url = "http://stranger.example/"}, "bytes=1-9", plan, {}, {});
    if (body) {
        check(body->body.size <= kLimit, "a body is bounded", input);
        check_blob(body->state.blob, input);
    } else {
        check_fault(body.error(), input);
    }
    return 0;
}

}  // namespace bluebatch::fuzz

// The body of Blob Batch: a line with the Content-Type, then the body, whose lines may end as in files.
#include "emulator/blob/wire/batch_body.hpp"
#include "tests/fuzz/support/fuzz.hpp"

namespace bluebatch::fuzz {
namespace {

namespace wire = emulator::blob::wire;

std::string with_line_ends(std::string_view text) {
    std::string result;
    for (char const c : text) {
        if (c == '\n' && !result.ends_with('\r')) result += '\r';
        result += c;
    }
    return result;
}

bool is_one_line(std::string_view text) {
    return text.find_first_of(std::string_view{"\r\n\0", 3}) == std::string_view::npos;
}

void check_body(std::string_view body, std::string_view boundary) {
    auto const parts = wire::parse_batch(body, boundary);
    if (!parts) return;
    check(!parts->empty() && parts->size() <= wire::kMostBatchParts, "a bounded number of requests", body);
    std::vector<wire::BatchAnswer> answers;
    for (auto const& part : *parts) {
        check(part.head.path.starts_with('/') || part.head.path == "*", "a path", part.head.path);
        for (auto const& [name, value] : part.head.headers)
            check(!name.empty() && is_one_line(name) && is_one_line(value), "fields of one line", body);
        check(is_one_line(part.content_id.value_or("")), "an id of one line", body);
        answers.push_back({part.content_id, {}});
    }
    auto const answer = wire::batch_answer_body(answers, boundary);
    check(answer.ends_with("--" + std::string{boundary} + "--\r\n"), "an answer that ends", answer);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto input = to_text(data, size);
    auto const boundary = wire::parse_boundary(take_line(input));
    if (!boundary) return 0;
    check_body(input, *boundary);
    check_body(with_line_ends(input), *boundary);
    return 0;
}

}  // namespace bluebatch::fuzz

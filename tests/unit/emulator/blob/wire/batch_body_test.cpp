#include "emulator/blob/wire/batch_body.hpp"

#include <gtest/gtest.h>

namespace bluebatch::emulator::blob::wire {
namespace {

constexpr std::string_view kPart =
    "Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: 7\r\n\r\n"
    "DELETE /con/b?x=1 HTTP/1.1\r\nx-ms-date: now\r\nContent-Length: 0\r\n\r\n";

std::string body_of(std::vector<std::string> const& parts) {
    std::string text;
    for (auto const& part : parts)
        text += "--cut\r\n" + part + "\r\n";
    return text + "--cut--\r\n";
}

bool is_read(std::string const& body) {
    auto const parts = parse_batch(body, "cut");
    if (parts) return true;
    EXPECT_EQ(parts.error().code, azure::StorageErrorCode::invalid_input);
    return false;
}

TEST(BatchBoundary, IsReadFromTheContentType) {
    EXPECT_EQ(parse_boundary("multipart/mixed; boundary=batch_a-1").value(), "batch_a-1");
    EXPECT_EQ(parse_boundary("Multipart/Mixed;charset=x; Boundary=\"a b\"").value(), "a b");
    EXPECT_EQ(parse_boundary("multipart/mixed; boundary====123==").value(), "===123==");
    for (auto const* const type :
         {"",
          "multipart/mixed",
          "text/plain; boundary=a",
          "multipart/mixed; boundary=",
          "multipart/mixed; boundary=a\x01",
          "multipart/mixed; boundary=\"a \""}) {
        EXPECT_FALSE(parse_boundary(type).has_value()) << type;
    }
    EXPECT_FALSE(parse_boundary("multipart/mixed; boundary=" + std::string(71, 'a')).has_value());
}

TEST(BatchBody, HoldsRequests) {
    auto const parts =
        parse_batch("preamble\r\n" + body_of({std::string{kPart}, std::string{kPart}}) + "end", "cut")
            .value();

    ASSERT_EQ(parts.size(), 2U);
    EXPECT_EQ(parts[0].content_id, "7");
    EXPECT_EQ(parts[0].head.verb, http::Verb::remove);
    EXPECT_EQ(parts[0].head.path, "/con/b");
    EXPECT_EQ(parts[0].head.find_query("x"), "1");
    EXPECT_EQ(parts[0].head.headers.get("x-ms-date"), "now");
    EXPECT_FALSE(parts[0].head.headers.has("Content-ID"));
}

TEST(BatchBody, NeedsNoBlankLineAtTheEndOfAPart) {
    std::string const start =
        "Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nDELETE /c/b HTTP/1.1\r\n";

    EXPECT_TRUE(is_read(body_of({start + "A: b"})));
    EXPECT_TRUE(is_read(body_of({start + "A: b\r\n"})));
    EXPECT_TRUE(is_read(body_of({start})));
}

TEST(BatchBody, IsNotCutByLinesThatOnlyBeginLikeTheBoundary) {
    auto part = std::string{kPart};
    part.replace(part.find("now"), 3, "--cut");

    EXPECT_EQ(parse_batch(body_of({part}), "cut").value().size(), 1U);
    EXPECT_FALSE(is_read(body_of({std::string{kPart} + "--cutlery"})));
}

TEST(BatchBody, HasOneTo256Requests) {
    EXPECT_FALSE(is_read("--cut--\r\n"));
    EXPECT_TRUE(is_read(body_of(std::vector<std::string>(256, std::string{kPart}))));
    EXPECT_FALSE(is_read(body_of(std::vector<std::string>(257, std::string{kPart}))));
}

TEST(BatchBody, IsRefusedWhenItIsMalformed) {
    std::string const fields = "Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n";
    std::string const whole = fields + "DELETE /c/b HTTP/1.1\r\n\r\n";

    EXPECT_TRUE(is_read(body_of({whole})));
    EXPECT_FALSE(is_read(""));
    EXPECT_FALSE(is_read("--cut\r\n" + whole));
    EXPECT_FALSE(is_read("--cut\r\n--cut--\r\n"));
    EXPECT_FALSE(is_read(body_of({"DELETE /c/b HTTP/1.1\r\n\r\n"})));
    EXPECT_FALSE(is_read(body_of({"Content-Type: application/http\r\n\r\nDELETE /c/b HTTP/1.1\r\n\r\n"})));
    for (auto const* const request :
         {"",
          "DELETE /c/b",
          "DELETE /c/b HTTP/2",
          "DELETE  HTTP/1.1",
          "DELETE /c b HTTP/1.1",
          "DEL\tETE /c/b HTTP/1.1",
          "DELETE /c/%zz HTTP/1.1",
          "DELETE /c/b HTTP/1.1\r\nno colon",
          "DELETE /c/b HTTP/1.1\r\na b: c",
          "DELETE /c/b HTTP/1.1\r\na: \x01",
          "DELETE /c/b HTTP/1.1\r\n\r\nbody",
          "DELETE /c/b HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody",
          "DELETE /c/b HTTP/1.1\r\nTransfer-Encoding: chunked"}) {
        EXPECT_FALSE(is_read(body_of({fields + request}))) << request;
    }
}

TEST(BatchAnswer, TellsStatusFieldsAndBodyOfEachRequest) {
    http::Response good{.status = 202, .headers = {{"a", "b"}}};
    http::Response bad{.status = 404, .reason = "Not there.", .text = "<Error/>"};

    EXPECT_EQ(
        batch_answer_body({{"0", good}, {std::nullopt, bad}}, "cut"),
        "--cut\r\nContent-Type: application/http\r\nContent-ID: 0\r\n\r\n"
        "HTTP/1.1 202 Accepted\r\na: b\r\n\r\n\r\n"
        "--cut\r\nContent-Type: application/http\r\n\r\n"
        "HTTP/1.1 404 Not there.\r\nContent-Length: 8\r\n\r\n<Error/>\r\n--cut--\r\n"
    );
}

}  // namespace
}  // namespace bluebatch::emulator::blob::wire

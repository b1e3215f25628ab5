#include "emulator/blob/wire/batch_body.hpp"
#include "tests/unit/emulator/blob/blob_fixture.hpp"

namespace bluebatch::emulator::blob {
namespace {

using http::Headers;
using http::Verb;

class BlobBatchTest : public BlobFixture {
protected:
    struct Part {
        Verb verb = Verb::remove;
        std::string target;  // as the part says it
        Headers headers{};
        std::string key = kKey;  // empty: no signature
    };

    std::string text_of(Part part, std::string const& id) {
        http::RequestHead head;
        EXPECT_TRUE(http::parse_target(part.target, head));
        if (!part.key.empty()) {
            part.headers.set("x-ms-date", base::to_rfc1123(clock_.now()));
            azure::sign_with_shared_key(part.verb, head.path, head.query, part.headers, 0, {"acc", part.key});
        }
        auto text =
            "Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: " + id +
            "\r\n\r\n" + std::string{http::to_string(part.verb)} + " " + part.target + " HTTP/1.1\r\n";
        for (auto const& [name, value] : part.headers)
            text.append(name).append(": ").append(value).append("\r\n");
        return text + "Content-Length: 0\r\n";
    }
    http::Response submit(std::vector<Part> const& parts, std::string const& target = "/?comp=batch") {
        std::string body;
        for (std::size_t i = 0; i < parts.size(); ++i)
            body += "--cut\r\n" + text_of(parts[i], std::to_string(i)) + "\r\n";
        return submit_body(body + "--cut--\r\n", target);
    }
    http::Response submit_body(std::string const& body, std::string const& target = "/?comp=batch") {
        return ask({Verb::post, target, Headers{{"Content-Type", "multipart/mixed; boundary=cut"}}, body});
    }
    // The status lines of the answers.
    static std::vector<std::string> lines_of(http::Response const& response) {
        std::vector<std::string> lines;
        for (std::size_t at = 0; (at = response.text.find("\r\nHTTP/1.1 ", at)) != std::string::npos; at += 2)
            lines.push_back(response.text.substr(at + 11, response.text.find("\r\n", at + 2) - at - 11));
        return lines;
    }
    bool exists(std::string const& name) { return ask({Verb::head, "/con/" + name}).status == 200; }
};

using Lines = std::vector<std::string>;

TEST_F(BlobBatchTest, DeletesSeveralBlobs) {
    put("a", "1");
    put("b", "2");

    auto const response =
        submit({{Verb::remove, "/acc/con/a"}, {Verb::remove, "/acc/con/none"}, {Verb::remove, "/acc/con/b"}});

    EXPECT_EQ(response.status, 202);
    EXPECT_TRUE(response.headers.get("Content-Type").starts_with("multipart/mixed; boundary=batchresponse_"));
    EXPECT_EQ(
        lines_of(response), (Lines{"202 Accepted", "404 The specified blob does not exist.", "202 Accepted"})
    );
    EXPECT_NE(response.text.find("Content-ID: 1\r\n\r\nHTTP/1.1 404"), std::string::npos);
    EXPECT_NE(response.text.find("<Code>BlobNotFound</Code>"), std::string::npos);
    EXPECT_NE(response.text.find("x-ms-version: 2021-12-02"), std::string::npos);
    EXPECT_FALSE(exists("a"));
    EXPECT_FALSE(exists("b"));
}

TEST_F(BlobBatchTest, SetsTheTierOfSeveralBlobs) {
    put("a", "1");

    auto const response =
        submit({{Verb::put, "/acc/con/a?comp=tier", Headers{{"x-ms-access-tier", "Cool"}}}});

    EXPECT_EQ(lines_of(response), Lines{"200 OK"});
    EXPECT_EQ(ask({Verb::head, "/con/a"}).headers.get("x-ms-access-tier"), "Cool");
}

TEST_F(BlobBatchTest, ReadsPathsThatLeaveTheAccountOut) {
    put("a", "1");

    EXPECT_EQ(
        lines_of(submit({{Verb::remove, "/con/a"}}, "/con?restype=container&comp=batch")),
        Lines{"202 Accepted"}
    );
    EXPECT_FALSE(exists("a"));
}

TEST_F(BlobBatchTest, OfTheServiceMayBeTakenForOneOfAContainer) {
    put("a", "1");

    EXPECT_EQ(
        lines_of(submit({{Verb::remove, "/acc/con/a"}}, "/?restype=container&comp=batch")),
        Lines{"202 Accepted"}
    );
}

TEST_F(BlobBatchTest, ChecksEachRequestForItself) {
    for (auto const* const name : {"a", "b", "c", "d"})
        put(name, "1");
    auto const sas = service_sas("d", "b");

    auto const response = submit({
        {Verb::remove, "/acc/con/a", {}, "d3Jvbmc="},
        {Verb::remove, "/acc/con/b?" + sas, {}, ""},
        {Verb::remove, "/acc/con/c?" + sas, {}, ""},
        {Verb::remove, "/acc/con/d", {}, ""},
    });

    auto const lines = lines_of(response);
    ASSERT_EQ(lines.size(), 4U);
    EXPECT_TRUE(lines[0].starts_with("403 ")) << lines[0];
    EXPECT_EQ(lines[1], "202 Accepted");
    EXPECT_TRUE(lines[2].starts_with("403 ")) << lines[2];
    EXPECT_TRUE(lines[3].starts_with("401 ")) << lines[3];
    EXPECT_TRUE(exists("a") && !exists("b") && exists("c") && exists("d"));
}

TEST_F(BlobBatchTest, HasRequestsOfOneKindOnly) {
    put("a", "1");
    put("b", "2");

    for (auto const& parts : std::vector<std::vector<Part>>{
             {{Verb::remove, "/acc/con/a"},
              {Verb::put, "/acc/con/b?comp=tier", Headers{{"x-ms-access-tier", "Cool"}}}},
             {{Verb::get, "/acc/con/a"}},
             {{Verb::remove, "/acc/con?restype=container"}}}) {
        auto const response = submit(parts);

        EXPECT_EQ(response.status, 202);
        EXPECT_EQ(lines_of(response), Lines{"400 One of the request inputs is not valid."});
        EXPECT_EQ(response.text.find("Content-ID"), std::string::npos);
    }
    EXPECT_TRUE(exists("a") && exists("b"));
}

TEST_F(BlobBatchTest, OfAContainerStaysInIt) {
    ask({Verb::put, "/two?restype=container"});
    put("a", "1");

    auto const response = submit({{Verb::remove, "/acc/con/a"}}, "/two?restype=container&comp=batch");

    EXPECT_EQ(lines_of(response), Lines{"400 One of the request inputs is not valid."});
    EXPECT_TRUE(exists("a"));
}

TEST_F(BlobBatchTest, IsRefusedAsAWhole) {
    EXPECT_EQ(lines_of(submit_body("nothing")), Lines{"400 One of the request inputs is not valid."});
    EXPECT_EQ(
        code_of(ask({Verb::post, "/?comp=batch", Headers{{"Content-Type", "text/plain"}}, "x"})),
        "InvalidHeaderValue"
    );
    EXPECT_EQ(code_of(submit_body(std::string((4 << 20) + 1, 'x'))), "RequestBodyTooLarge");
    EXPECT_EQ(
        ask_anonymously({Verb::post, "/?comp=batch", Headers{{"x-ms-version", "2021-12-02"}}}).status, 401
    );
}

}  // namespace
}  // namespace bluebatch::emulator::blob

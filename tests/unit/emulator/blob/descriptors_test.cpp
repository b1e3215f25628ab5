#include "tests/unit/emulator/blob/blob_fixture.hpp"

#include <sys/resource.h>

#include <filesystem>
#include <set>

namespace bluebatch::emulator::blob {
namespace {

using http::Headers;
using enum http::Verb;

// Lets the process open some files more than it has open, no more.
class FewDescriptors {
public:
    FewDescriptors() {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        auto few = before_;
        few.rlim_cur = limit();
        ::setrlimit(RLIMIT_NOFILE, &few);
    }
    ~FewDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    FewDescriptors(FewDescriptors const&) = delete;
    FewDescriptors& operator=(FewDescriptors const&) = delete;

private:
    static constexpr int kMore = 30;
    // New descriptors have the lowest free numbers, and the limit is one of the number.
    static ::rlim_t limit() {
        std::set<int> taken;
        for (auto const& entry : std::filesystem::directory_iterator("/proc/self/fd"))
            taken.insert(std::stoi(entry.path().filename().string()));
        int number = 0;
        for (int free = 0; free < kMore; ++number)
            free += taken.contains(number) ? 0 : 1;
        return static_cast<::rlim_t>(number);
    }
    ::rlimit before_{};
};

// A blob in more files than the process may open at once.
class DescriptorsTest : public BlobFixture {
protected:
    void SetUp() override {
        BlobFixture::SetUp();
        std::string list = "<BlockList>";
        for (int i = 0; i < 80; ++i) {
            auto const id = base::to_base64(std::to_string(1000 + i));
            auto const line = std::to_string(1000 + i) + "," + std::string(19'994, 'x') + "\n";
            ASSERT_EQ(
                ask({http::Verb::put, "/con/b?comp=block&blockid=" + http::percent_encode(id), {}, line})
                    .status,
                201
            );
            content_ += line;
            list += "<Latest>" + id + "</Latest>";
        }
        ASSERT_EQ(ask({http::Verb::put, "/con/b?comp=blocklist", {}, list + "</BlockList>"}).status, 201);
    }

    std::string content_;
};

TEST_F(DescriptorsTest, AnAnswerBetweenMarksKeepsNoFileOpen) {
    FewDescriptors const few;
    auto const response =
        ask({get, "/con/b", Headers{{"x-ms-structured-body", "XSM/1.0; properties=crc64"}}});

    ASSERT_EQ(response.status, 200);
    EXPECT_GT(response.body_size(), content_.size());
}

TEST_F(DescriptorsTest, ACopyOpensOneFileAfterAnother) {
    FewDescriptors const few;
    auto const response = ask(
        {http::Verb::put,
         "/con/copy",
         Headers{
             {"x-ms-blob-type", "BlockBlob"},
             {"x-ms-copy-source", "http://127.0.0.1:10000/acc/con/b?" + service_sas("r", "b")}}}
    );

    ASSERT_EQ(response.status, 201) << response.text;
    EXPECT_EQ(body_of(ask({get, "/con/copy"})), content_);
}

TEST_F(DescriptorsTest, AQueryOpensOneFileAfterAnother) {
    FewDescriptors const few;
    auto const response = ask(
        {post,
         "/con/b?comp=query",
         {},
         "<QueryRequest><QueryType>SQL</QueryType><Expression>SELECT _1 from BlobStorage</Expression>"
         "</QueryRequest>"}
    );

    ASSERT_EQ(response.status, 200) << response.text;
    EXPECT_NE(body_of(response).find("1079"), std::string::npos);
}

}  // namespace
}  // namespace bluebatch::emulator::blob

#include "tests/unit/emulator/batch/service_fixture.hpp"

namespace bluebatch::emulator::batch {
namespace {

using http::Verb;

// A job that was last changed at ten o'clock. Its tag is sent as it comes, without quotes.
class Conditions : public ServiceFixture {
protected:
    static inline std::string const kBefore = "Mon, 04 Mar 2024 09:59:59 GMT";
    static inline std::string const kThen = "Mon, 04 Mar 2024 10:00:00 GMT";

    void SetUp() override {
        add_job();
        tag_ = get("/jobs/job").headers.get("ETag");
    }

    Answer read(http::Headers headers) { return get("/jobs/job", std::move(headers)); }
    Answer write(http::Headers headers) {
        return send(Verb::patch, "/jobs/job", R"({"priority":1})", std::move(headers));
    }

    std::string tag_;
};

// Batch: REST-19
TEST_F(Conditions, ThatHoldLetRequestsPass) {
    for (http::Headers const& headers :
         {http::Headers{{"If-Match", tag_}},
          http::Headers{{"If-Match", "*"}},
          http::Headers{{"If-None-Match", "0x8D0000000000000"}},
          http::Headers{{"If-Modified-Since", kBefore}},
          http::Headers{{"If-Unmodified-Since", kThen}}})
        EXPECT_EQ(read(headers).status, 200) << headers.begin()->name;
    EXPECT_EQ(write({{"If-Match", tag_}}).status, 200);
}

// Batch: REST-19
TEST_F(Conditions, ThatDoNotHoldAreNotModifiedOrFailed) {
    for (http::Headers const& headers :
         {http::Headers{{"If-None-Match", tag_}}, http::Headers{{"If-Modified-Since", kThen}}}) {
        EXPECT_EQ(read(headers).status, 304);
        EXPECT_EQ(read(headers).text, "");
        EXPECT_EQ(write(headers).status, 412);
    }
    for (http::Headers const& headers :
         {http::Headers{{"If-Match", "0x8D0000000000000"}},
          http::Headers{{"If-Unmodified-Since", kBefore}}}) {
        EXPECT_EQ(read(headers).status, 412);
        EXPECT_EQ(write(headers).code(), "ConditionNotMet");
    }
}

// Batch: REST-18
TEST_F(Conditions, OfTheSameKindAreDecidedByTheTag) {
    EXPECT_EQ(read({{"If-Match", tag_}, {"If-Unmodified-Since", kBefore}}).status, 200);
    EXPECT_EQ(read({{"If-Match", "0x1"}, {"If-Unmodified-Since", kThen}}).status, 412);
    EXPECT_EQ(read({{"If-None-Match", tag_}, {"If-Modified-Since", kBefore}}).status, 304);
    EXPECT_EQ(read({{"If-None-Match", "0x1"}, {"If-Modified-Since", kThen}}).status, 200);
}

// Batch: REST-18
TEST_F(Conditions, OfDifferentKindsDoNotGoTogether) {
    for (auto const* same : {"If-Match", "If-Unmodified-Since"}) {
        for (auto const* other : {"If-None-Match", "If-Modified-Since"}) {
            auto const value = [&](std::string_view name) { return name.ends_with("Match") ? tag_ : kThen; };
            auto const answer = read({{same, value(same)}, {other, value(other)}});
            EXPECT_EQ(answer.status, 400) << same << " and " << other;
            EXPECT_EQ(answer.code(), "MultipleConditionHeadersNotSupported");
        }
    }
}

TEST_F(Conditions, AreWellFormed) {
    auto const answer = read({{"If-Modified-Since", "yesterday"}});
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.code(), "InvalidHeaderValue");
    EXPECT_EQ(answer.value("HeaderName"), "If-Modified-Since");
    EXPECT_EQ(answer.value("HeaderValue"), "yesterday");
}

}  // namespace
}  // namespace bluebatch::emulator::batch

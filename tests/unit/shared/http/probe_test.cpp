#include "shared/http/probe.hpp"

#include "tests/unit/shared/http/support.hpp"

#include <gtest/gtest.h>

namespace bluebatch::http {
namespace {

class ProbeTest : public ::testing::Test {
protected:
    ProbeTest() {
        testing::make_echo(service_, folder_.path());
        url_ = "http://127.0.0.1:" + std::to_string(server_.listen("127.0.0.1", 0, service_)) + "/";
    }

    testing::FixedClock clock_;
    testing::TemporaryFolder folder_;
    testing::ScriptedService service_;
    Server server_{clock_, {}, 2};
    std::string url_;
};

TEST_F(ProbeTest, TellsWhoAnswered) {
    auto const answer = probe({.url = url_}, {}, {});
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->response.status, 200);
    EXPECT_EQ(answer->address, "127.0.0.1");
    EXPECT_FALSE(answer->certificate) << "plain HTTP";
}

TEST_F(ProbeTest, SaysWhyNobodyDid) {
    server_.stop(std::chrono::milliseconds(0));
    auto const answer = probe({.url = url_}, {}, {});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().fault, TransportFault::refused);
}

}  // namespace
}  // namespace bluebatch::http

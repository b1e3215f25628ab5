#include "tests/unit/emulator/blob/blob_fixture.hpp"

#include <thread>

namespace bluebatch::emulator::blob {
namespace {

using enum http::Verb;
using std::chrono::hours;

class AccessTest : public BlobFixture {
protected:
    void track(bool tracks) {
        service_.policies().change("acc", [=](cases::AccountPolicy& policy) {
            policy.tracks_access = tracks;
        });
    }
    std::string access_time() {
        return std::string{ask({head, "/con/b"}).headers.get("x-ms-last-access-time")};
    }
    // Notes are written in the background.
    bool becomes(std::string const& wanted) {
        for (int i = 0; i < 500 && access_time() != wanted; ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds{10});
        return access_time() == wanted;
    }
    std::string now() { return base::to_rfc1123(clock_.now()); }
};

TEST_F(AccessTest, IsNotTrackedUnlessAskedFor) {
    put("b", "x");
    ask({get, "/con/b"});
    EXPECT_EQ(access_time(), "");
}

TEST_F(AccessTest, AWriteAndTheFirstReadOfADayCount) {
    track(true);
    put("b", "x");
    auto const written = now();
    EXPECT_EQ(access_time(), written);
    clock_.advance(hours{23});
    ask({get, "/con/b"});
    clock_.advance(hours{1});
    EXPECT_EQ(access_time(), written);
    ask({get, "/con/b"});
    EXPECT_TRUE(becomes(now())) << access_time();

    auto const list = codec::parse_xml(ask({get, "/con?restype=container&comp=list"}).text);
    auto const* const time = list->find("Blobs")->children.at(0).find("Properties")->find("LastAccessTime");
    ASSERT_NE(time, nullptr);
    EXPECT_EQ(time->text, now());
    track(false);
    EXPECT_EQ(access_time(), "");
}

TEST_F(AccessTest, BeginsWithTheFirstReadOfAnOlderBlob) {
    put("b", "x");
    track(true);
    EXPECT_EQ(access_time(), "");
    ask({get, "/con/b"});
    EXPECT_TRUE(becomes(now()));
}

}  // namespace
}  // namespace bluebatch::emulator::blob

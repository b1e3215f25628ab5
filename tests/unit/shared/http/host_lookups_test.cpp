#include "shared/http/host_lookups.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <semaphore>

namespace bluebatch::http {
namespace {

// "slow" hosts are found when they are let; all others at once.
struct Names {
    std::counting_semaphore<> let{0};
    FoundHost look_up(std::string const& host, std::uint16_t port) {
        if (host.starts_with("slow")) let.acquire();
        if (host == "unknown") return {{}, "nobody knows it"};
        return {{{boost::asio::ip::address_v4::loopback(), port}}, {}};
    }
};

class HostLookupsTest : public ::testing::Test {
protected:
    void start(std::string const& host) {
        lookups_->start(host, 7, [this, host](FoundHost const& found) {
            told_ += host + (found.fault.empty() ? " " : ": " + found.fault + " ");
        });
    }
    // Runs until so much has been told.
    std::string told(std::string const& expected) {
        auto const until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (told_.size() < expected.size() && std::chrono::steady_clock::now() < until)
            io_.run_one_for(std::chrono::milliseconds(100));
        return told_;
    }

    std::shared_ptr<Names> names_ = std::make_shared<Names>();
    std::string told_;
    boost::asio::io_context io_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_.get_executor()};
    std::optional<HostLookups> lookups_{
        std::in_place,
        io_,
        [names = names_](auto const& host, auto port) { return names->look_up(host, port); },
        2};
};

TEST_F(HostLookupsTest, DoNotWaitForEachOther) {
    start("slow");
    start("quick");
    EXPECT_EQ(told("quick "), "quick ");
    start("unknown");
    EXPECT_EQ(told("quick unknown: nobody knows it "), "quick unknown: nobody knows it ");
    names_->let.release();
    EXPECT_EQ(told("quick unknown: nobody knows it slow "), "quick unknown: nobody knows it slow ");
}

TEST_F(HostLookupsTest, AreBoundedAndAddressesNeedNone) {
    start("slow-1");
    start("slow-2");
    start("quick");
    start("127.0.0.1");
    start("::1");
    EXPECT_EQ(told("127.0.0.1 ::1 "), "127.0.0.1 ::1 ");
    names_->let.release();
    EXPECT_TRUE(told("127.0.0.1 ::1 slow-1 quick ").ends_with("quick "));
    names_->let.release();
}

TEST_F(HostLookupsTest, AreForgottenAndNotWaitedFor) {
    auto const number = lookups_->start("slow", 7, [this](FoundHost const&) { told_ += "too late "; });
    lookups_->forget(number);
    names_->let.release();
    start("quick");
    EXPECT_EQ(told("quick "), "quick ");
    start("slow");
    lookups_.reset();
    EXPECT_EQ(told_, "quick ");
    names_->let.release();
}

}  // namespace
}  // namespace bluebatch::http

#include "resources_fixture.hpp"
#include "shared/http/client.hpp"
#include "shared/http/server.hpp"

namespace bluebatch::emulator::resources {
namespace {

using http::Verb;

// Behind a server with one thread.
class WaitingTest : public ResourcesTest {
protected:
    int status_of(Verb verb, std::string const& path, std::string body = {}) {
        http::OutgoingRequest request{
            .verb = verb,
            .url = "http://127.0.0.1:" + std::to_string(port_) + "/subscriptions/" +
                   std::string{kSubscription} + path + "?api-version=2022-10-01"};
        request.headers.set("Authorization", "Bearer contributor");
        request.body = std::move(body);
        request.stall_timeout = std::chrono::seconds{10};
        auto const response = client_->send(request, {}, {});
        return response ? response->status : 0;
    }

    http::Server server_{clock_, {}, 1};
    std::uint16_t port_ = server_.listen("127.0.0.1", 0, *service_);
    std::unique_ptr<http::Client> client_ = http::make_network_client({.use_proxy_from_environment = false});
};

TEST_F(WaitingTest, OthersAreServedWhileAnAccountComesToItsEnd) {
    make_group("g");
    make_group("h");
    make_storage("g", "stored");
    std::promise<void> begun;
    std::promise<void> served;
    accounts_.on_removing = [&] {
        begun.set_value();
        served.get_future().wait();
    };
    auto removal =
        std::async(std::launch::async, [&] { return status_of(Verb::remove, storage_path("g", "stored")); });
    begun.get_future().wait();
    auto change = std::async(std::launch::async, [&] {
        return status_of(Verb::patch, "/resourcegroups/h", R"({"tags":{"a":"b"}})");
    });
    EXPECT_EQ(status_of(Verb::get, "/resourcegroups/g"), 200);
    EXPECT_EQ(status_of(Verb::get, storage_path("bluebatch", "devstore")), 200);
    served.set_value();
    EXPECT_EQ(removal.get(), 200);
    EXPECT_EQ(change.get(), 200);
}

}  // namespace
}  // namespace bluebatch::emulator::resources

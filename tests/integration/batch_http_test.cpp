#include "emulator/batch/service.hpp"
#include "emulator/domain/node_directories.hpp"
#include "emulator/storage/batch/batch_store.hpp"
#include "shared/azure/batch_shared_key.hpp"
#include "shared/http/client.hpp"
#include "shared/http/server.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <thread>

namespace bluebatch {
namespace {

using http::Verb;

constexpr std::string_view kKey = "c29tZSBrZXkgb2YgYW4gYWNjb3VudCBpbiB0ZXN0cw==";

// The service behind a real port, asked over the network.
class BatchOverHttp : public ::testing::Test {
protected:
    BatchOverHttp()
        : database(
              folder.path() / "batch.db",
              emulator::storage::batch_schema(),
              emulator::storage::Durability::process
          ),
          service(
              std::make_shared<emulator::batch::BatchAccounts>(std::vector<emulator::batch::BatchAccount>{
                  {"devacct", {std::string(kKey)}, &database, {}}}),
              nullptr,
              folder.path(),
              clock,
              random,
              nullptr
          ),
          server(clock, {}, 2),
          port(server.listen("127.0.0.1", 0, service)),
          client(http::make_network_client({})) {}

    http::IncomingResponse send(
        Verb verb, std::string const& target, std::string body = {}, http::Headers extra = {}
    ) {
        http::RequestHead head;
        EXPECT_TRUE(http::parse_target(
            target + (target.find('?') == std::string::npos ? "?" : "&") + "api-version=2022-10-01.16.0", head
        ));
        http::OutgoingRequest request;
        request.verb = verb;
        request.url = "http://127.0.0.1:" + std::to_string(port) + head.path + "?" + head.raw_query;
        request.headers = std::move(extra);
        request.headers.set("ocp-date", base::to_rfc1123(clock.now()));
        if (!body.empty()) request.headers.set("Content-Type", "application/json; odata=minimalmetadata");
        std::optional<std::uint64_t> length;
        if (verb == Verb::post || verb == Verb::put) length = body.size();
        azure::sign_batch_request(
            verb, head.path, head.query, request.headers, length, {"devacct", std::string(kKey)}
        );
        request.body = std::move(body);
        auto answer = client->send(request, {}, {});
        EXPECT_TRUE(answer.has_value()) << (answer ? "" : answer.error().message);
        return answer ? std::move(*answer) : http::IncomingResponse{};
    }

    tests::TemporaryDirectory folder;
    base::SystemClock clock;
    base::SystemRandom random;
    emulator::storage::Database database;
    emulator::batch::BatchService service;
    http::Server server;
    std::uint16_t port;
    std::unique_ptr<http::Client> client;
};

TEST_F(BatchOverHttp, FramesAnswersAsTheServiceDoes) {
    auto const created = send(Verb::post, "/jobs", R"({"id":"job","poolInfo":{"poolId":"pool"}})");
    auto const got = send(Verb::get, "/jobs/job");
    auto const missing = send(Verb::get, "/jobs/nowhere");
    auto const ended = send(Verb::post, "/jobs/job/terminate");

    EXPECT_EQ(created.status, 201);
    EXPECT_EQ(created.headers.get("Transfer-Encoding"), "chunked");
    EXPECT_EQ(created.body, "");
    EXPECT_EQ(got.headers.get("Transfer-Encoding"), "chunked");
    EXPECT_NE(
        got.body.find("\"url\":\"http://127.0.0.1:" + std::to_string(port) + "/jobs/job\""), std::string::npos
    );
    EXPECT_EQ(missing.status, 404);
    EXPECT_EQ(missing.headers.get("Content-Length"), std::to_string(missing.body.size()));
    EXPECT_EQ(ended.status, 202);
    EXPECT_EQ(send(Verb::head, "/pools/nowhere").status, 404);
}

TEST_F(BatchOverHttp, RefusesALargeBodyWithoutReadingIt) {
    auto const answer = send(Verb::post, "/jobs", std::string(3 << 20, ' '));
    EXPECT_EQ(answer.status, 413);
    EXPECT_NE(answer.body.find("RequestBodyTooLarge"), std::string::npos);
}

TEST_F(BatchOverHttp, StreamsAFileAndTellsItsSizeToHead) {
    ASSERT_EQ(send(Verb::post, "/jobs", R"({"id":"job","poolInfo":{"poolId":"pool"}})").status, 201);
    ASSERT_EQ(send(Verb::post, "/jobs/job/tasks", R"({"id":"task","commandLine":"true"})").status, 201);
    {
        emulator::storage::Transaction transaction(database);
        emulator::domain::Node node;
        node.pool_id = "pool";
        node.id = "node";
        node.state = emulator::domain::NodeState::idle;
        emulator::storage::insert_node(transaction, node);
        auto task = emulator::storage::find_task(transaction.connection(), "job", "task").value();
        emulator::domain::move_to(task, emulator::domain::TaskState::running, clock.now());
        task.place = emulator::domain::TaskPlace{"pool", "node"};
        emulator::storage::update_task(transaction, task);
        transaction.commit();
    }
    auto const directory =
        emulator::domain::node_directories(folder.path(), "devacct", "pool", "node").task("job", "task");
    std::filesystem::create_directories(directory);
    std::string const content(3'000'000, 'x');
    std::ofstream(directory / "stdout.txt") << content << "end";

    auto const part =
        send(Verb::get, "/jobs/job/tasks/task/files/stdout.txt", {}, {{"ocp-range", "bytes=2999999-"}});
    auto const head = send(Verb::head, "/jobs/job/tasks/task/files/stdout.txt");

    EXPECT_EQ(part.status, 200);
    EXPECT_EQ(part.body, "xend");
    EXPECT_EQ(part.headers.get("Transfer-Encoding"), "chunked");
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.headers.get("Content-Length"), "3000003");
}

TEST_F(BatchOverHttp, ManyClientsAddTasksAtOnceAndNoneIsLost) {
    ASSERT_EQ(send(Verb::post, "/jobs", R"({"id":"job","poolInfo":{"poolId":"pool"}})").status, 201);
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([this, thread] {
            for (int i = 0; i < 25; ++i) {
                auto const id = std::to_string(thread) + "-" + std::to_string(i);
                auto const answer =
                    send(Verb::post, "/jobs/job/tasks", R"({"id":")" + id + R"(","commandLine":"true"})");
                EXPECT_EQ(answer.status, 201);
            }
        });
    }
    threads.clear();
    EXPECT_NE(send(Verb::get, "/jobs/job/taskcounts").body.find("\"active\":100"), std::string::npos);
}

}  // namespace
}  // namespace bluebatch

#include "client/api/batch_client.hpp"
#include "tests/unit/client/scripted_client.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <functional>

namespace bluebatch::client {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using tests::answer;
using tests::batch_error;
using tests::lost;

class BatchDocumentsTest : public tests::PipelineTest {
protected:
    nlohmann::json sent(std::size_t index) {
        return nlohmann::json::parse(std::get<std::string>(client_.requests.at(index).body));
    }
    std::string const& url(std::size_t index) { return client_.requests.at(index).url; }

    BatchClient batch_{pipeline_, "http://127.0.0.1:10003"};
    FileOwner task_{FileOwnerKind::task, "job 1", "t/1"};
};

TEST_F(BatchDocumentsTest, ListsFollowPagesAndEncodeFilters) {
    client_.will(answer(
        200,
        R"({"value":[{"id":"a"}],"odata.nextLink":"http://127.0.0.1:10003/pools?api-version=1&$skiptoken=x"})"
    ));
    client_.will(answer(200, R"({"value":[{"id":"b"}]})"));
    auto const pools = batch_.pool_documents("state eq 'active'");
    ASSERT_TRUE(pools);
    EXPECT_EQ(pools->size(), 2u);
    EXPECT_THAT(url(0), EndsWith("&$filter=state%20eq%20%27active%27"));
    EXPECT_THAT(url(1), EndsWith("$skiptoken=x"));
}

TEST_F(BatchDocumentsTest, WithoutAFilterNoneIsSent) {
    client_.will(answer(200, R"({"value":[]})"));
    ASSERT_TRUE(batch_.job_documents());
    EXPECT_THAT(url(0), EndsWith("/jobs?api-version=2024-07-01.20.0"));
}

TEST_F(BatchDocumentsTest, ResizesOnlyTheKindThatIsNamed) {
    client_.will(answer(202));
    ASSERT_TRUE(batch_.resize_pool("p", {.dedicated = {}, .low_priority = 3}));
    EXPECT_EQ(sent(0), R"({"targetLowPriorityNodes":3})"_json);
    EXPECT_THAT(url(0), HasSubstr("/pools/p/resize?"));
}

TEST_F(BatchDocumentsTest, RemovesNodesByName) {
    std::vector<std::string> const one{"n1"};
    client_.will(answer(202));
    ASSERT_TRUE(batch_.remove_nodes("p", one));
    EXPECT_EQ(sent(0), R"({"nodeList":["n1"]})"_json);
}

TEST_F(BatchDocumentsTest, IdsAreEncoded) {
    client_.will(answer(204));
    ASSERT_TRUE(batch_.terminate_task("job 1", "t/1"));
    EXPECT_THAT(url(0), HasSubstr("/jobs/job%201/tasks/t%2F1/terminate?"));
}

TEST_F(BatchDocumentsTest, WhatIsNotThereIsAnErrorOfADeletion) {
    client_.will(batch_error(404, "TaskNotFound"));
    auto const deleted = batch_.delete_task("j", "t");
    ASSERT_FALSE(deleted);
    EXPECT_EQ(deleted.error().code, "TaskNotFound");
}

TEST_F(BatchDocumentsTest, WhatALostAttemptDeletedIsDeleted) {
    client_.will(lost(http::TransportFault::interrupted));
    client_.will(batch_error(404, "TaskNotFound"));
    EXPECT_TRUE(batch_.delete_task("j", "t"));
}

// A service whose first answer is lost, and which has what `there` makes of what was sent by then.
class LossyService final : public http::Client {
public:
    explicit LossyService(std::function<nlohmann::json(nlohmann::json)> there) : there_(std::move(there)) {}

    tests::Answer send(http::OutgoingRequest const& request, http::BodySink const&, std::stop_token)
        override {
        if (request.verb == http::Verb::get) return answer(200, there_(sent).dump());
        sent = nlohmann::json::parse(std::get<std::string>(request.body));
        return ++posts_ == 1 ? lost(http::TransportFault::interrupted) : batch_error(409, "PoolExists");
    }

    nlohmann::json sent;

private:
    std::function<nlohmann::json(nlohmann::json)> there_;
    int posts_ = 0;
};

TEST_F(BatchDocumentsTest, WhatALostAttemptAddedIsAdded) {
    client_.will(lost(http::TransportFault::interrupted));
    client_.will(batch_error(409, "TaskExists"));
    client_.will(answer(200, R"({"id":"t","commandLine":"/bin/true"})"));
    EXPECT_TRUE(batch_.add_task("j", R"({"id":"t","commandLine":"/bin/true"})"_json));
    EXPECT_TRUE(client_.is_spent());
    auto const add = [this](nlohmann::json const& pool) {
        LossyService service([](auto sent) {
            sent["state"] = "active";
            return sent;
        });
        Pipeline const pipeline(service, authorizer_, clock_, random_, waiter_);
        EXPECT_TRUE(BatchClient(pipeline, "http://127.0.0.1:10003").add_pool(pool));
        return service.sent;
    };
    auto const first = add(R"({"id":"p","metadata":[]})"_json), second = add(R"({"id":"p"})"_json);
    EXPECT_EQ(first["metadata"].size(), 1U);
    EXPECT_NE(first, second) << "whoever sends the same is another";
    auto const named = R"({"id":"p","metadata":[{"name":"team","value":"blue"}]})"_json;
    EXPECT_EQ(add(named), named);
}

TEST_F(BatchDocumentsTest, WhatSomebodyElseAddedIsAnError) {
    client_.will(batch_error(409, "JobExists"));
    EXPECT_EQ(batch_.add_job(R"({"id":"j"})"_json).error().code, "JobExists");
    auto const add = [this](nlohmann::json const& pool, nlohmann::json const& there) {
        LossyService service([&there](auto const&) { return there; });
        Pipeline const pipeline(service, authorizer_, clock_, random_, waiter_);
        auto const added = BatchClient(pipeline, "http://127.0.0.1:10003").add_pool(pool);
        return added ? std::string() : added.error().code;
    };
    auto const bare = R"({"id":"p","vmSize":"a"})"_json;
    EXPECT_EQ(add(bare, bare), "PoolExists");
    EXPECT_EQ(add(bare, R"({"id":"p","metadata":[{"name":"by","value":"another"}]})"_json), "PoolExists");
    auto named = R"({"id":"p","vmSize":"a","metadata":[{"name":"team","value":"blue"}]})"_json;
    auto theirs = named;
    theirs["vmSize"] = "b";
    EXPECT_EQ(add(named, theirs), "PoolExists");
}

TEST_F(BatchDocumentsTest, TextsThatAreNotUtf8AreNotSent) {
    std::vector<std::string> const ids{"n\xff"};
    EXPECT_EQ(batch_.add_task("j", {{"id", "t"}, {"commandLine", "\xff"}}).error().fault, Fault::local);
    EXPECT_EQ(batch_.remove_nodes("p", ids).error().fault, Fault::local);
}

TEST_F(BatchDocumentsTest, TheFirstTasksAreOnePage) {
    client_.will(answer(
        200, R"({"value":[{"id":"a"}],"odata.nextLink":"http://127.0.0.1:10003/jobs/j/tasks?$skiptoken=x"})"
    ));
    auto const tasks = batch_.first_task_documents("j", "state eq 'running'", 12);
    ASSERT_TRUE(tasks);
    EXPECT_EQ(tasks->size(), 1u);
    EXPECT_THAT(url(0), HasSubstr("&maxresults=12&$select=id,"));
}

TEST_F(BatchDocumentsTest, ARangeThatIsNoLongerThereIsTold) {
    client_.will(answer(206, "c"));
    EXPECT_TRUE(is_out_of_range(batch_.read_file(task_, "f", 2, 3).error()));
    client_.will(batch_error(416, "InvalidRange"));
    EXPECT_TRUE(is_out_of_range(batch_.read_file(task_, "f", 2, 3).error()));
    client_.will(answer(200, "abcdefgh"));
    EXPECT_FALSE(is_out_of_range(batch_.read_file(task_, "f", 2, 3).error()));
}

TEST_F(BatchDocumentsTest, FilesOfTasksAndNodes) {
    client_.will(answer(200, R"({"value":[]})"));
    client_.will(answer(200, R"({"value":[]})"));
    ASSERT_TRUE(batch_.file_documents(task_));
    ASSERT_TRUE(batch_.file_documents({FileOwnerKind::node, "p", "n"}));
    EXPECT_THAT(url(0), HasSubstr("/jobs/job%201/tasks/t%2F1/files?"));
    EXPECT_THAT(url(0), EndsWith("&recursive=true"));
    EXPECT_THAT(url(1), HasSubstr("/pools/p/nodes/n/files?"));
}

TEST_F(BatchDocumentsTest, PropertiesOfAFileAreItsHeaders) {
    client_.will(answer(200, {}, {{"Content-Length", "12"}, {"ocp-batch-file-isdirectory", "False"}}));
    auto const found = batch_.file_properties(task_, "wd/a b");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->size, 12u);
    EXPECT_FALSE(found->is_directory);
    EXPECT_THAT(url(0), HasSubstr("/files/wd%2Fa%20b?"));
}

TEST_F(BatchDocumentsTest, ARefusalWithoutWordsIsAskedForThem) {
    client_.will(answer(404));
    client_.will(batch_error(404, "FileNotFound"));
    EXPECT_EQ(batch_.file_properties(task_, "f").error().code, "FileNotFound");
    EXPECT_EQ(client_.requests[1].headers.get("ocp-range"), "bytes=0-0");
}

TEST_F(BatchDocumentsTest, ReadsARangeAgainAfterItBroke) {
    client_.will(lost(http::TransportFault::interrupted));
    client_.will(answer(200, "cde"));
    auto const bytes = batch_.read_file(task_, "f", 2, 3);
    ASSERT_TRUE(bytes);
    EXPECT_EQ(*bytes, "cde");
    EXPECT_EQ(client_.requests[1].headers.get("ocp-range"), "bytes=2-4");
}

TEST_F(BatchDocumentsTest, AServiceThatIgnoresTheRangeIsNoticedAndNotKept) {
    client_.will(answer(200, std::string(1 << 20, 'x')));
    auto const bytes = batch_.read_file(task_, "f", 2, 3);
    ASSERT_FALSE(bytes);
    EXPECT_EQ(bytes.error().fault, Fault::protocol);
}

TEST_F(BatchDocumentsTest, NothingIsAskedForNoBytes) {
    EXPECT_EQ(batch_.read_file(task_, "f", 2, 0).value(), "");
}

TEST_F(BatchDocumentsTest, WhatALostAttemptHasDoneIsDone) {
    auto const lost_and_then = [this](std::string const& code) {
        client_.will(lost(http::TransportFault::interrupted));
        client_.will(batch_error(409, code));
    };
    lost_and_then("JobBeingTerminated");
    EXPECT_TRUE(batch_.terminate_job("j"));
    lost_and_then("TaskCompleted");
    EXPECT_TRUE(batch_.terminate_task("j", "t"));
    lost_and_then("TaskNotCompleted");
    EXPECT_TRUE(batch_.reactivate_task("j", "t"));
    lost_and_then("PoolBeingResized");
    client_.will(answer(200, R"({"id":"p","targetDedicatedNodes":2,"targetLowPriorityNodes":9})"));
    EXPECT_TRUE(batch_.resize_pool("p", {.dedicated = 2, .low_priority = {}}));
    EXPECT_TRUE(client_.is_spent());
}

TEST_F(BatchDocumentsTest, WhatSomebodyElseHasDoneIsToldAsItIs) {
    client_.will(batch_error(409, "TaskCompleted"));
    EXPECT_FALSE(batch_.terminate_task("j", "t"));
    client_.will(lost(http::TransportFault::interrupted));
    client_.will(batch_error(409, "PoolBeingResized"));
    client_.will(answer(200, R"({"id":"p","targetDedicatedNodes":7})"));
    EXPECT_FALSE(batch_.resize_pool("p", {.dedicated = 2, .low_priority = {}}));
}

}  // namespace
}  // namespace bluebatch::client

#include "emulator/batch/wire/task_writer.hpp"

#include "emulator/batch/wire/schema/task.hpp"

#include <gtest/gtest.h>

namespace bluebatch::emulator::batch::wire {
namespace {

using namespace std::chrono_literals;

constexpr base::TimePoint kAdded{base::Ticks{17'095'464'000'000'000}};  // 2024-03-04T10:00:00Z

domain::Task completed_task() {
    domain::Task task;
    task.job_id = "job";
    task.id = "task";
    task.creation_time = task.last_modified = kAdded;
    domain::move_to(task, domain::TaskState::running, kAdded + 1s);
    domain::move_to(task, domain::TaskState::completed, kAdded + 5s);
    task.execution.start_time = kAdded + 1s;
    task.execution.end_time = kAdded + 4s;
    task.execution.exit_code = 0;
    task.execution.result = domain::TaskResult::success;
    task.place = domain::TaskPlace{"pool", "tvmps_1_d"};
    task.document = R"({"commandLine":"/bin/true"})";
    return task;
}

std::string write(
    domain::Task const& task,
    std::string_view select = "",
    ApiVersion version = kNewest,
    Json const* statistics = nullptr
) {
    Urls const urls("http://h:1");
    auto const selection = Selection::parse(select, schema::kTask).value();
    std::string text;
    TaskWriter(urls, selection, version).append(text, task, statistics);
    return text;
}

TEST(TaskWriter, WritesEveryMemberInTheServicesOrder) {
    EXPECT_EQ(
        write(completed_task()),
        R"({"id":"task","url":"http://h:1/jobs/job/tasks/task","eTag":"0x8DC3C31DAB31000",)"
        R"("creationTime":"2024-03-04T10:00:00Z","lastModified":"2024-03-04T10:00:00Z","state":"completed",)"
        R"("stateTransitionTime":"2024-03-04T10:00:05Z","previousState":"running",)"
        R"("previousStateTransitionTime":"2024-03-04T10:00:01Z","commandLine":"/bin/true",)"
        R"("userIdentity":{"autoUser":{"scope":"pool","elevationLevel":"nonadmin"}},)"
        R"("constraints":{"maxWallClockTime":"P10675199DT2H48M5.4775807S","retentionTime":"P7D",)"
        R"("maxTaskRetryCount":0},"requiredSlots":1,)"
        R"("executionInfo":{"startTime":"2024-03-04T10:00:01Z","endTime":"2024-03-04T10:00:04Z","exitCode":0,)"
        R"("result":"success","retryCount":0,"requeueCount":0},)"
        R"("nodeInfo":{"affinityId":"TVM:tvmps_1_d","nodeUrl":"http://h:1/pools/pool/nodes/tvmps_1_d",)"
        R"("poolId":"pool","nodeId":"tvmps_1_d","taskRootDirectory":"workitems/job/job-1/task",)"
        R"("taskRootDirectoryUrl":"http://h:1/pools/pool/nodes/tvmps_1_d/files/workitems/job/job-1/task"}})"
    );
}

TEST(TaskWriter, ShowsNoNodeBeforeThereIsOne) {
    auto task = completed_task();
    task.place.reset();
    EXPECT_EQ(write(task, "nodeInfo"), R"({"nodeInfo":{}})") << "ended before it ran";
    task.state = domain::TaskState::active;
    EXPECT_EQ(write(task, "nodeInfo"), "{}");
}

TEST(TaskWriter, WritesTextsAsJsonHasThem) {
    auto task = completed_task();
    std::string const command = "/bin/sh -c \"echo 'ä\\n\t'\"";
    task.document = Json{{"commandLine", command}, {"displayName", "ä\x7F"}}.dump();
    auto const json = Json::parse(write(task, "commandLine,displayName"));
    EXPECT_EQ(json["commandLine"], command);
    EXPECT_EQ(json["displayName"], "ä\x7F");
}

TEST(TaskWriter, WritesOldShapes) {
    auto task = completed_task();
    task.document =
        R"({"commandLine":"x","resourceFiles":[{"httpUrl":"http://b","filePath":"f"}],"dependsOn":{"taskIds":["a"]}})";
    auto const json = Json::parse(write(task, "", ApiVersion::v2017_09));
    EXPECT_EQ(json["resourceFiles"].dump(), R"([{"blobSource":"http://b","filePath":"f"}])");
    EXPECT_EQ(json["dependsOn"].dump(), R"({"taskIds":["a"]})");
    EXPECT_FALSE(json.contains("requiredSlots"));
    EXPECT_EQ(write(task, "requiredSlots", ApiVersion::v2017_09), "{}");
}

TEST(TaskWriter, WritesWhatIsSelected) {
    EXPECT_EQ(write(completed_task(), "state,id"), R"({"id":"task","state":"completed"})");
    EXPECT_EQ(
        write(completed_task(), "id,executionInfo/exitCode"),
        R"({"id":"task","executionInfo":{"exitCode":0}})"
    );
}

TEST(TaskWriter, WritesFailuresAndStatistics) {
    auto task = completed_task();
    task.execution.exit_code = 3;
    task.execution.result = domain::TaskResult::failure;
    task.execution.failure = domain::failure_exit_code();
    task.execution.retry_count = 2;
    task.execution.last_retry_time = kAdded + 3s;
    Json const statistics{{"url", "u"}, {"waitTime", "PT1S"}};
    auto const json = Json::parse(write(task, "executionInfo,stats", kNewest, &statistics));
    EXPECT_EQ(json["executionInfo"]["failureInfo"]["code"], "FailureExitCode");
    EXPECT_EQ(json["executionInfo"]["retryCount"], 2);
    EXPECT_EQ(json["executionInfo"]["lastRetryTime"], "2024-03-04T10:00:03Z");
    EXPECT_EQ(json["stats"].dump(), R"({"url":"u","waitTime":"PT1S"})");
}

}  // namespace
}  // namespace bluebatch::emulator::batch::wire

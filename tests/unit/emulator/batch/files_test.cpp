#include "emulator/domain/node_directories.hpp"
#include "tests/unit/emulator/batch/service_fixture.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <sys/stat.h>

#include <fstream>

namespace bluebatch::emulator::batch {
namespace {

using http::Verb;

class Files : public ServiceFixture {
protected:
    void SetUp() override {
        ASSERT_EQ(post("/pools", a_pool("pool")).status, 201);
        add_job();
        add_task("task");
        storage::Transaction transaction(database);
        domain::Node node;
        node.pool_id = "pool";
        node.id = "tvmps_1_d";
        node.state = domain::NodeState::idle;
        storage::insert_node(transaction, node);
        transaction.commit();
        change_task("task", [&](domain::Task& task) {
            domain::move_to(task, domain::TaskState::running, clock.now());
            task.place = domain::TaskPlace{"pool", "tvmps_1_d"};
        });
        write("stdout.txt", "0123456789");
        write("wd/a b+c.txt", "hello");
        write("wd/sub/deep.txt", "deep");
    }

    std::filesystem::path node_root() const {
        return domain::node_directories(folder.path(), "devacct", "pool", "tvmps_1_d").root;
    }
    std::filesystem::path task_root() const { return node_root() / "workitems/job/job-1/task"; }

    void write(std::string const& name, std::string_view content) const {
        auto const path = task_root() / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path) << content;
    }

    static std::string content(Answer const& answer) {
        std::string bytes;
        for (auto const& slice : answer.slices) {
            std::string piece(slice.length, '\0');
            EXPECT_EQ(
                ::pread(
                    slice.file->descriptor(), piece.data(), piece.size(), static_cast<off_t>(slice.offset)
                ),
                static_cast<ssize_t>(piece.size())
            );
            bytes += piece;
        }
        return bytes;
    }

    std::vector<std::string> names(std::string const& query) {
        std::vector<std::string> found;
        auto const list = get("/jobs/job/tasks/task/files" + query).json();
        for (auto const& file : list["value"])
            found.push_back(file["name"]);
        return found;
    }

    using Names = std::vector<std::string>;
};

// Batch: FILE-2, REST-44
TEST_F(Files, ListsOneLevelOrAll) {
    EXPECT_EQ(names(""), (Names{"stdout.txt", "wd"}));
    EXPECT_EQ(
        names("?recursive=true"), (Names{"stdout.txt", "wd", "wd/a b+c.txt", "wd/sub", "wd/sub/deep.txt"})
    );
    EXPECT_EQ(
        names("?recursive=true&$filter=startswith(name,%27wd%2Fsub%27)"), (Names{"wd/sub", "wd/sub/deep.txt"})
    );

    auto const list = get("/jobs/job/tasks/task/files?recursive=true").json();
    EXPECT_EQ(list["odata.metadata"], "http://127.0.0.1:10003/$metadata#files");
    auto const& file = list["value"][2];
    EXPECT_EQ(file["url"], "http://127.0.0.1:10003/jobs/job/tasks/task/files/wd/a%20b%2Bc.txt");
    EXPECT_EQ(file["isDirectory"], false);
    EXPECT_EQ(file["properties"]["contentLength"], "5");
    EXPECT_EQ(file["properties"]["contentType"], "text/plain");
    EXPECT_EQ(list["value"][1]["isDirectory"], true);
    EXPECT_FALSE(list["value"][1].contains("properties"));
}

TEST_F(Files, ListsPageByPageWithoutLosingAny) {
    write("wd-other", "x");
    write("wd.txt", "x");
    Names all = names("?recursive=true");
    Names paged;
    std::string query = "/jobs/job/tasks/task/files?recursive=true&maxresults=1";
    for (int i = 0; i < 20 && !query.empty(); ++i) {
        auto const page = get(query).json();
        for (auto const& file : page["value"])
            paged.push_back(file["name"]);
        auto const link = std::string(wire::text_of(page, "odata.nextLink"));
        query = link.empty() ? "" : link.substr(std::string("http://127.0.0.1:10003").size());
    }
    EXPECT_EQ(paged, all);
    EXPECT_EQ(all.size(), 7U);
}

// Batch: FILE-3
TEST_F(Files, GetsAFileHoweverItsNameIsEncoded) {
    auto const answer = get("/jobs/job/tasks/task/files/wd%2Fa%20b%2Bc.txt");

    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.framing, http::Framing::chunked);
    EXPECT_EQ(content(answer), "hello");
    EXPECT_EQ(answer.headers.get("Content-Type"), "text/plain");
    EXPECT_EQ(answer.headers.get("ocp-batch-file-isdirectory"), "False");
    EXPECT_EQ(
        answer.headers.get("ocp-batch-file-url"),
        "http%3A%2F%2F127.0.0.1%3A10003%2Fjobs%2Fjob%2Ftasks%2Ftask%2Ffiles%2Fwd%252Fa%2520b%252Bc.txt"
    );
    EXPECT_TRUE(answer.headers.has("Last-Modified"));
    EXPECT_FALSE(answer.headers.has("ETag"));
    EXPECT_EQ(content(get("/jobs/job/tasks/task/files/wd/sub/deep.txt")), "deep");
    EXPECT_EQ(content(get("/jobs/job/tasks/task/files/wd%5Csub%5Cdeep.txt")), "deep");
    EXPECT_EQ(get("/jobs/job/tasks/task/files/nothing").code(), "FileNotFound");
    EXPECT_EQ(get("/jobs/job/tasks/task/files/wd").code(), "FileNotFound");
}

// Batch: FILE-4
TEST_F(Files, GetsARange) {
    auto const with = [&](std::string range) {
        return get("/jobs/job/tasks/task/files/stdout.txt", {{"ocp-range", std::move(range)}});
    };

    EXPECT_EQ(with("bytes=2-4").status, 200);
    EXPECT_EQ(content(with("bytes=2-4")), "234");
    EXPECT_EQ(content(with("bytes=8-")), "89");
    EXPECT_EQ(content(with("bytes=8-1000")), "89");
    for (auto const* range : {"bytes=10-", "bytes=4-2", "bytes=-5", "2-4", "bytes=a-b", "bytes=1-2,4-5"}) {
        EXPECT_EQ(with(range).status, 416) << range;
        EXPECT_EQ(with(range).code(), "InvalidRange") << range;
    }
}

TEST_F(Files, HeadTellsTheSize) {
    auto const file = send(Verb::head, "/jobs/job/tasks/task/files/stdout.txt");
    auto const directory = send(Verb::head, "/jobs/job/tasks/task/files/wd");

    EXPECT_EQ(file.status, 200);
    EXPECT_EQ(file.content_length, 10U);
    EXPECT_EQ(file.framing, http::Framing::content_length);
    EXPECT_TRUE(file.slices.empty());
    EXPECT_EQ(directory.headers.get("ocp-batch-file-isdirectory"), "True");
    EXPECT_EQ(send(Verb::head, "/jobs/job/tasks/task/files/nothing").status, 404);
}

// Batch: REST-17
TEST_F(Files, HeedsDates) {
    EXPECT_EQ(
        get("/jobs/job/tasks/task/files/stdout.txt", {{"If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT"}}
        ).status,
        304
    );
    EXPECT_EQ(
        get("/jobs/job/tasks/task/files/stdout.txt",
            {{"If-Unmodified-Since", "Sat, 01 Jan 2000 00:00:00 GMT"}}
        ).status,
        412
    );
}

// Batch: FILE-7
TEST_F(Files, NothingOutsideIsReached) {
    write("wd/inside", "in");
    std::ofstream(folder.path() / "secret") << "secret";
    std::filesystem::create_symlink(folder.path() / "secret", task_root() / "wd/link");
    std::filesystem::create_symlink("../../../../../../../../secret", task_root() / "wd/up");
    std::filesystem::create_directory_symlink("/", task_root() / "wd/root");
    std::filesystem::create_symlink("inside", task_root() / "wd/fine");

    for (auto const* path :
         {"..%2F..%2Fsecret",
          "../../secret",
          "wd%2F..%2F..%2F..%2Fsecret",
          "%2Fetc%2Fpasswd",
          "wd/link",
          "wd/up",
          "wd/root/etc/passwd",
          "wd%00inside",
          "..%5C..%5Csecret"}) {
        auto const answer = get(std::string("/jobs/job/tasks/task/files/") + path);
        EXPECT_EQ(answer.status, 404) << path;
        EXPECT_TRUE(answer.slices.empty()) << path;
    }
    EXPECT_EQ(content(get("/jobs/job/tasks/task/files/wd/fine")), "in");
    auto const listed = names("?recursive=true&$filter=startswith(name,%27wd%2F%27)");
    EXPECT_EQ(listed, (Names{"wd/a b+c.txt", "wd/fine", "wd/inside", "wd/sub", "wd/sub/deep.txt"}));
}

TEST_F(Files, APipeIsNotAFile) {
    ASSERT_EQ(::mkfifo((task_root() / "pipe").c_str(), 0600), 0);
    EXPECT_EQ(get("/jobs/job/tasks/task/files/pipe").code(), "FileNotFound");
    EXPECT_EQ(names(""), (Names{"stdout.txt", "wd"}));
}

// Batch: FILE-5
TEST_F(Files, DeletesAFileOrAWholeTree) {
    std::filesystem::create_directories(folder.path() / "outside");
    std::ofstream(folder.path() / "outside/kept") << "x";
    std::filesystem::create_directory_symlink(folder.path() / "outside", task_root() / "wd/sub/away");

    EXPECT_EQ(remove("/jobs/job/tasks/task/files/stdout.txt").status, 200);
    EXPECT_EQ(remove("/jobs/job/tasks/task/files/stdout.txt").code(), "FileNotFound");
    EXPECT_EQ(remove("/jobs/job/tasks/task/files/wd").status, 409);
    EXPECT_EQ(remove("/jobs/job/tasks/task/files/wd?recursive=true").status, 200);
    EXPECT_EQ(names(""), Names{});
    EXPECT_TRUE(std::filesystem::exists(folder.path() / "outside/kept"));
    EXPECT_EQ(remove("/jobs/job/tasks/task/files/%2E%2E?recursive=true").status, 404);
    EXPECT_EQ(remove("/jobs/job/tasks/task/files/.?recursive=true").status, 404);
    EXPECT_TRUE(std::filesystem::exists(task_root()));
}

// Batch: FILE-6
TEST_F(Files, SaysWhyTheyAreNotThere) {
    add_task("waiting");
    auto const waiting = get("/jobs/job/tasks/waiting/files/stdout.txt");
    EXPECT_EQ(waiting.status, 409);
    EXPECT_EQ(waiting.code(), "OperationInvalidForCurrentState");
    EXPECT_EQ(
        waiting.value("Reason"),
        "The files of the specified task cannot be accessed as the task state is still active"
    );
    ASSERT_EQ(post("/jobs/job/tasks/waiting/terminate").status, 204);
    EXPECT_EQ(get("/jobs/job/tasks/waiting/files").code(), "OperationInvalidForCurrentState");
    EXPECT_EQ(get("/jobs/job/tasks/other/files").code(), "TaskNotFound");
    EXPECT_EQ(get("/jobs/other/tasks/other/files").code(), "JobNotFound");

    change_task("task", [&](domain::Task& task) {
        domain::move_to(task, domain::TaskState::completed, clock.now());
    });
    {
        storage::Transaction transaction(database);
        auto const task = storage::find_task(transaction.connection(), "job", "task");
        storage::mark_files_removed(transaction, task->sequence);
        transaction.commit();
    }
    EXPECT_EQ(get("/jobs/job/tasks/task/files/stdout.txt").code(), "TaskFilesCleanedup");
}

TEST_F(Files, FilesGoWithTheirNode) {
    storage::Transaction transaction(database);
    storage::delete_node(transaction, "pool", "tvmps_1_d");
    transaction.commit();
    EXPECT_EQ(get("/jobs/job/tasks/task/files/stdout.txt").code(), "TaskFilesUnavailable");
}

TEST_F(Files, ShowsAllOfANode) {
    auto const list = get("/pools/pool/nodes/tvmps_1_d/files?recursive=true&maxresults=3").json();
    EXPECT_EQ(list["value"][0]["name"], "workitems");
    EXPECT_EQ(list["value"][2]["name"], "workitems/job/job-1");
    EXPECT_EQ(
        content(get("/pools/pool/nodes/tvmps_1_d/files/workitems/job/job-1/task/stdout.txt")), "0123456789"
    );
    EXPECT_EQ(get("/pools/pool/nodes/other/files").code(), "NodeNotFound");
    EXPECT_EQ(get("/pools/other/nodes/other/files").code(), "PoolNotFound");
}

TEST_F(Files, CountsNodesByState) {
    auto const counts = get("/nodecounts?$filter=poolId%20eq%20%27POOL%27").json();
    EXPECT_EQ(counts["odata.metadata"], "http://127.0.0.1:10003/$metadata#poolnodecounts");
    ASSERT_EQ(counts["value"].size(), 1U);
    EXPECT_EQ(
        counts["value"][0]["dedicated"].dump(),
        R"({"creating":0,"idle":1,"leavingPool":0,"offline":0,"preempted":0,"rebooting":0,"reimaging":0,)"
        R"("running":0,"starting":0,"startTaskFailed":0,"unusable":0,"unknown":0,"waitingForStartTask":0,"total":1})"
    );
    EXPECT_EQ(get("/nodecounts?maxresults=11").status, 400);
    EXPECT_EQ(get("/nodecounts?$filter=poolId%20ne%20%27x%27").status, 400);
}

TEST_F(Files, NamesTheImagesAPoolMayUse) {
    auto const linux_images = get("/supportedimages?$filter=osType%20eq%20%27linux%27%20and%"
                                  "20verificationType%20eq%20%27Verified%27")
                                  .json();
    ASSERT_GT(linux_images["value"].size(), 5U);
    EXPECT_EQ(
        linux_images["value"][0].dump(),
        R"({"nodeAgentSKUId":"batch.node.ubuntu 18.04","imageReference":{"publisher":"canonical",)"
        R"("offer":"ubuntuserver","sku":"18.04-lts","version":"latest"},"osType":"linux","verificationType":"verified"})"
    );
    auto const page = get("/supportedimages?maxresults=2").json();
    EXPECT_EQ(page["value"].size(), 2U);
    EXPECT_TRUE(page.contains("odata.nextLink"));
    EXPECT_EQ(get("/supportedimages?$filter=sku%20eq%20%27x%27").status, 400);
    EXPECT_EQ(get("/supportedimages?api-version=2018-12-01.8.0").status, 404);
}

TEST_F(Files, KindsThatNoAccountHasAreEmpty) {
    EXPECT_EQ(get("/applications").json()["value"].size(), 0U);
    EXPECT_EQ(get("/jobschedules").json()["value"].size(), 0U);
    EXPECT_EQ(get("/jobschedules/x").code(), "JobScheduleNotFound");
    EXPECT_EQ(get("/jobs/job/tasks/task/subtasksinfo").json()["value"].size(), 0U);
}

}  // namespace
}  // namespace bluebatch::emulator::batch

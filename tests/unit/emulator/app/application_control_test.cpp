#include "emulator/app/application_control.hpp"

#include "emulator/storage/batch/batch_store.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>

namespace bluebatch::emulator::app {
namespace {

using http::Verb;
using Json = nlohmann::json;

class ApplicationControlTest : public testing::Test {
protected:
    static inline std::string const kZip{"PK\x03\x04 and more"};

    static http::Request request(Verb verb, std::string const& path) {
        http::Request request;
        request.verb = verb;
        request.path = "/_bluebatch/applications/" + path;
        return request;
    }
    ControlAnswer ask(Verb verb, std::string const& path, std::string body = {}) {
        auto made = request(verb, path);
        made.body.bytes = std::move(body);
        return control_.answer(made);
    }
    ControlAnswer upload(std::string const& path, std::string const& bytes = kZip) {
        auto made = request(Verb::put, path);
        auto const file = folder_.path() / "spooled";
        std::ofstream(file) << bytes;
        made.body.file.emplace(file);
        made.body.size = bytes.size();
        return control_.answer(made);
    }
    Json show(std::string const& path) { return Json::parse(ask(Verb::get, path).json); }

    tests::TemporaryDirectory folder_;
    tests::ManualClock clock_;
    storage::Database database_{
        folder_.path() / "batch.db", storage::batch_schema(), storage::Durability::process};
    storage::ApplicationPackages packages_{database_, folder_.path() / "packages", storage::lazy_disk()};
    std::shared_ptr<ApplicationControl::Accounts> accounts_ = std::make_shared<ApplicationControl::Accounts>(
        std::vector<ApplicationControl::Account>{{"acc", database_, packages_}}
    );
    ApplicationControl control_{accounts_, folder_.path(), clock_};
};

TEST_F(ApplicationControlTest, TakesPackages) {
    auto const answer = upload("acc/tool/versions/1.0");

    EXPECT_EQ(answer.status, 201) << answer.json;
    EXPECT_EQ(Json::parse(answer.json)["size"], kZip.size());
    EXPECT_EQ(show("acc/tool/versions/1.0")["version"], "1.0");
    EXPECT_EQ(show("ACC/tool")["packages"].size(), 1U);
    EXPECT_EQ(show("acc/tool")["defaultVersion"], nullptr);
    EXPECT_EQ(show("acc")["applications"][0]["id"], "tool");
    EXPECT_TRUE(std::filesystem::exists(packages_.find("tool", "1.0")->path));
}

TEST_F(ApplicationControlTest, SpoolsPackagesAndNothingElse) {
    auto const plan = control_.plan(request(Verb::put, "acc/tool/versions/1.0"));
    ASSERT_TRUE(plan);
    EXPECT_EQ(plan->limit, ApplicationControl::kLargestPackage);
    EXPECT_EQ(plan->memory_limit, 0U);
    EXPECT_EQ(plan->spool_folder, folder_.path());
    EXPECT_FALSE(control_.plan(request(Verb::get, "acc/tool/versions/1.0")));
    EXPECT_FALSE(control_.plan(request(Verb::put, "acc/tool")));
}

TEST_F(ApplicationControlTest, RefusesWhatIsNoPackage) {
    EXPECT_EQ(upload("acc/tool/versions/1.0", "text").status, 400);
    EXPECT_EQ(upload("acc/tool/versions/1.0", "").status, 400);
    EXPECT_EQ(upload("acc/a%20b/versions/1.0").status, 400);
    EXPECT_EQ(upload("acc/tool/versions/..%2F1").status, 400);
    EXPECT_EQ(upload("acc/" + std::string(65, 'a') + "/versions/1.0").status, 400);
    EXPECT_EQ(upload("other/tool/versions/1.0").status, 404);
    EXPECT_EQ(ask(Verb::put, "acc/tool/versions/1.0", kZip).status, 400);
    EXPECT_EQ(ask(Verb::get, "acc/tool").status, 404);
}

TEST_F(ApplicationControlTest, ChangesApplications) {
    upload("acc/tool/versions/1.0");

    auto const changed =
        ask(Verb::patch, "acc/tool", R"({"defaultVersion":"1.0","displayName":"A tool","allowUpdates":false})"
        );

    EXPECT_EQ(changed.status, 200) << changed.json;
    auto const json = show("acc/tool");
    EXPECT_EQ(json["defaultVersion"], "1.0");
    EXPECT_EQ(json["displayName"], "A tool");
    EXPECT_EQ(json["allowUpdates"], false);
    EXPECT_EQ(upload("acc/tool/versions/1.0").status, 409);
    EXPECT_EQ(ask(Verb::remove, "acc/tool/versions/1.0").status, 409);
    EXPECT_EQ(ask(Verb::patch, "acc/tool", R"({"defaultVersion":null,"allowUpdates":true})").status, 200);
    EXPECT_EQ(show("acc/tool")["defaultVersion"], nullptr);
    EXPECT_EQ(show("acc/tool")["displayName"], "A tool");
}

TEST_F(ApplicationControlTest, RefusesAllOfAChangeThatIsWrongInPart) {
    upload("acc/tool/versions/1.0");
    for (auto const* body :
         {"",
          "[]",
          R"({"allowUpdates":false,"colour":1})",
          R"({"allowUpdates":false,"defaultVersion":"2.0"})"})
        EXPECT_EQ(ask(Verb::patch, "acc/tool", body).status, 400) << body;
    EXPECT_EQ(show("acc/tool")["allowUpdates"], true);
    EXPECT_EQ(ask(Verb::patch, "acc/other", "{}").status, 404);
}

TEST_F(ApplicationControlTest, RemovesThem) {
    upload("acc/tool/versions/1.0");
    EXPECT_EQ(ask(Verb::remove, "acc/tool").status, 409);
    EXPECT_EQ(ask(Verb::remove, "acc/tool/versions/1.0").status, 200);
    EXPECT_EQ(ask(Verb::get, "acc/tool/versions/1.0").status, 404);
    EXPECT_EQ(ask(Verb::remove, "acc/tool").status, 200);
    EXPECT_EQ(ask(Verb::get, "acc/tool").status, 404);
    EXPECT_EQ(ask(Verb::post, "acc/tool").status, 405);
}

}  // namespace
}  // namespace bluebatch::emulator::app

#include "emulator/app/storage_settings.hpp"

#include "emulator/storage/blob/blob_storage.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace bluebatch::emulator::app {
namespace {

class StorageSettingsTest : public testing::Test {
protected:
    ControlAnswer ask(http::Verb verb, std::string const& account, std::string body = {}) {
        http::Request request;
        request.verb = verb;
        request.path = "/_bluebatch/storage/" + account;
        request.body.bytes = std::move(body);
        return settings_.answer(request);
    }
    static nlohmann::json json_of(ControlAnswer const& answer) { return nlohmann::json::parse(answer.json); }

    tests::TemporaryDirectory folder_;
    tests::ManualClock clock_;
    storage::blob::BlobStorage storage_{folder_.path(), storage::Durability::process, clock_};
    blob::cases::AccountPolicies policies_{storage_.database(), {.container_retention_days = 3}};
    std::shared_ptr<blob::BlobAccounts> accounts_ =
        std::make_shared<blob::BlobAccounts>(std::vector<blob::BlobAccount>{{"acc", {}}});
    StorageSettings settings_{policies_, accounts_};
};

TEST_F(StorageSettingsTest, ShowWhatHolds) {
    auto const json = json_of(ask(http::Verb::get, "acc"));
    EXPECT_EQ(json["blobVersioning"], false);
    EXPECT_EQ(json["blobSoftDeleteDays"], nullptr);
    EXPECT_EQ(json["containerSoftDeleteDays"], 3);
    EXPECT_EQ(json["rehydrationSeconds"], 5);
    EXPECT_EQ(ask(http::Verb::get, "other").status, 404);
}

TEST_F(StorageSettingsTest, ChangeWhatIsNamed) {
    auto const body = R"({"blobVersioning":true,"blobSoftDeleteDays":7,"containerSoftDeleteDays":null})";
    auto const changed = ask(http::Verb::put, "acc", body);
    EXPECT_EQ(changed.status, 200) << changed.json;
    EXPECT_EQ(json_of(changed), json_of(ask(http::Verb::get, "acc")));
    auto const policy = policies_.of("acc");
    EXPECT_TRUE(policy.keeps_versions);
    EXPECT_EQ(policy.blob_retention_days, 7);
    EXPECT_FALSE(policy.container_retention_days);
    EXPECT_FALSE(policy.tracks_access);
}

TEST_F(StorageSettingsTest, RefuseAllOfAChangeThatIsWrongInPart) {
    for (auto const* const body :
         {"",
          "[]",
          R"({"blobVersioning":true,"colour":"blue"})",
          R"({"blobVersioning":"yes"})",
          R"({"blobVersioning":true,"blobSoftDeleteDays":0})",
          R"({"blobSoftDeleteDays":366})",
          R"({"rehydrationSeconds":-1})"}) {
        EXPECT_EQ(ask(http::Verb::put, "acc", body).status, 400) << body;
    }
    EXPECT_FALSE(policies_.of("acc").keeps_versions);
    EXPECT_EQ(ask(http::Verb::remove, "acc").status, 405);
}

}  // namespace
}  // namespace bluebatch::emulator::app

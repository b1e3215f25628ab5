#include "emulator/storage/batch/application_store.hpp"
#include "emulator/storage/batch/batch_store.hpp"
#include "resources_fixture.hpp"

#include <fstream>
#include <utility>

namespace bluebatch::emulator::resources {
namespace {

using http::Verb;

// With files in a blob service that is a map.
class ApplicationsTest : public ResourcesTest {
protected:
    ApplicationsTest() {
        make_group("g");
        auto const storage = make_storage("g", "stored");
        make_batch("g", "batched", {{"autoStorage", {{"storageAccountId", storage["id"]}}}});
        blob_.respond = [this](http::Request const& request) {
            http::Response response;
            if (request.verb == Verb::get && files_.contains(request.path)) {
                response.text = files_[request.path];
            } else if (request.verb == Verb::get) {
                response.status = 404;
            } else if (request.verb == Verb::remove) {
                response.status = files_.erase(request.path) != 0 ? 202 : 404;
            } else {
                made_.push_back(request.path);
                response.status = 201;
            }
            return response;
        };
    }

    std::optional<PackageStore> find_packages(std::string_view) override {
        on_find_packages_();
        return PackageStore{nullptr, &database_, &packages_};
    }
    static std::string path(std::string const& more = "") {
        return batch_path("g", "batched") + "/applications" + more;
    }
    // Where the file of a package goes, as its URL says.
    static std::string place_of(Json const& package) {
        std::string const url = package["properties"]["storageUrl"];
        constexpr std::string_view kHost = "https://stored.blob.core.windows.net";
        EXPECT_TRUE(url.starts_with(kHost)) << url;
        return url.substr(kHost.size(), url.find('?') - kHost.size());
    }
    void make_package(std::string const& name, std::string const& version, std::string const& content) {
        put(path("/" + name), Json{});
        files_[place_of(put(path("/" + name + "/versions/" + version), Json{}))] = content;
        post(path("/" + name + "/versions/" + version + "/activate"), {{"format", "zip"}});
    }
    std::string content_of(std::string const& name, std::string const& version) {
        auto const found = packages_.find(name, version);
        if (!found) return {};
        std::ifstream in(found->path);
        return {std::istreambuf_iterator<char>(in), {}};
    }

    tests::TemporaryDirectory batch_folder_;
    storage::Database database_{
        batch_folder_.path() / "batch.db", storage::batch_schema(), storage::Durability::process};
    storage::ApplicationPackages packages_{
        database_, batch_folder_.path() / "packages", storage::flushing_disk()};
    std::function<void()> on_find_packages_ = [] {};
    std::map<std::string, std::string, std::less<>> files_;
    std::vector<std::string> made_;
};

TEST_F(ApplicationsTest, AnApplicationIsMadeAndChanged) {
    auto const made = put(path("/Tool"), Json{});
    EXPECT_EQ(made["name"], "Tool");
    EXPECT_EQ(made["type"], "Microsoft.Batch/batchAccounts/applications");
    EXPECT_EQ(made["properties"], (Json{{"allowUpdates", true}}));
    EXPECT_TRUE(made["etag"].get<std::string>().starts_with("W/\"0x"));
    EXPECT_EQ(get(path("/tool")), made);
    auto const changed = json(
        Verb::patch,
        path("/tool"),
        200,
        {{"properties", {{"displayName", "A tool"}, {"allowUpdates", false}}}}
    );
    EXPECT_EQ(changed["properties"], (Json{{"displayName", "A tool"}, {"allowUpdates", false}}));
    EXPECT_NE(changed["etag"], made["etag"]);
    EXPECT_EQ(get(path())["value"], Json::array({changed}));
    EXPECT_EQ(ask(Verb::remove, path("/tool")).status, 200);
    EXPECT_EQ(ask(Verb::remove, path("/tool")).status, 204);
    auto const absent = get(path("/tool"), 404);
    EXPECT_EQ(code_of(absent), "ApplicationNotFound");
    EXPECT_NE(absent["error"]["message"].get<std::string>().find("\nRequestId:"), std::string::npos);
}

TEST_F(ApplicationsTest, APackageComesThroughAutoStorage) {
    put(path("/tool"), Json{});
    auto const pending = put(path("/tool/versions/1.0"), Json{});
    EXPECT_EQ(pending["properties"]["state"], "Pending");
    EXPECT_FALSE(pending["properties"].contains("format"));
    auto const place = place_of(pending);
    EXPECT_TRUE(place.starts_with("/app-tool-")) << place;
    EXPECT_EQ(place.size(), std::string{"/app-tool-/1.0"}.size() + 32);
    EXPECT_EQ(made_, std::vector<std::string>{place.substr(0, place.rfind('/'))});
    EXPECT_NE(pending["properties"]["storageUrl"].get<std::string>().find("&sp=rw&"), std::string::npos);
    EXPECT_EQ(pending["properties"]["storageUrlExpiry"], "2024-03-04T14:00:00Z");
    auto const activate = [&](int status = 200) {
        return post(path("/tool/versions/1.0/activate"), {{"format", "zip"}}, status);
    };
    EXPECT_EQ(code_of(activate(409)), "ApplicationPackageBlobNotFound");
    files_[place] = "zipped";
    auto const active = activate();
    EXPECT_EQ(active["properties"]["state"], "Active");
    EXPECT_EQ(active["properties"]["lastActivationTime"], "2024-03-04T10:00:00Z");
    EXPECT_EQ(content_of("tool", "1.0"), "zipped");
    auto const shown = get(path("/TOOL/versions/1.0"))["properties"];
    EXPECT_EQ(shown["format"], "zip");
    EXPECT_NE(shown["storageUrl"].get<std::string>().find("&sp=r&"), std::string::npos);
    auto const listed = get(path("/tool/versions"))["value"];
    EXPECT_EQ(listed[0]["name"], "1.0");
    EXPECT_FALSE(listed[0]["properties"].contains("storageUrl"));
    EXPECT_TRUE(std::filesystem::is_empty(folder_.path() / "spool"));
}

TEST_F(ApplicationsTest, APackageIsReplacedWhereThatIsAllowed) {
    make_package("tool", "1.0", "first");
    auto const again = put(path("/tool/versions/1.0"), Json{});
    EXPECT_EQ(again["properties"]["state"], "Active");
    EXPECT_EQ(content_of("tool", "1.0"), "first");
    make_package("tool", "1.0", "second");
    EXPECT_EQ(content_of("tool", "1.0"), "second");
    json(Verb::patch, path("/tool"), 200, {{"properties", {{"allowUpdates", false}}}});
    put(path("/tool/versions/1.0"), Json{}, 409);
    EXPECT_EQ(ask(Verb::remove, path("/tool/versions/1.0")).status, 409);
    EXPECT_EQ(content_of("tool", "1.0"), "second");
}

TEST_F(ApplicationsTest, ADefaultVersionIsOneThatNodesCanHave) {
    auto const set_default = [&](std::string const& version, int status) {
        return json(Verb::patch, path("/tool"), status, {{"properties", {{"defaultVersion", version}}}});
    };
    put(path("/tool"), Json{});
    put(path("/tool/versions/1.0"), Json{});
    EXPECT_EQ(code_of(set_default("1.0", 409)), "RequestedDefaultVersionNotActive");
    make_package("tool", "1.0", "zipped");
    EXPECT_EQ(set_default("1.0", 200)["properties"]["defaultVersion"], "1.0");
    EXPECT_EQ(ask(Verb::remove, path("/tool/versions/1.0")).status, 409);
    EXPECT_EQ(code_of(json(Verb::remove, path("/tool"), 409)), "ApplicationPackagesNotEmpty");
    set_default("", 200);
    EXPECT_EQ(ask(Verb::remove, path("/tool/versions/1.0")).status, 200);
    EXPECT_TRUE(files_.empty());
    EXPECT_EQ(ask(Verb::remove, path("/tool/versions/1.0")).status, 204);
    EXPECT_EQ(ask(Verb::remove, path("/tool")).status, 200);
}

TEST_F(ApplicationsTest, OneThatWaitsForItsFileKeepsItsApplication) {
    put(path("/tool"), Json{});
    put(path("/tool/versions/1.0"), Json{});
    EXPECT_EQ(code_of(json(Verb::remove, path("/tool"), 409)), "ApplicationPackagesNotEmpty");
    EXPECT_EQ(ask(Verb::remove, path("/tool/versions/1.0")).status, 200);
    EXPECT_EQ(code_of(get(path("/tool/versions/1.0"), 404)), "ApplicationPackageNotFound");
}

TEST_F(ApplicationsTest, WhatIsDeletedWhileItIsActivatedStaysDeleted) {
    put(path("/tool"), Json{});
    auto const place = place_of(put(path("/tool/versions/1.0"), Json{}));
    files_[place] = "zipped";
    std::vector<std::string> to_delete{path("/tool/versions/1.0")};
    auto const respond = blob_.respond;
    blob_.respond = [&](http::Request const& request) {
        auto response = respond(request);
        if (request.verb != Verb::get) return response;
        for (auto const& what : std::exchange(to_delete, {}))
            EXPECT_EQ(ask(Verb::remove, what).status, 200);
        return response;
    };
    auto const activate = [&] {
        return code_of(post(path("/tool/versions/1.0/activate"), {{"format", "zip"}}, 404));
    };
    EXPECT_EQ(activate(), "ApplicationPackageNotFound");
    EXPECT_EQ(get(path("/tool/versions"))["value"], Json::array());
    EXPECT_EQ(content_of("tool", "1.0"), "");
    files_[place_of(put(path("/tool/versions/1.0"), Json{}))] = "zipped";
    to_delete = {path("/tool/versions/1.0"), path("/tool")};
    EXPECT_EQ(activate(), "ApplicationNotFound");
    EXPECT_EQ(get(path())["value"], Json::array());
    EXPECT_TRUE(std::filesystem::is_empty(folder_.path() / "spool"));
}

// The end of an account waits for whoever has its packages, who so must not wait for it.
TEST_F(ApplicationsTest, NobodyTakesPackagesWhileTheirAccountIsBeingDeleted) {
    put(path("/tool"), Json{});
    made_.clear();
    std::promise<void> asked;
    std::promise<void> taken;
    std::future<http::Response> late;
    auto status = std::future_status::ready;
    accounts_.on_removing = [&] {
        on_find_packages_ = [&] { taken.set_value(); };
        accounts_.on_list = [&, is_first = true]() mutable {
            if (std::exchange(is_first, false)) asked.set_value();
        };
        late = std::async(std::launch::async, [&] { return ask(Verb::put, path("/tool/versions/1.0")); });
        asked.get_future().wait();
        status = taken.get_future().wait_for(std::chrono::milliseconds{200});
        on_find_packages_ = [] {};
    };
    EXPECT_EQ(ask(Verb::remove, batch_path("g", "batched")).status, 202);
    EXPECT_EQ(late.get().status, 404);
    EXPECT_EQ(status, std::future_status::timeout);
    EXPECT_TRUE(made_.empty());
}

TEST_F(ApplicationsTest, PackagesOfAnEarlierAccountAreNobodys) {
    put(path("/tool"), Json{});
    put(path("/tool/versions/1.0"), Json{});
    crash_while_removing(batch_path("g", "batched"));
    make_batch("g", "batched");
    EXPECT_EQ(get(path("/tool/versions"))["value"], Json::array());
    EXPECT_EQ(ask(Verb::remove, path("/tool")).status, 200);
}

TEST_F(ApplicationsTest, ShowsWhatCameAnotherWay) {
    auto const file = batch_folder_.path() / "file";
    std::ofstream(file) << "zipped";
    packages_.put("other", "2", file, clock_.now());
    EXPECT_EQ(get(path("/other/versions"))["value"][0]["properties"]["state"], "Active");
    auto const shown = get(path("/other/versions/2"))["properties"];
    EXPECT_EQ(shown["lastActivationTime"], "2024-03-04T10:00:00Z");
    // There is no such file in auto storage.
    EXPECT_FALSE(shown.contains("storageUrl"));
}

TEST_F(ApplicationsTest, RefusesWhatCannotBe) {
    put(path("/tool"), Json{});
    put(path("/a%20b"), Json{}, 400);
    put(path("/" + std::string(65, 'a')), Json{}, 400);
    put(path("/tool/versions/a%2fb"), Json{}, 400);
    put(path("/tool"), {{"properties", {{"allowUpdates", "yes"}}}}, 400);
    EXPECT_EQ(code_of(put(path("/none/versions/1"), Json{}, 404)), "ApplicationNotFound");
    post(path("/tool/versions/1/activate"), {{"format", "tar"}}, 400);
    EXPECT_EQ(
        code_of(post(path("/tool/versions/1/activate"), {{"format", "zip"}}, 404)),
        "ApplicationPackageNotFound"
    );
    json(Verb::patch, batch_path("g", "batched"), 200, {{"properties", {{"autoStorage", Json::object()}}}});
    EXPECT_EQ(code_of(put(path("/tool/versions/1"), Json{}, 409)), "AccountHasNoAutoStorage");
}

TEST_F(ApplicationsTest, ContainersHaveNamesThatBlobTakes) {
    for (auto const& name :
         {std::string{"--"}, std::string{"A_--b"}, std::string(64, '_'), std::string(64, 'x')}) {
        put(path("/" + name), Json{});
        auto const place = place_of(put(path("/" + name + "/versions/1"), Json{}));
        auto const container = place.substr(1, place.rfind('/') - 1);
        EXPECT_LE(container.size(), 63U);
        EXPECT_EQ(container.find("--"), std::string::npos) << container;
        EXPECT_EQ(container.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"), std::string::npos)
            << container;
    }
}

}  // namespace
}  // namespace bluebatch::emulator::resources

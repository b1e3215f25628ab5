#include "resources_fixture.hpp"

namespace bluebatch::emulator::resources {
namespace {

using http::Verb;

class ContainersTest : public ResourcesTest {
protected:
    ContainersTest() {
        make_group("g");
        make_storage("g", "stored");
        blob_.respond = [this](http::Request const& request) {
            requests_.push_back(
                std::string{http::to_string(request.verb)} + " " + request.path + "?" + request.raw_query
            );
            heads_.push_back(request.headers);
            bodies_.push_back(request.body.bytes);
            auto const next = answers_.begin();
            if (next == answers_.end()) return http::Response{};
            auto response = *next;
            answers_.erase(next);
            return response;
        };
    }
    static std::string path(std::string const& more = "") {
        return storage_path("g", "stored") + "/blobServices/default/containers" + more;
    }
    static http::Response response(int status, http::Headers headers = {}, std::string text = {}) {
        http::Response made;
        made.status = status;
        made.headers = std::move(headers);
        made.text = std::move(text);
        return made;
    }
    static http::Response failure(int status, std::string code) {
        return response(status, {{"x-ms-error-code", code}});
    }

    std::vector<http::Response> answers_;
    std::vector<std::string> requests_;
    std::vector<http::Headers> heads_;
    std::vector<std::string> bodies_;
};

TEST_F(ContainersTest, AContainerIsMadeInTheBlobServiceWithTheAccountsKey) {
    answers_ = {response(201)};
    auto const made =
        put(path("/films"), {{"properties", {{"publicAccess", "Blob"}, {"metadata", {{"a", "b"}}}}}}, 201);
    EXPECT_EQ(made["name"], "films");
    EXPECT_EQ(made["type"], "Microsoft.Storage/storageAccounts/blobServices/containers");
    EXPECT_EQ(made["properties"]["deleted"], false);
    ASSERT_EQ(requests_, std::vector<std::string>{"PUT /films?restype=container"});
    EXPECT_EQ(heads_[0].get("Host"), "stored.blob.core.windows.net");
    EXPECT_TRUE(heads_[0].get("Authorization").starts_with("SharedKey stored:"));
    EXPECT_EQ(heads_[0].get("x-ms-blob-public-access"), "blob");
    EXPECT_EQ(heads_[0].get("x-ms-meta-a"), "b");
}

TEST_F(ContainersTest, OneThatIsThereIsChanged) {
    answers_ = {
        failure(409, "ContainerAlreadyExists"),
        response(200),
        response(200, {}, "<SignedIdentifiers />"),
        response(200)};
    put(path("/films"), {{"properties", {{"publicAccess", "None"}, {"metadata", Json::object()}}}});
    EXPECT_EQ(
        requests_,
        (std::vector<std::string>{
            "PUT /films?restype=container",
            "PUT /films?comp=metadata&restype=container",
            "GET /films?comp=acl&restype=container",
            "PUT /films?comp=acl&restype=container"})
    );
    // Its stored policies stay.
    EXPECT_EQ(bodies_[3], "<SignedIdentifiers />");
    EXPECT_FALSE(heads_[3].has("x-ms-blob-public-access"));
}

TEST_F(ContainersTest, IsShownAsBlobKnowsIt) {
    answers_ = {response(
        200,
        {{"ETag", "\"0x1\""},
         {"Last-Modified", "Mon, 26 Mar 2018 05:06:14 GMT"},
         {"x-ms-lease-status", "unlocked"},
         {"x-ms-lease-state", "available"},
         {"x-ms-blob-public-access", "container"},
         {"x-ms-meta-a", "b"}}
    )};
    auto const shown = get(path("/films"));
    EXPECT_EQ(shown["etag"], "\"0x1\"");
    auto const& properties = shown["properties"];
    EXPECT_EQ(properties["lastModifiedTime"], "2018-03-26T05:06:14Z");
    EXPECT_EQ(properties["leaseState"], "Available");
    EXPECT_EQ(properties["publicAccess"], "Container");
    EXPECT_EQ(properties["metadata"], (Json{{"a", "b"}}));
    answers_ = {failure(404, "ContainerNotFound"), failure(404, "ContainerNotFound"), response(202)};
    EXPECT_EQ(code_of(get(path("/none"), 404)), "ContainerNotFound");
    EXPECT_EQ(ask(Verb::remove, path("/none")).status, 204);
    EXPECT_EQ(ask(Verb::remove, path("/films")).status, 200);
}

TEST_F(ContainersTest, ListsHavePages) {
    answers_ = {response(
        200,
        {},
        "<EnumerationResults><Containers><Container><Name>films</Name><Properties>"
        "<Last-Modified>Mon, 26 Mar 2018 05:06:14 GMT</Last-Modified><Etag>\"0x1\"</Etag>"
        "<LeaseStatus>locked</LeaseStatus><LeaseState>leased</LeaseState></Properties></Container></"
        "Containers>"
        "<NextMarker>m&amp;1</NextMarker></EnumerationResults>"
    )};
    auto const page = get(path("?$maxpagesize=1&$filter=fi"));
    EXPECT_EQ(page["value"][0]["name"], "films");
    EXPECT_EQ(page["value"][0]["properties"]["leaseState"], "Leased");
    EXPECT_EQ(page["value"][0]["properties"]["publicAccess"], "None");
    EXPECT_EQ(requests_.back(), "GET /?comp=list&maxresults=1&prefix=fi");
    std::string const link = page["nextLink"];
    EXPECT_TRUE(link.ends_with("&api-version=2022-10-01&$skipToken=m%261")) << link;
    answers_ = {response(200, {}, "<EnumerationResults><Containers /><NextMarker /></EnumerationResults>")};
    auto const last =
        Json::parse(send(Verb::get, link.substr(std::string{"https://management.azure.com"}.size())).text);
    EXPECT_EQ(last, (Json{{"value", Json::array()}}));
    EXPECT_EQ(requests_.back(), "GET /?comp=list&maxresults=1&prefix=fi&marker=m%261");
}

TEST_F(ContainersTest, RefusesWhatCannotBe) {
    auto const fail = [&](Json const& properties, int status) {
        put(path("/films"), {{"properties", properties}}, status);
    };
    fail({{"publicAccess", "Everybody"}}, 400);
    fail({{"metadata", {{"a\r\nb", "c"}}}}, 400);
    fail({{"metadata", {{"a", "c\r\nx-ms-injected: 1"}}}}, 400);
    fail({{"defaultEncryptionScope", "mine"}}, 501);
    EXPECT_TRUE(requests_.empty());
    answers_ = {failure(400, "InvalidResourceName")};
    EXPECT_EQ(code_of(put(path("/No_Name"), Json::object(), 400)), "InvalidResourceName");
    answers_ = {failure(400, "InvalidResourceName")};
    put(path("/..%2fother%3fcomp=acl"), Json::object(), 400);
    EXPECT_EQ(requests_.back(), "PUT /..%2Fother%3Fcomp%3Dacl?restype=container");
    put(storage_path("g", "none") + "/blobServices/default/containers/films", Json::object(), 404);
}

}  // namespace
}  // namespace bluebatch::emulator::resources

#include "emulator/node/blob_transfers.hpp"

#include "shared/base/file_io.hpp"
#include "tests/support/temporary_directory.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <deque>
#include <fstream>
#include <functional>
#include <sstream>
#include <thread>

namespace bluebatch::emulator::node {
namespace {

// A service that answers what the test wrote down and remembers what it was asked.
class ScriptedService final : public http::Service {
public:
    std::function<http::Response(http::Request const&)> reply = [](auto const&) { return http::Response{}; };
    std::vector<std::string> asked;  // "PUT host /path?query"

    std::variant<http::Response, http::BodyPlan> admit(http::RequestHead const&) override {
        http::BodyPlan plan;
        plan.limit = 1 << 20;
        plan.memory_limit = 1 << 20;
        return plan;
    }
    http::Response answer(http::Request request) override {
        asked.push_back(
            request.method + ' ' + std::string(request.host()) + ' ' + request.path + '?' + request.raw_query
        );
        bodies.push_back(request.body.bytes);
        return reply(request);
    }
    http::Response too_large(http::RequestHead const&, std::uint64_t) override { return {.status = 413}; }

    std::vector<std::string> bodies;
};

// A network whose answers are written down in order; the last one is given for ever.
class ScriptedNetwork final : public http::Client {
public:
    struct Step {
        int status = 200;
        std::string body{};
        http::Headers headers{};
        std::optional<http::TransportFault> fault{};
    };
    std::deque<Step> steps;
    std::vector<http::OutgoingRequest> requests;
    bool hangs = false;

    base::Result<http::IncomingResponse, http::TransportError> send(
        http::OutgoingRequest const& request, http::BodySink const& sink, std::stop_token stop
    ) override {
        requests.push_back(request);
        while (hangs && !stop.stop_requested())
            std::this_thread::yield();
        if (hangs) return http::TransportError{http::TransportFault::cancelled, "cancelled"};
        Step const step = steps.front();
        if (steps.size() > 1) steps.pop_front();
        if (!step.body.empty() && step.status < 300 && sink) {
            if (!sink(std::as_bytes(std::span(step.body))))
                return http::TransportError{http::TransportFault::cancelled, "refused"};
        }
        if (step.fault) return http::TransportError{*step.fault, "host: broken"};
        http::IncomingResponse response;
        response.status = step.status;
        response.headers = step.headers;
        return response;
    }
};

class TransferBlobs : public testing::Test {
protected:
    TransferBlobs() : target_(::open(path("target").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {}
    ~TransferBlobs() override { ::close(target_); }

    std::string path(std::string const& name) const { return directory_.path() / name; }
    std::string target() const {
        std::ifstream stream(path("target"));
        std::ostringstream text;
        text << stream.rdbuf();
        return text.str();
    }
    http::FileSlice slice(std::string const& text) const {
        std::ofstream(path("source")) << text;
        int const descriptor = ::open(path("source").c_str(), O_RDONLY | O_CLOEXEC);
        return {std::make_shared<http::FileHandle const>(descriptor), 0, text.size()};
    }
    BlobTransfers transfers(TransferOptions options = {}) {
        options.first_pause = std::chrono::milliseconds{0};
        return {
            &service_,
            {"127.0.0.1", 10000, [](std::string_view name) { return name == "acct"; }},
            network_,
            options};
    }
    static http::Response failure(int status, std::string const& code) {
        http::Response response;
        response.status = status;
        response.headers.set("x-ms-error-code", code);
        return response;
    }

    tests::TemporaryDirectory directory_;
    ScriptedService service_;
    ScriptedNetwork network_;
    std::stop_source stop_;
    int target_;
};

TEST(OwnContainers, AreFoundInEveryStyleOfUrl) {
    BlobEndpoint const endpoint{
        "127.0.0.1", 10000, [](std::string_view name) { return name == "acct" || name == "other"; }};
    auto const find = [&](char const* url) {
        auto const found = find_own_container(endpoint, url);
        return found ? found->account + "/" + found->container : "none";
    };
    EXPECT_EQ(find("http://127.0.0.1:10000/acct/in"), "acct/in");
    EXPECT_EQ(find("http://localhost:10000/other/in/a/b.txt?x=/y"), "other/in");
    EXPECT_EQ(find("http://acct.blob.localhost:10000/in/"), "acct/in");
    EXPECT_EQ(find("https://OTHER.blob.core.windows.net/%24web/a"), "other/$web");
    EXPECT_EQ(find("https://acct.blob.core.windows.net"), "none");
    EXPECT_EQ(find("http://127.0.0.1:10000/acct"), "none");
    EXPECT_EQ(find("https://elsewhere.blob.core.windows.net/in"), "none");
    EXPECT_EQ(find("http://127.0.0.1:10001/acct/in"), "none");
}

struct OwnCase {
    char const* url;
    bool own;
};
class OwnUrls : public testing::TestWithParam<OwnCase> {};

TEST_P(OwnUrls, AreThoseOfOurEndpointAndAccounts) {
    BlobEndpoint const endpoint{"192.168.0.7", 10000, [](std::string_view name) { return name == "acct"; }};
    EXPECT_EQ(is_own(endpoint, GetParam().url), GetParam().own) << GetParam().url;
}

INSTANTIATE_TEST_SUITE_P(
    Table,
    OwnUrls,
    testing::Values(
        OwnCase{"http://127.0.0.1:10000/acct/c/b?sig=x", true},
        OwnCase{"http://localhost:10000/acct/c/b", true},
        OwnCase{"http://192.168.0.7:10000/acct/c/b", true},
        OwnCase{"http://[::1]:10000/acct/c/b", true},
        OwnCase{"http://acct.blob.localhost:10000/c/b", true},
        OwnCase{"https://acct.blob.core.windows.net/c/b?sig=x", true},
        OwnCase{"https://ACCT.BLOB.core.windows.net/c/b", true},
        OwnCase{"https://other.blob.core.windows.net/c/b", false},
        OwnCase{"https://acct.blob.core.windows.net.evil.org/c/b", false},
        OwnCase{"http://127.0.0.1:9999/acct/c/b", false},
        OwnCase{"http://127.0.0.1/acct/c/b", false},
        OwnCase{"http://example.org:10000/acct/c/b", false},
        OwnCase{"not a url", false}
    )
);

TEST_F(TransferBlobs, OurOwnBlobsComeWithoutTheNetwork) {
    service_.reply = [&](auto const&) {
        http::Response response;
        response.text = "head ";
        response.slices.push_back(slice("and file"));
        return response;
    };

    ASSERT_TRUE(transfers().download("https://acct.blob.core.windows.net/c/b?sig=x", target_, {}));

    EXPECT_EQ(target(), "head and file");
    EXPECT_EQ(service_.asked, std::vector<std::string>{"GET acct.blob.core.windows.net /c/b?sig=x"});
    EXPECT_TRUE(network_.requests.empty());
}

TEST_F(TransferBlobs, UrlsWithBlanksAndLettersBeyondAsciiAreReadAsBatchReadsThem) {
    service_.reply = [](auto const&) { return http::Response{.text = "film"}; };

    ASSERT_TRUE(
        transfers().download("http://127.0.0.1:10000/acct/c/caf\u00e9 au%20lait.mp4?sig=a%2Bb", target_, {})
    );

    EXPECT_EQ(target(), "film");
    EXPECT_EQ(
        service_.asked,
        std::vector<std::string>{"GET 127.0.0.1:10000 /acct/c/caf%C3%A9%20au%20lait.mp4?sig=a%2Bb"}
    );
}

TEST_F(TransferBlobs, RefusalsOfOurOwnServiceAreTold) {
    service_.reply = [](auto const&) { return failure(404, "BlobNotFound"); };
    EXPECT_EQ(
        transfers().download("http://127.0.0.1:10000/acct/c/b?sig=secret", target_, {}).error().fault,
        TransferFault::not_found
    );
    service_.reply = [](auto const&) { return failure(403, "AuthenticationFailed"); };
    auto const denied = transfers().download("http://127.0.0.1:10000/acct/c/b?sig=secret", target_, {});

    EXPECT_EQ(denied.error().fault, TransferFault::access_denied);
    EXPECT_EQ(denied.error().message.find("secret"), std::string::npos);
}

TEST_F(TransferBlobs, ForeignUrlsComeOverTheNetwork) {
    network_.steps = {{.body = "content"}};

    ASSERT_TRUE(transfers().download("https://example.org/file", target_, {}));

    EXPECT_EQ(target(), "content");
}

TEST_F(TransferBlobs, APassingFailureIsTriedAgainFromTheStart) {
    network_.steps = {
        {.body = "half of it", .fault = http::TransportFault::interrupted}, {.status = 503}, {.body = "all"}};

    ASSERT_TRUE(transfers().download("https://example.org/file", target_, {}));

    EXPECT_EQ(target(), "all");
    EXPECT_EQ(network_.requests.size(), 3U);
}

TEST_F(TransferBlobs, ALastingFailureIsNot) {
    network_.steps = {{.status = 404}};

    EXPECT_EQ(
        transfers().download("https://example.org/file", target_, {}).error().fault, TransferFault::not_found
    );

    EXPECT_EQ(network_.requests.size(), 1U);
}

TEST_F(TransferBlobs, GivesUpAfterSomeAttempts) {
    network_.steps = {{.fault = http::TransportFault::timed_out}};

    EXPECT_EQ(
        transfers({.attempts = 3}).download("https://example.org/file", target_, {}).error().fault,
        TransferFault::timed_out
    );

    EXPECT_EQ(network_.requests.size(), 3U);
}

TEST_F(TransferBlobs, FollowsRedirections) {
    network_.steps = {
        {.status = 302, .headers = {{"Location", "https://cdn.example.org/file?x=1"}}},
        {.status = 307, .headers = {{"Location", "/moved"}}},
        {.body = "content"}};

    ASSERT_TRUE(transfers().download("http://example.org/file", target_, {}));

    EXPECT_EQ(network_.requests.back().url, "https://cdn.example.org/moved");
    EXPECT_EQ(target(), "content");
}

TEST_F(TransferBlobs, RedirectionsInACircleEnd) {
    network_.steps = {{.status = 302, .headers = {{"Location", "/again"}}}};

    EXPECT_FALSE(transfers().download("http://example.org/again", target_, {}));
}

TEST_F(TransferBlobs, AStopEndsADownload) {
    network_.hangs = true;
    std::jthread const stopper([&] { stop_.request_stop(); });

    auto const result = transfers().download("https://example.org/file", target_, stop_.get_token());

    EXPECT_EQ(result.error().fault, TransferFault::cancelled);
}

TEST_F(TransferBlobs, ListsAllPagesOfAContainer) {
    service_.reply = [](http::Request const& request) {
        http::Response response;
        bool const first = !request.find_query("marker").has_value();
        response.text = "<?xml version=\"1.0\"?><EnumerationResults><Blobs><Blob><Name>" +
                        std::string(first ? "a" : "b/c") + "</Name></Blob></Blobs><NextMarker>" +
                        (first ? "more" : "") + "</NextMarker></EnumerationResults>";
        return response;
    };

    auto const names = transfers().list("http://127.0.0.1:10000/acct/c?sv=1&sig=x", "pre/fix", {});

    ASSERT_TRUE(names);
    EXPECT_EQ(*names, (std::vector<std::string>{"a", "b/c"}));
    EXPECT_EQ(
        service_.asked.at(1),
        "GET 127.0.0.1:10000 /acct/c?sv=1&sig=x&restype=container&comp=list&prefix=pre%2Ffix&marker=more"
    );
}

// Batch: OUT-15
TEST_F(TransferBlobs, UploadsABlockBlobInOnePiece) {
    service_.reply = [](http::Request const& request) {
        EXPECT_EQ(request.headers.get("x-ms-blob-type"), "BlockBlob");
        EXPECT_EQ(request.headers.get("Content-Type"), "audio/mpeg");
        return http::Response{.status = 201};
    };

    auto const sent = transfers().upload(
        "http://127.0.0.1:10000/acct/c/b?s", slice("music"), {{"Content-Type", "audio/mpeg"}}, {}
    );

    ASSERT_TRUE(sent);
    EXPECT_EQ(service_.bodies, std::vector<std::string>{"music"});
}

TEST_F(TransferBlobs, UploadsLargeFilesInBlocks) {
    network_.steps = {{.status = 201}};

    auto const sent = transfers({.largest_foreign_upload = 4, .block = 4})
                          .upload("https://x.org/c/b?s", slice("0123456789"), {{"Content-Type", "t"}}, {});

    ASSERT_TRUE(sent);
    ASSERT_EQ(network_.requests.size(), 4U);
    EXPECT_EQ(network_.requests[0].url, "https://x.org/c/b?s&comp=block&blockid=MDAwMDAwMDA%3D");
    auto const last_block = std::get<http::FileSlice>(network_.requests[2].body);
    EXPECT_EQ(last_block.offset, 8U);
    EXPECT_EQ(last_block.length, 2U);
    EXPECT_EQ(network_.requests[3].url, "https://x.org/c/b?s&comp=blocklist");
    EXPECT_EQ(network_.requests[3].headers.get("x-ms-blob-content-type"), "t");
    auto const list = std::get<std::string>(network_.requests[3].body);
    EXPECT_NE(list.find("<Latest>MDAwMDAwMDI=</Latest>"), std::string::npos) << list;
}

TEST_F(TransferBlobs, AMissingContainerIsTold) {
    service_.reply = [](auto const&) { return failure(404, "ContainerNotFound"); };

    auto const sent = transfers().upload("http://127.0.0.1:10000/acct/none/b", slice("x"), {}, {});

    EXPECT_EQ(sent.error().fault, TransferFault::container_not_found);
}

TEST(BlobUrl, PutsTheNameBeforeTheQuery) {
    EXPECT_EQ(blob_url("http://h/c?sas", "a b/ü.txt"), "http://h/c/a%20b/%C3%BC.txt?sas");
    EXPECT_EQ(blob_url("http://h/c/", "a"), "http://h/c/a");
}

}  // namespace
}  // namespace bluebatch::emulator::node

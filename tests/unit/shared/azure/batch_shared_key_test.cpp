#include "shared/azure/batch_shared_key.hpp"

#include <gtest/gtest.h>

namespace bluebatch::azure {
namespace {

BatchCredential const kCredential{"mybatchacct", "ZHVtbXlrZXlkdW1teWtleWR1bW15a2V5ZHVtbXlrZXk="};
std::vector<std::string> const kKeys{kCredential.key_base64};

http::RequestHead a_request(http::Verb verb, std::string_view target, http::Headers headers = {}) {
    http::RequestHead head;
    head.verb = verb;
    head.method = http::to_string(verb);
    EXPECT_TRUE(http::parse_target(target, head));
    head.headers = std::move(headers);
    head.headers.set("ocp-date", "Tue, 06 Sep 2022 23:44:11 GMT");
    return head;
}

bool is_accepted(http::RequestHead const& head, std::string signature) {
    return is_signed_by_any(head, {"mybatchacct", std::move(signature)}, kKeys);
}

std::string signature_of(http::RequestHead head, std::optional<std::uint64_t> length) {
    sign_batch_request(head.verb, head.path, head.query, head.headers, length, kCredential);
    return std::string(head.headers.get("Authorization"));
}

http::RequestHead add_job() {
    auto head = a_request(
        http::Verb::post,
        "/jobs?api-version=2022-10-01.16.0&timeout=30",
        {{"Content-Type", "application/json; odata=minimalmetadata; charset=utf-8"}, {"Content-Length", "47"}}
    );
    head.content_length = 47;
    return head;
}

http::RequestHead get_file(http::Headers headers = {}) {
    headers.set("ocp-range", "bytes=0-1023");
    return a_request(
        http::Verb::get,
        "/jobs/job1/tasks/t1/files/wd%2Fa%20b%2Bc.txt?api-version=2022-10-01.16.0",
        std::move(headers)
    );
}

TEST(BatchSharedKey, SignsTheTextOfTheService) {
    auto const head = add_job();

    auto const text =
        batch_string_to_sign("POST", head.path, head.query, head.headers, "47", kCredential.account);

    EXPECT_EQ(
        text,
        "POST\n\n\n47\n\napplication/json; odata=minimalmetadata; charset=utf-8\n\n\n\n\n\n\n"
        "ocp-date:Tue, 06 Sep 2022 23:44:11 GMT\n/mybatchacct/jobs\napi-version:2022-10-01.16.0\ntimeout:30"
    );
}

TEST(BatchSharedKey, SignsAsPythonAndJavaScriptDo) {
    EXPECT_EQ(
        signature_of(add_job(), 47), "SharedKey mybatchacct:8Cq3TLRYISd5k7zJuaJu/d/EecOJLvG0BFaxCLRw4Qo="
    );
    EXPECT_EQ(
        signature_of(get_file(), std::nullopt),
        "SharedKey mybatchacct:l+q1Xw9q4Dndw4n5LW3MHnj7mXglCEXQvSlIWGl+mqw="
    );
    EXPECT_EQ(
        signature_of(get_file({{"Content-Type", "application/json; charset=utf-8"}}), std::nullopt),
        "SharedKey mybatchacct:Zj/RBg9v8p/Mui5bWxeMIcNVD3v+49Qw8+A3d66Mv84="
    );
}

TEST(BatchSharedKey, AcceptsABodylessDeleteWithAndWithoutALength) {
    auto const python = a_request(
        http::Verb::remove, "/pools/pool1?api-version=2022-10-01.16.0", {{"If-Match", "0x8DA9061B2F7BB2F"}}
    );
    auto javascript = python;
    javascript.headers.set("Content-Type", "application/json; charset=utf-8");

    EXPECT_TRUE(is_accepted(python, "6BLyzO56kSIPeC0p/TZLnpxvjQAM7++2ZIbyfXyYAKk="));
    EXPECT_TRUE(is_accepted(javascript, "GBRHR9inHwHvXqg4enVKEElmhlyo6LpkPKNS5QMXYsY="));
}

TEST(BatchSharedKey, SignsTheQueryDecodedAndSorted) {
    auto const head = a_request(
        http::Verb::get,
        "/pools?api-version=2022-10-01.16.0&maxresults=10&$filter=state%20eq%20%27active%27&$select=id%"
        "2Cstate"
    );

    EXPECT_TRUE(is_accepted(head, "KqFm7Y1dirZj9d4R30utnlIBlaMwkFXDCOdjmopyD1w="));
}

TEST(BatchSharedKey, AcceptsQueryNamesSignedInLowerCase) {
    auto const sent = a_request(http::Verb::get, "/pools?api-version=2022-10-01.16.0&maxResults=1");
    auto const lower = a_request(http::Verb::get, "/pools?api-version=2022-10-01.16.0&maxresults=1");

    auto const authorization = parse_batch_authorization(signature_of(lower, std::nullopt));

    ASSERT_TRUE(authorization);
    EXPECT_TRUE(is_signed_by_any(sent, *authorization, kKeys));
}

TEST(BatchSharedKey, AcceptsEitherKeyOfAnAccount) {
    std::vector<std::string> const keys{"c29tZSBvdGhlciBrZXk=", kCredential.key_base64};
    EXPECT_TRUE(
        is_signed_by_any(get_file(), {"mybatchacct", "l+q1Xw9q4Dndw4n5LW3MHnj7mXglCEXQvSlIWGl+mqw="}, keys)
    );
}

TEST(BatchSharedKey, RefusesASignatureOfAnotherRequest) {
    auto other_range = get_file();
    other_range.headers.set("ocp-range", "bytes=0-1024");
    auto with_body = add_job();
    with_body.content_length = 48;
    with_body.headers.set("Content-Length", "48");

    EXPECT_FALSE(is_accepted(other_range, "l+q1Xw9q4Dndw4n5LW3MHnj7mXglCEXQvSlIWGl+mqw="));
    EXPECT_FALSE(is_accepted(with_body, "8Cq3TLRYISd5k7zJuaJu/d/EecOJLvG0BFaxCLRw4Qo="));
}

TEST(BatchSharedKey, ReadsOnlyWellFormedAuthorizations) {
    auto const authorization = parse_batch_authorization("sharedkey acct:abc=");
    ASSERT_TRUE(authorization);
    EXPECT_EQ(authorization->account, "acct");
    EXPECT_EQ(authorization->signature, "abc=");
    for (auto const* text :
         {"", "SharedKey", "SharedKey acct", "SharedKey :abc", "SharedKey acct:", "Bearer a:b"})
        EXPECT_FALSE(parse_batch_authorization(text)) << text;
}

}  // namespace
}  // namespace bluebatch::azure

#include "emulator/storage/blob/blob_store.hpp"
#include "shared/base/digest.hpp"
#include "tests/unit/emulator/blob/blob_fixture.hpp"

#include <filesystem>
#include <fstream>

namespace bluebatch::emulator::blob {
namespace {

using http::Headers;
using enum http::Verb;

// Keys of customers and encryption scopes.
class EncryptionTest : public BlobFixture {
protected:
    static Headers with_key(std::string const& key, Headers headers = {}) {
        headers.set("x-ms-encryption-key", base::to_base64(key));
        headers.set("x-ms-encryption-key-sha256", base::to_base64(base::sha256(key)));
        headers.set("x-ms-encryption-algorithm", "AES256");
        return headers;
    }
    http::Response put_secret(std::string const& body, std::string const& key = kOneKey) {
        return ask({http::Verb::put, "/con/b", with_key(key, {{"x-ms-blob-type", "BlockBlob"}}), body});
    }
    bool disk_holds(std::string const& text) {
        for (auto const& entry : std::filesystem::recursive_directory_iterator(folder_.path())) {
            if (!entry.is_regular_file()) continue;
            std::ifstream file(entry.path(), std::ios::binary);
            std::string const bytes{std::istreambuf_iterator<char>(file), {}};
            if (bytes.find(text) != std::string::npos) return true;
        }
        return false;
    }

    static inline std::string const kOneKey = std::string(32, '1');
    static inline std::string const kOtherKey = std::string(32, '2');
    static constexpr auto put_verb = http::Verb::put;
};

TEST_F(EncryptionTest, BytesAreStoredEncryptedAndReadWithTheKey) {
    for (std::size_t const size : {100U, 50'000U, 300'000U}) {
        std::string text;
        while (text.size() < size)
            text += "the secret of line " + std::to_string(text.size()) + "; ";
        auto const stored = put_secret(text);
        ASSERT_EQ(stored.status, 201) << stored.text;
        EXPECT_EQ(stored.headers.get("x-ms-encryption-key-sha256"), base::to_base64(base::sha256(kOneKey)));

        EXPECT_FALSE(disk_holds("the secret of line"));
        EXPECT_EQ(body_of(ask({get, "/con/b", with_key(kOneKey)})), text);
        auto const range = ask({get, "/con/b", with_key(kOneKey, {{"Range", "bytes=17-90"}})});
        EXPECT_EQ(body_of(range), text.substr(17, 74));
    }
}

TEST_F(EncryptionTest, NobodyReadsWithoutTheKey) {
    put_secret("x");

    EXPECT_EQ(code_of(ask({get, "/con/b"})), "BlobUsesCustomerSpecifiedEncryption");
    EXPECT_EQ(ask({head, "/con/b"}).status, 409);
    EXPECT_EQ(code_of(ask({put_verb, "/con/b?comp=metadata"})), "BlobUsesCustomerSpecifiedEncryption");
    EXPECT_EQ(code_of(ask({get, "/con/b", with_key(kOtherKey)})), "BlobCustomerSpecifiedEncryptionMismatch");
    put("plain", "x");
    EXPECT_EQ(
        code_of(ask({get, "/con/plain", with_key(kOneKey)})), "BlobDoesNotUseCustomerSpecifiedEncryption"
    );
}

TEST_F(EncryptionTest, ABlobIsOverwrittenAndDeletedWithoutItsKey) {
    put_secret("x");
    put("b", "plain");
    EXPECT_EQ(body_of(ask({get, "/con/b"})), "plain");

    put_secret("x");
    EXPECT_EQ(ask({remove, "/con/b"}).status, 202);
}

TEST_F(EncryptionTest, AKeyIsCheckedAgainstItsHash) {
    auto headers = with_key(kOneKey);
    headers.set("x-ms-encryption-key-sha256", base::to_base64(base::sha256(kOtherKey)));
    EXPECT_EQ(code_of(ask({get, "/con/b", headers})), "InvalidHeaderValue");
    EXPECT_EQ(code_of(ask({get, "/con/b", with_key("short")})), "InvalidHeaderValue");

    auto const half = ask({get, "/con/b", Headers{{"x-ms-encryption-key", base::to_base64(kOneKey)}}});
    EXPECT_EQ(code_of(half), "MissingRequiredHeader");
    EXPECT_EQ(half.text.find(base::to_base64(kOneKey)), std::string::npos);
}

TEST_F(EncryptionTest, BlocksAreEncryptedWithOneKey) {
    auto const put_block = [&](std::string const& id, std::string const& body, std::string const& key) {
        return ask({put_verb, "/con/b?comp=block&blockid=" + id, with_key(key), body});
    };
    std::string const list = "<BlockList><Latest>MQ==</Latest><Latest>Mg==</Latest></BlockList>";
    EXPECT_EQ(put_block("MQ%3D%3D", "one ", kOneKey).status, 201);
    EXPECT_EQ(put_block("Mg%3D%3D", std::string(70'000, 'x'), kOneKey).status, 201);
    EXPECT_EQ(code_of(put_block("Mw%3D%3D", "x", kOtherKey)), "BlobCustomerSpecifiedEncryptionMismatch");
    EXPECT_EQ(
        code_of(ask({put_verb, "/con/b?comp=blocklist", {}, list})), "BlobUsesCustomerSpecifiedEncryption"
    );
    EXPECT_EQ(ask({put_verb, "/con/b?comp=blocklist", with_key(kOneKey), list}).status, 201);

    EXPECT_EQ(body_of(ask({get, "/con/b", with_key(kOneKey)})), "one " + std::string(70'000, 'x'));
}

TEST_F(EncryptionTest, AppendedBlocksAndPagesAreEncrypted) {
    std::string const text(512, 'p');
    auto const key = with_key(kOneKey);
    ask({put_verb, "/con/log", with_key(kOneKey, {{"x-ms-blob-type", "AppendBlob"}})});
    EXPECT_EQ(ask({put_verb, "/con/log?comp=appendblock", key, text}).status, 201);
    EXPECT_EQ(
        code_of(ask({put_verb, "/con/log?comp=appendblock", {}, text})), "BlobUsesCustomerSpecifiedEncryption"
    );
    EXPECT_EQ(body_of(ask({get, "/con/log", key})), text);

    ask(
        {put_verb,
         "/con/disk",
         with_key(kOneKey, {{"x-ms-blob-type", "PageBlob"}, {"x-ms-blob-content-length", "1536"}})}
    );
    auto const page = with_key(kOneKey, {{"x-ms-page-write", "update"}, {"x-ms-range", "bytes=512-1023"}});
    EXPECT_EQ(ask({put_verb, "/con/disk?comp=page", page, text}).status, 201);
    EXPECT_EQ(body_of(ask({get, "/con/disk", key})), std::string(512, '\0') + text + std::string(512, '\0'));
    EXPECT_FALSE(disk_holds(text));
}

TEST_F(EncryptionTest, AScopeIsKeptAndShown) {
    ask(
        {put_verb,
         "/con/b",
         Headers{{"x-ms-blob-type", "BlockBlob"}, {"x-ms-encryption-scope", "tenant"}},
         "x"}
    );

    EXPECT_EQ(ask({head, "/con/b"}).headers.get("x-ms-encryption-scope"), "tenant");
    auto const list = ask({get, "/con?restype=container&comp=list"});
    EXPECT_NE(list.text.find("<EncryptionScope>tenant</EncryptionScope>"), std::string::npos);
}

TEST_F(EncryptionTest, AContainerMayInsistOnItsScope) {
    auto const made = ask(
        {put_verb,
         "/safe?restype=container",
         Headers{
             {"x-ms-default-encryption-scope", "tenant"}, {"x-ms-deny-encryption-scope-override", "true"}}}
    );
    ASSERT_EQ(made.status, 201) << made.text;
    auto const put_in = [&](Headers headers) {
        headers.set("x-ms-blob-type", "BlockBlob");
        return ask({put_verb, "/safe/b", headers, "x"});
    };
    EXPECT_EQ(
        code_of(put_in({{"x-ms-encryption-scope", "other"}})), "RequestForbiddenByContainerEncryptionPolicy"
    );
    EXPECT_EQ(put_in({}).headers.get("x-ms-encryption-scope"), "tenant");
    auto const container = ask({get, "/safe?restype=container"});
    EXPECT_EQ(container.headers.get("x-ms-default-encryption-scope"), "tenant");
    EXPECT_EQ(container.headers.get("x-ms-deny-encryption-scope-override"), "true");
}

TEST_F(EncryptionTest, BackupsOfDisksWithAKeyAreRefused) {
    Headers const disk{{"x-ms-blob-type", "PageBlob"}, {"x-ms-blob-content-length", "512"}};
    ask({put_verb, "/con/disk", with_key(kOneKey, disk)});
    auto const snapshot = ask({put_verb, "/con/disk?comp=snapshot", with_key(kOneKey)});
    ASSERT_EQ(snapshot.status, 201);
    auto const source =
        "http://127.0.0.1:10000/acc/con/disk?snapshot=" + std::string{snapshot.headers.get("x-ms-snapshot")};

    auto const copy =
        ask({put_verb, "/con/backup?comp=incrementalcopy", Headers{{"x-ms-copy-source", source}}});
    EXPECT_EQ(copy.status, 409) << copy.text;
    EXPECT_EQ(ask({head, "/con/backup"}).status, 404);
}

TEST_F(EncryptionTest, TagsAreReadWithoutTheKey) {
    put_secret("x");
    std::string const tags = "<Tags><TagSet><Tag><Key>a</Key><Value>1</Value></Tag></TagSet></Tags>";
    EXPECT_EQ(ask({put_verb, "/con/b?comp=tags", {}, tags}).status, 204);
    EXPECT_NE(ask({get, "/con/b?comp=tags"}).text.find("<Value>1</Value>"), std::string::npos);
}

TEST_F(EncryptionTest, EveryWriteTellsWhichKeyItUsed) {
    auto const hash = base::to_base64(base::sha256(kOneKey));
    auto const told = [&](std::string const& target, Headers const& headers, std::string const& body) {
        return ask({put_verb, target, with_key(kOneKey, headers), body})
                   .headers.get("x-ms-encryption-key-sha256") == hash;
    };
    std::string const page(512, 'p');
    EXPECT_TRUE(told("/con/log", {{"x-ms-blob-type", "AppendBlob"}}, ""));
    EXPECT_TRUE(told("/con/log?comp=appendblock", {}, "x"));
    EXPECT_TRUE(told("/con/disk", {{"x-ms-blob-type", "PageBlob"}, {"x-ms-blob-content-length", "512"}}, ""));
    EXPECT_TRUE(
        told("/con/disk?comp=page", {{"x-ms-page-write", "update"}, {"x-ms-range", "bytes=0-511"}}, page)
    );
}

}  // namespace
}  // namespace bluebatch::emulator::blob

#include "emulator/storage/blob/blob_storage.hpp"
#include "emulator/storage/blob/blob_store.hpp"
#include "emulator/storage/blob/block_store.hpp"
#include "emulator/storage/blob/container_store.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

namespace bluebatch::emulator::storage::blob {
namespace {

using Names = std::vector<std::string>;

class ListBlobsTest : public testing::Test {
protected:
    void add(Names const& names) {
        Transaction transaction(storage_.database());
        for (auto const& name : names) {
            Blob blob;
            blob.container_id = 1;
            blob.name = name;
            insert_blob(transaction, blob);
        }
        transaction.commit();
    }

    BlobList list(ListBlobs query) {
        query.container_id = 1;
        Snapshot snapshot(storage_.database());
        return list_blobs(snapshot.connection(), query);
    }

    static Names names_of(BlobList const& list) {
        Names names;
        for (auto const& item : list.items)
            names.push_back(item.prefix ? "[" + *item.prefix + "]" : item.blob.name);
        return names;
    }

    // Page by page.
    std::vector<Names> pages(ListBlobs query) {
        std::vector<Names> found;
        for (;;) {
            auto const page = list(query);
            found.push_back(names_of(page));
            if (!page.next) return found;
            query.from = *page.next;
        }
    }

    tests::TemporaryDirectory folder_;
    tests::ManualClock clock_;
    BlobStorage storage_{folder_.path(), Durability::process, clock_};
};

TEST_F(ListBlobsTest, SortsNamesByteByByte) {
    add({"b", "a", "B", "a/b", "a0", "\xC3\xA4", "a\x01"});

    EXPECT_EQ(names_of(list({})), (Names{"B", "a", "a\x01", "a/b", "a0", "b", "\xC3\xA4"}));
}

TEST_F(ListBlobsTest, EndsAPageExactlyWhereTheNextBegins) {
    add({"a", "b", "c", "d"});

    EXPECT_EQ(pages({.limit = 2}), (std::vector<Names>{{"a", "b"}, {"c", "d"}}));
    EXPECT_EQ(pages({.limit = 3}), (std::vector<Names>{{"a", "b", "c"}, {"d"}}));
    EXPECT_EQ(pages({.limit = 4}), (std::vector<Names>{{"a", "b", "c", "d"}}));
}

TEST_F(ListBlobsTest, FoldsWhatIsBehindTheDelimiter) {
    add({"a", "b/1", "b/2", "b0", "c//d", "e/"});

    EXPECT_EQ(names_of(list({.delimiter = "/"})), (Names{"a", "[b/]", "b0", "[c/]", "[e/]"}));
    EXPECT_EQ(names_of(list({.prefix = "b/", .delimiter = "/"})), (Names{"b/1", "b/2"}));
    EXPECT_EQ(names_of(list({.prefix = "c/", .delimiter = "/"})), (Names{"[c//]"}));
    EXPECT_EQ(names_of(list({.prefix = "b", .delimiter = "/"})), (Names{"[b/]", "b0"}));
}

TEST_F(ListBlobsTest, PagesThroughCommonPrefixes) {
    add({"a/1", "a/2", "b", "c/1", "c/2", "c/3", "d/1"});

    EXPECT_EQ(
        pages({.delimiter = "/", .limit = 1}), (std::vector<Names>{{"[a/]"}, {"b"}, {"[c/]"}, {"[d/]"}})
    );
}

TEST_F(ListBlobsTest, TakesDelimitersOfSeveralLetters) {
    add({"a--b", "a-b", "a--c"});

    EXPECT_EQ(names_of(list({.delimiter = "--"})), (Names{"[a--]", "a-b"}));
}

TEST_F(ListBlobsTest, KeepsToItsPrefix) {
    add({"a", "ab", "ab/c", "ac", "b"});

    EXPECT_EQ(names_of(list({.prefix = "ab"})), (Names{"ab", "ab/c"}));
    EXPECT_EQ(names_of(list({.prefix = "ab", .from = "ab/"})), (Names{"ab/c"}));
    EXPECT_EQ(names_of(list({.prefix = "x"})), Names{});
}

TEST_F(ListBlobsTest, MergesBlobsThatWereNeverCommitted) {
    add({"a", "c"});
    {
        Transaction transaction(storage_.database());
        insert_pending_blob(transaction, 1, "b", {.block_id_length = 3});
        insert_pending_blob(transaction, 1, "c", {.block_id_length = 3});
        insert_pending_blob(transaction, 2, "d", {.block_id_length = 3});
        transaction.commit();
    }

    EXPECT_EQ(names_of(list({})), (Names{"a", "c"}));
    auto const all = list({.with_uncommitted = true});
    EXPECT_EQ(names_of(all), (Names{"a", "b", "c"}));
    EXPECT_TRUE(all.items[1].is_uncommitted);
    EXPECT_FALSE(all.items[2].is_uncommitted);
}

TEST(EndOfPrefix, IsTheNextTextBehindAllThatBeginWithIt) {
    EXPECT_EQ(end_of_prefix("a/"), "a0");
    EXPECT_EQ(end_of_prefix("a\xFF"), "b");
    EXPECT_EQ(end_of_prefix("\xFF"), std::nullopt);
    EXPECT_EQ(end_of_prefix(""), std::nullopt);
}

}  // namespace
}  // namespace bluebatch::emulator::storage::blob

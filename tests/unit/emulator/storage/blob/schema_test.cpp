#include "emulator/storage/blob/schema.hpp"

#include "emulator/storage/blob/blob_storage.hpp"
#include "emulator/storage/blob/blob_store.hpp"
#include "emulator/storage/blob/layout_store.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

namespace bluebatch::emulator::storage::blob {
namespace {

// Written by the first schema: "one" has one content, "blocks" two blocks, "copied" is a copy of "one".
constexpr char const* kRows = R"sql(
INSERT INTO contents VALUES(1, 2, 3, 'abc'), (2, 1, 2, 'de'), (3, 1, 1, 'f');
INSERT INTO blobs VALUES
    (10, 1, 'one', '', 0, 3, 1, 100, 200, 300, 't', 'e', 'l', 'd', 'c', NULL, '', 'Cool', 150, NULL, NULL, NULL,
     NULL, NULL, NULL, NULL),
    (11, 1, 'blocks', '', 0, 3, NULL, 100, 200, 300, 't', '', '', '', '', NULL, '', NULL, NULL, 'lease', 15, 400,
     NULL, NULL, NULL, NULL),
    (12, 1, 'copied', '', 0, 3, 1, 100, 200, 300, 't', '', '', '', '', NULL, '', NULL, NULL, NULL, NULL, NULL,
     NULL, 'id', 'http://source', 500);
INSERT INTO committed_blocks VALUES(11, 0, 'YQ==', 2, 2), (11, 2, 'Yg==', 3, 1);
)sql";

TEST(BlobSchema, KeepsWhatAnEarlierVersionStored) {
    tests::TemporaryDirectory const folder;
    tests::ManualClock const clock;
    {
        Database database(folder.path() / "blob.sqlite", {schema().front()}, Durability::process);
        Transaction transaction(database);
        transaction.connection().run_script(kRows);
        transaction.commit();
    }

    BlobStorage storage(folder.path(), Durability::process, clock);
    Snapshot snapshot(storage.database());
    auto& connection = snapshot.connection();
    auto const one = find_blob(connection, 1, "one");
    ASSERT_TRUE(one);
    EXPECT_EQ(one->content_id, 1);
    EXPECT_EQ(one->tier, "Cool");
    EXPECT_EQ(one->content.cache_control, "c");
    EXPECT_FALSE(one->copy);
    auto const blocks = find_blob(connection, 1, "blocks");
    ASSERT_TRUE(blocks && blocks->layout_id);
    EXPECT_EQ(blocks->lease->id, "lease");
    auto const list = list_committed_blocks(connection, *blocks->layout_id);
    ASSERT_EQ(list.size(), 2U);
    EXPECT_EQ(list[1].id, "Yg==");
    EXPECT_EQ(list[1].content_id, 3);
    auto const copied = find_blob(connection, 1, "copied");
    ASSERT_TRUE(copied && copied->copy);
    EXPECT_EQ(copied->copy->source, "http://source");
    EXPECT_EQ(copied->copy->total, 3U);
    EXPECT_EQ(copied->copy->completed, TimePoint{base::Ticks{500}});
}

}  // namespace
}  // namespace bluebatch::emulator::storage::blob

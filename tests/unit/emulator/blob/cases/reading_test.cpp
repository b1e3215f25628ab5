#include "emulator/blob/cases/reading.hpp"

#include "emulator/blob/cases/account_policy.hpp"
#include "emulator/blob/cases/blobs.hpp"
#include "emulator/blob/cases/containers.hpp"
#include "emulator/blob/cases/pages.hpp"
#include "emulator/blob/service_settings.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <thread>
#include <utility>

namespace bluebatch::emulator::blob::cases {
namespace {

// When the test asks it for the time, others have the time to do something.
class BusyClock final : public base::Clock {
public:
    base::TimePoint now() const override {
        bool const is_test = std::this_thread::get_id() == test_;
        if (is_test && meanwhile && !std::exchange(is_busy_, true)) {
            meanwhile();
            is_busy_ = false;
        }
        return base::TimePoint{base::Ticks{17'095'464'000'000'000}};
    }
    std::function<void()> meanwhile;

private:
    std::thread::id test_ = std::this_thread::get_id();
    mutable bool is_busy_ = false;
};

class ReadingTest : public testing::Test {
protected:
    static constexpr std::uint64_t kPages = 64;

    void SetUp() override {
        ASSERT_TRUE(create_container(context_, {"acc", "con", {}}, {}));
        NewBlob blob;
        blob.kind = store::BlobKind::page;
        blob.page_blob_size = kPages * rules::kPageSize;
        ASSERT_TRUE(put_blob(context_, address_, blob, store::NewContent::from_bytes(storage_, {})));
        for (std::uint64_t i = 0; i < kPages; ++i)
            write(i);
    }
    void write(std::uint64_t index) {
        PageWrite const wanted{{index * rules::kPageSize, rules::kPageSize}, {}, {}};
        auto content = store::NewContent::from_bytes(storage_, std::string(rules::kPageSize, 'x'));
        ASSERT_TRUE(write_pages(context_, address_, wanted, std::move(content)));
    }

    tests::TemporaryDirectory folder_;
    BusyClock clock_;
    base::SeededRandom random_{1};
    store::BlobStorage storage_{folder_.path(), storage::Durability::process, clock_};
    ServiceSettings settings_{storage_.database()};
    AccountPolicies policies_{storage_.database(), {}};
    Context context_{storage_, clock_, random_, settings_, policies_};
    Address const address_{"acc", "con", "b"};
};

TEST_F(ReadingTest, ABlobIsReadThatOthersNeverCeaseToWriteTo) {
    std::uint64_t next = 0;
    clock_.meanwhile = [&] { write(next++ % kPages); };

    auto const content = read_content(context_, address_, {});

    clock_.meanwhile = {};
    ASSERT_TRUE(content) << content.error().name();
    EXPECT_EQ(content->pieces.size(), kPages);
}

}  // namespace
}  // namespace bluebatch::emulator::blob::cases

#include "emulator/storage/batch/application_packages.hpp"

#include "emulator/storage/batch/application_store.hpp"
#include "emulator/storage/batch/batch_store.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace bluebatch::emulator::storage {
namespace {

namespace fs = std::filesystem;

class ApplicationPackagesTest : public testing::Test {
protected:
    PackageChange put(std::string_view id, std::string_view version, std::string const& bytes = "zip") {
        auto const file = folder_.path() / "upload";
        std::ofstream(file) << bytes;
        return packages_.put(id, version, file, clock_.now());
    }
    std::string content(std::string_view id, std::string_view version) {
        auto const found = packages_.find(id, version);
        if (!found) return "none";
        std::ifstream file(found->path);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    domain::Application application(std::string_view id) {
        Snapshot snapshot(database_);
        return find_application(snapshot.connection(), id).value();
    }
    template <class Change>
    void change(std::string_view id, Change change) {
        Transaction transaction(database_);
        auto application = find_application(transaction.connection(), id).value();
        change(application);
        put_application(transaction, application);
        transaction.commit();
    }
    auto count_files() const {
        return std::distance(fs::directory_iterator(folder_.path() / "packages"), fs::directory_iterator{});
    }

    tests::TemporaryDirectory folder_;
    tests::ManualClock clock_;
    Database database_{folder_.path() / "batch.db", batch_schema(), Durability::process};
    ApplicationPackages packages_{database_, folder_.path() / "packages", lazy_disk()};
};

TEST_F(ApplicationPackagesTest, AreFoundByVersion) {
    EXPECT_EQ(put("tool", "1.0", "one"), PackageChange::done);
    EXPECT_EQ(put("tool", "2.0-b", "two"), PackageChange::done);

    EXPECT_EQ(content("TOOL", "1.0"), "one");
    EXPECT_EQ(content("tool", "2.0-B"), "two");
    EXPECT_EQ(content("tool", "3.0"), "none");
    EXPECT_EQ(content("other", "1.0"), "none");
    auto const found = application("tool");
    ASSERT_EQ(found.packages.size(), 2U);
    EXPECT_EQ(found.packages[0].version, "1.0");
    EXPECT_EQ(found.packages[0].size, 3);
    EXPECT_EQ(found.packages[0].last_modified, clock_.now());
}

// Batch: APP-1
TEST_F(ApplicationPackagesTest, AreFoundWithoutVersionWhereThereIsADefault) {
    put("tool", "1.0", "one");
    EXPECT_EQ(content("tool", ""), "none");
    change("tool", [](domain::Application& tool) { tool.default_version = "1.0"; });
    EXPECT_EQ(content("tool", ""), "one");
    EXPECT_EQ(packages_.find("tool", "")->version, "1.0");
}

TEST_F(ApplicationPackagesTest, AreReplacedWithTheirFile) {
    put("tool", "1.0", "one");
    EXPECT_EQ(put("tool", "1.0", "new"), PackageChange::done);
    EXPECT_EQ(content("tool", "1.0"), "new");
    EXPECT_EQ(application("tool").packages.size(), 1U);
    EXPECT_EQ(count_files(), 1);
}

TEST_F(ApplicationPackagesTest, AreRemovedWithTheirFile) {
    put("tool", "1.0");
    change("tool", [](domain::Application& tool) { tool.default_version = "1.0"; });

    EXPECT_EQ(packages_.remove_application("tool"), PackageChange::still_has_packages);
    EXPECT_EQ(packages_.remove("tool", "1.0"), PackageChange::done);

    EXPECT_EQ(count_files(), 0);
    EXPECT_EQ(application("tool").default_version, "");
    EXPECT_EQ(packages_.remove("tool", "1.0"), PackageChange::not_found);
    EXPECT_EQ(packages_.remove_application("tool"), PackageChange::done);
    EXPECT_EQ(packages_.remove_application("tool"), PackageChange::not_found);
}

TEST_F(ApplicationPackagesTest, StayWhenUpdatesAreNotAllowed) {
    put("tool", "1.0", "one");
    change("tool", [](domain::Application& tool) { tool.allow_updates = false; });
    EXPECT_EQ(put("tool", "1.0", "new"), PackageChange::updates_not_allowed);
    EXPECT_EQ(packages_.remove("tool", "1.0"), PackageChange::updates_not_allowed);
    EXPECT_EQ(content("tool", "1.0"), "one");
    EXPECT_EQ(put("tool", "2.0"), PackageChange::done);
}

// Batch: APP-5
TEST_F(ApplicationPackagesTest, HaveALimit) {
    for (std::size_t i = 0; i < domain::kMostPackages; ++i)
        EXPECT_EQ(put("tool", std::to_string(i)), PackageChange::done);
    EXPECT_EQ(put("tool", "more"), PackageChange::too_many);
    EXPECT_EQ(put("tool", "0"), PackageChange::done);
}

}  // namespace
}  // namespace bluebatch::emulator::storage

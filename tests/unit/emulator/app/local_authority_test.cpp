#include "emulator/app/local_authority.hpp"

#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace bluebatch::emulator::app {
namespace {

namespace fs = std::filesystem;
using enum fs::perms;

base::TimePoint const kNow = *base::parse_iso8601("2026-11-22T12:00:00Z");

struct LocalAuthorityTest : testing::Test {
    tests::TemporaryDirectory folder;
    fs::path key = folder.path() / "ca/ca.key";
    fs::path certificate = folder.path() / "ca/ca.pem";

    LocalAuthority open(base::TimePoint now = kNow, Renewal renewal = Renewal::when_due) const {
        return open_authority(folder.path(), "127.0.0.1", now, renewal);
    }
    std::string fault() const {
        try {
            open();
        } catch (std::runtime_error const& error) {
            return error.what();
        }
        return {};
    }
    auto files() const { return std::distance(fs::directory_iterator(folder.path()), {}); }
    static std::string read(fs::path const& file) {
        std::ifstream stream(file);
        return {std::istreambuf_iterator<char>(stream), {}};
    }
};

TEST_F(LocalAuthorityTest, IsMadeOnceWithAKeyForItsOwnerOnly) {
    auto const made = open();
    EXPECT_EQ(made.certificate, certificate);
    EXPECT_EQ(read(certificate), made.authority.certificate_pem());
    EXPECT_EQ(fs::status(key).permissions(), owner_read | owner_write);
    EXPECT_EQ(fs::status(certificate).permissions(), owner_read | owner_write | group_read | others_read);
    EXPECT_EQ(open().authority.certificate_pem(), made.authority.certificate_pem());
    // Nothing is left of the making.
    EXPECT_EQ(files(), 1);
}

TEST_F(LocalAuthorityTest, MendsAKeyThatOthersCanRead) {
    auto const made = open();
    fs::permissions(key, owner_read | owner_write | group_read | others_read);
    EXPECT_EQ(open().authority.certificate_pem(), made.authority.certificate_pem());
    EXPECT_EQ(fs::status(key).permissions(), owner_read | owner_write);
}

TEST_F(LocalAuthorityTest, IsMadeAnewBeforeItEnds) {
    auto const made = open();
    auto const end = made.authority.expires();
    EXPECT_EQ(
        open(end - std::chrono::days(31)).authority.certificate_pem(), made.authority.certificate_pem()
    );
    auto const next = open(end - std::chrono::days(29));
    EXPECT_NE(next.authority.certificate_pem(), made.authority.certificate_pem());
    EXPECT_EQ(read(certificate), next.authority.certificate_pem());
    EXPECT_EQ(files(), 1);
}

TEST_F(LocalAuthorityTest, StaysForWhoDoesNotHoldTheLocation) {
    auto const made = open();
    auto const end = made.authority.expires();
    auto const shown = open(end - std::chrono::days(29), Renewal::never);
    EXPECT_EQ(shown.authority.certificate_pem(), made.authority.certificate_pem());
    EXPECT_EQ(read(certificate), made.authority.certificate_pem());
}

TEST_F(LocalAuthorityTest, RemovesDraftsOfTheDead) {
    for (auto const* const name : {"ca.aBc123", "ca.young1", "ca.mine"}) {
        fs::create_directory(folder.path() / name);
        std::ofstream(folder.path() / name / "ca.key") << "key";
    }
    fs::last_write_time(
        folder.path() / "ca.aBc123", fs::file_time_type::clock::now() - std::chrono::hours(1)
    );
    fs::last_write_time(folder.path() / "ca.mine", fs::file_time_type::clock::now() - std::chrono::hours(1));
    open();
    EXPECT_FALSE(fs::exists(folder.path() / "ca.aBc123"));
    // It may be another process's, which still writes.
    EXPECT_TRUE(fs::exists(folder.path() / "ca.young1"));
    EXPECT_TRUE(fs::exists(folder.path() / "ca.mine"));
}

TEST_F(LocalAuthorityTest, AdvisesToRemoveItsOwnFolderOnly) {
    fs::create_directory(folder.path() / "ca");
    std::ofstream(folder.path() / "ca/other") << "text";
    auto const advice = "remove the folder " + (folder.path() / "ca").string() + " to";
    EXPECT_NE(fault().find(advice), std::string::npos) << fault();
    EXPECT_EQ(files(), 1);
    fs::remove_all(folder.path());
    EXPECT_NE(fault().find("can't make an authority"), std::string::npos) << fault();
    EXPECT_EQ(fault().find("remove"), std::string::npos) << fault();
}

TEST_F(LocalAuthorityTest, SaysWhatIsWrongWithWhatIsThere) {
    open();
    fs::remove(key);
    EXPECT_NE(fault().find("ca.key: it is not there"), std::string::npos) << fault();
    std::ofstream(key) << "no key";
    EXPECT_NE(fault().find("no private key"), std::string::npos) << fault();
    fs::remove(key);
    fs::create_symlink("/etc/hostname", key);
    EXPECT_NE(fault().find("ca.key"), std::string::npos) << fault();
    fs::remove_all(folder.path() / "ca");
    EXPECT_EQ(fault(), "");
}

}  // namespace
}  // namespace bluebatch::emulator::app

#include "emulator/app/own_certificate.hpp"

#include "shared/base/certificate_authority.hpp"
#include "shared/base/digest.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gmock/gmock.h>

#include <fstream>

namespace bluebatch::emulator::app {
namespace {

using testing::AllOf;
using testing::HasSubstr;

base::TimePoint const kToday = *base::parse_iso8601("2026-11-22T12:00:00Z");

struct OwnCertificateTest : testing::Test {
    tests::TemporaryDirectory folder;
    base::CertifiedKey key = *base::CertificateAuthority::make({.domains = {"example.org"}}, kToday)
                                  .issue({"example.org"}, kToday);
    std::string certificate = base::certificates_to_pem(key);
    std::string private_key = base::private_key_to_pem(key);

    std::filesystem::path file(std::string const& name, std::string_view content) const {
        std::ofstream(folder.path() / name, std::ios::binary) << content;
        return folder.path() / name;
    }
    static std::string fault(OwnCertificate const& own) {
        try {
            load(own, kToday);
        } catch (std::runtime_error const& error) {
            return error.what();
        }
        return {};
    }
};

TEST_F(OwnCertificateTest, NeedNotBeGiven) {
    EXPECT_FALSE(load({}, kToday));
}

TEST_F(OwnCertificateTest, IsPemWithItsKeyOrBothInOneFile) {
    auto const two = load({file("c.pem", certificate), file("c.key", private_key), ""}, kToday);
    EXPECT_TRUE(two->names("example.org"));
    auto const one = load({file("both.pem", private_key + certificate), {}, ""}, kToday);
    EXPECT_TRUE(one->names("example.org"));
}

TEST_F(OwnCertificateTest, IsPkcs12WithItsPassword) {
    auto const pfx = file("c.pfx", base::parse_base64(tests::kPfx).value());
    EXPECT_TRUE(load({pfx, {}, "secret"}, kToday));
    EXPECT_THAT(
        fault({pfx, {}, "wrong"}), AllOf(HasSubstr("--cert"), HasSubstr("c.pfx"), HasSubstr("password"))
    );
    EXPECT_TRUE(load({file("n.pfx", base::parse_base64(tests::kPfxWithoutPassword).value()), {}, ""}, kToday)
    );
}

TEST_F(OwnCertificateTest, SaysWhatIsWrong) {
    auto const good = file("c.pem", certificate);
    EXPECT_THAT(fault({folder.path() / "none.pem", good, ""}), HasSubstr("No such file"));
    EXPECT_THAT(
        fault({good, folder.path() / "none.key", ""}), AllOf(HasSubstr("--key"), HasSubstr("No such file"))
    );
    EXPECT_THAT(fault({good, {}, ""}), HasSubstr("give it with --key"));
    EXPECT_THAT(fault({good, good, ""}), HasSubstr("no private key"));
    EXPECT_THAT(fault({file("empty", ""), good, ""}), HasSubstr("nothing in it"));
    EXPECT_THAT(fault({folder.path(), good, ""}), HasSubstr(folder.path().string()));
}

}  // namespace
}  // namespace bluebatch::emulator::app

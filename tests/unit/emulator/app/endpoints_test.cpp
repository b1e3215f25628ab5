#include "emulator/app/endpoints.hpp"

#include "tests/support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

namespace bluebatch::emulator::app {
namespace {

struct EndpointsTest : testing::Test {
    tests::TemporaryDirectory folder;
    std::string written(Endpoints const& endpoints) {
        write_endpoints_file(folder.path() / "e.json", endpoints);
        std::ifstream file(folder.path() / "e.json");
        return {std::istreambuf_iterator<char>(file), {}};
    }
};

TEST_F(EndpointsTest, AreWrittenAsJson) {
    auto endpoints = make_endpoints("::1", 10000, 10003, "one");
    EXPECT_EQ(
        written(endpoints),
        R"({"blob":"http://[::1]:10000/one","batch":"http://[::1]:10003",)"
        R"("dashboard":"http://[::1]:10003/_bluebatch/ui/","pid":)" +
            std::to_string(::getpid()) + ",\"ca\":null}\n"
    );
    endpoints.ca = "/a \"b\"\\c/ca.pem";
    EXPECT_THAT(
        written(endpoints),
        testing::EndsWith(R"("ca":"/a \"b\"\\c/ca.pem"})"
                          "\n")
    );
}

TEST_F(EndpointsTest, LeaveNoDraftWhenTheyCantBeWritten) {
    std::filesystem::create_directories(folder.path() / "e.json" / "taken");
    EXPECT_THROW(write_endpoints_file(folder.path() / "e.json", {}), std::system_error);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST_F(EndpointsTest, NameTheLoopbackAddressForEveryInterface) {
    EXPECT_EQ(make_endpoints("0.0.0.0", 1, 2, "one").batch, "http://127.0.0.1:2");
}

}  // namespace
}  // namespace bluebatch::emulator::app

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
        EndpointsFile file(path);
        file.write(endpoints);
        return read();
    }
    std::string read() const {
        std::ifstream file(path);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    std::filesystem::path path = folder.path() / "e.json";
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
    std::filesystem::create_directories(path / "taken");
    EndpointsFile file(path);
    EXPECT_THROW(file.write({}), std::system_error);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST_F(EndpointsTest, AreThereWhileSomebodyAnswersThere) {
    std::ofstream(path) << "of an emulator that was killed";
    {
        EndpointsFile file(path);
        file.remove_old();
        EXPECT_FALSE(std::filesystem::exists(path));
        file.write({});
        EXPECT_TRUE(std::filesystem::exists(path));
    }
    EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(EndpointsTest, OfAnotherOneStay) {
    {
        EndpointsFile file(path);
        file.write({});
        std::ofstream(path) << "another";
    }
    EXPECT_EQ(read(), "another");
}

TEST_F(EndpointsTest, NameTheLoopbackAddressForEveryInterface) {
    EXPECT_EQ(make_endpoints("0.0.0.0", 1, 2, "one").batch, "http://127.0.0.1:2");
}

}  // namespace
}  // namespace bluebatch::emulator::app

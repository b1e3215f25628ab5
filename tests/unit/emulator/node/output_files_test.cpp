#include "emulator/node/output_files.hpp"

#include "tests/support/temporary_directory.hpp"
#include "tests/unit/emulator/node/fake_blobs.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace bluebatch::emulator::node {
namespace {

using domain::UploadCondition;

class UploadOutputFiles : public testing::Test {
protected:
    UploadOutputFiles() : directories_{{directory_.path()}, directory_.path() / "task"} {
        write("wd/out.mp3", "music");
        write("wd/parts/1.txt", "one");
        write("wd/parts/more/2.txt", "two");
        write("stdout.txt", "said");
        write("stderr.txt", "");
    }
    void write(std::string const& name, std::string const& text) {
        auto const file = directories_.task / name;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file) << text;
    }
    std::string read(std::string const& name) {
        std::ifstream stream(directories_.task / name);
        std::ostringstream text;
        text << stream.rdbuf();
        return text.str();
    }
    static domain::OutputFile output(
        std::string pattern, std::string path, UploadCondition condition = UploadCondition::task_completion
    ) {
        return {std::move(pattern), "http://host/out?sig=secret", std::move(path), {}, condition};
    }
    std::optional<domain::FailureInfo> upload(
        std::vector<domain::OutputFile> const& outputs, int exit_code = 0
    ) {
        return upload_output_files(blobs_, identities_, outputs, exit_code, directories_, environment_, {});
    }
    std::vector<std::string> uploaded() const {
        std::vector<std::string> urls;
        for (auto const& [url, what] : blobs_.uploads)
            urls.push_back(url);
        return urls;
    }
    using Urls = std::vector<std::string>;

    tests::TemporaryDirectory directory_;
    RunDirectories directories_;
    Environment environment_{{"AZ_BATCH_TASK_DIR", directory_.path() / "task"}, {"NAME", "out"}};
    FakeBlobs blobs_;
    IdentityAccess identities_;
};

// OUT-10
TEST_F(UploadOutputFiles, AnIdentityOpensTheContainer) {
    identities_ = [](std::string const& url, std::string const& identity) -> TransferResult<std::string> {
        if (identity != "/known") return TransferError{TransferFault::access_denied, "not " + identity};
        return url + "?sig=own";
    };
    auto known = output("out.mp3", "");
    known.container_url = "http://host/out";
    known.identity = "/known";
    auto unknown = known;
    unknown.identity = "/unknown";

    auto const failure = upload({unknown, known});

    EXPECT_EQ(uploaded(), Urls{"http://host/out/out.mp3?sig=own"});
    ASSERT_TRUE(failure);
    EXPECT_EQ(failure->code, "FileUploadAccessDenied");
    EXPECT_NE(read("fileuploaderr.txt").find("not /unknown"), std::string::npos);
}

TEST_F(UploadOutputFiles, APlainNameGoesToThePathItself) {
    EXPECT_FALSE(upload({output("out.mp3", "music/song 1.mp3")}));

    EXPECT_EQ(uploaded(), (Urls{"http://host/out/music/song%201.mp3?sig=secret"}));
    EXPECT_EQ(blobs_.uploads.begin()->second.content, "music");
}

// Batch: OUT-5
TEST_F(UploadOutputFiles, WithoutAPathTheBlobHasTheFilesName) {
    EXPECT_FALSE(upload({output("parts/1.txt", "")}));

    EXPECT_EQ(uploaded(), (Urls{"http://host/out/1.txt?sig=secret"}));
}

// Batch: OUT-5
TEST_F(UploadOutputFiles, AWildcardMakesThePathAFolderEvenForOneMatch) {
    EXPECT_FALSE(upload({output("*.mp3", "music")}));

    EXPECT_EQ(uploaded(), (Urls{"http://host/out/music/out.mp3?sig=secret"}));
}

// Batch: OUT-6
TEST_F(UploadOutputFiles, FoldersBelowTheFixedPartAreKept) {
    EXPECT_FALSE(upload({output("parts/**/*.txt", "p")}));

    EXPECT_EQ(
        uploaded(), (Urls{"http://host/out/p/1.txt?sig=secret", "http://host/out/p/more/2.txt?sig=secret"})
    );
}

// Batch: OUT-2
TEST_F(UploadOutputFiles, TheStandardFilesCanBeUploaded) {
    EXPECT_FALSE(upload({output("../std*.txt", "log")}));

    EXPECT_EQ(
        uploaded(),
        (Urls{"http://host/out/log/stderr.txt?sig=secret", "http://host/out/log/stdout.txt?sig=secret"})
    );
}

// Batch: OUT-4
TEST_F(UploadOutputFiles, VariablesAreExpandedInThePatternOnly) {
    EXPECT_FALSE(upload({output("$NAME.mp3", "$NAME"), output("$AZ_BATCH_TASK_DIR/stdout.txt", "s")}));

    EXPECT_EQ(uploaded(), (Urls{"http://host/out/%24NAME?sig=secret", "http://host/out/s?sig=secret"}));
}

struct ConditionCase {
    UploadCondition condition;
    int exit_code;
    bool uploads;
};
class Conditions : public UploadOutputFiles, public testing::WithParamInterface<ConditionCase> {};

// Batch: OUT-7
TEST_P(Conditions, DecideByTheExitCode) {
    EXPECT_FALSE(upload({output("out.mp3", "m", GetParam().condition)}, GetParam().exit_code));

    EXPECT_EQ(blobs_.uploads.size(), GetParam().uploads ? 1U : 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Table,
    Conditions,
    testing::Values(
        ConditionCase{UploadCondition::task_success, 0, true},
        ConditionCase{UploadCondition::task_success, 1, false},
        ConditionCase{UploadCondition::task_failure, 0, false},
        ConditionCase{UploadCondition::task_failure, -9, true},
        ConditionCase{UploadCondition::task_completion, 0, true},
        ConditionCase{UploadCondition::task_completion, 1, true}
    )
);

// Batch: OUT-9
TEST_F(UploadOutputFiles, NoMatchIsNoFailure) {
    EXPECT_FALSE(upload({output("none.txt", "n"), output("*.none", "n")}));

    EXPECT_TRUE(blobs_.uploads.empty());
}

// Batch: OUT-13
TEST_F(UploadOutputFiles, HeadersAreSentAsGiven) {
    auto with_type = output("out.mp3", "m");
    with_type.upload_headers = {{"x-ms-blob-content-type", "audio/mpeg"}};

    EXPECT_FALSE(upload({with_type}));

    EXPECT_EQ(blobs_.uploads.begin()->second.headers.get("x-ms-blob-content-type"), "audio/mpeg");
}

// Batch: OUT-14
TEST_F(UploadOutputFiles, SaysWhatItDidBesideStdout) {
    EXPECT_FALSE(upload({output("out.mp3", "m")}));

    EXPECT_NE(read("fileuploadout.txt").find("out.mp3"), std::string::npos);
    EXPECT_EQ(read("fileuploadout.txt").find("secret"), std::string::npos);
    EXPECT_EQ(read("fileuploaderr.txt"), "");
}

TEST_F(UploadOutputFiles, WritesNothingWhenThereIsNothingToUpload) {
    EXPECT_FALSE(upload({}));

    EXPECT_FALSE(std::filesystem::exists(directories_.task / "fileuploadout.txt"));
}

struct FaultCase {
    TransferFault fault;
    char const* code;
};
class UploadFaults : public UploadOutputFiles, public testing::WithParamInterface<FaultCase> {};

TEST_P(UploadFaults, HaveTheCodesOfTheService) {
    blobs_.fault = TransferError{GetParam().fault, "why"};

    auto const failure = upload({output("out.mp3", "m")});

    ASSERT_TRUE(failure);
    EXPECT_EQ(failure->code, GetParam().code);
    EXPECT_NE(read("fileuploaderr.txt").find("why"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Codes,
    UploadFaults,
    testing::Values(
        FaultCase{TransferFault::container_not_found, "FileUploadContainerNotFound"},
        FaultCase{TransferFault::access_denied, "FileUploadAccessDenied"},
        FaultCase{TransferFault::conflict, "FileUploadConflict"},
        FaultCase{TransferFault::timed_out, "FileUploadTimedOut"},
        FaultCase{TransferFault::other, "FileUploadMiscError"}
    )
);

}  // namespace
}  // namespace bluebatch::emulator::node

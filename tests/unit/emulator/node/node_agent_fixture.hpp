#pragma once

#include "emulator/node/node_agent.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/emulator/node/fake_blobs.hpp"
#include "tests/unit/emulator/node/fake_transcoder.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <map>
#include <sstream>
#include <thread>

namespace bluebatch::emulator::node {

namespace fs = std::filesystem;

// Downloads from "http://slow/" end only when they are stopped.
class SlowBlobs final : public BlobAccess {
public:
    explicit SlowBlobs(FakeBlobs& blobs) : blobs_(blobs) {}
    TransferResult<void> download(std::string const& url, int target, std::stop_token stop) override {
        if (!url.starts_with("http://slow/")) return blobs_.download(url, target, stop);
        return wait(stop);
    }
    TransferResult<std::vector<std::string>> list(
        std::string const& url, std::string const& prefix, std::stop_token stop
    ) override {
        return blobs_.list(url, prefix, stop);
    }
    TransferResult<void> upload(
        std::string const& url, http::FileSlice content, http::Headers headers, std::stop_token stop
    ) override {
        if (!url.starts_with("http://slow/")) return blobs_.upload(url, content, headers, stop);
        return wait(stop);
    }

private:
    static TransferResult<void> wait(std::stop_token const& stop) {
        std::mutex mutex;
        std::condition_variable_any stopped;
        std::unique_lock lock(mutex);
        stopped.wait(lock, stop, [] { return false; });
        return TransferError{TransferFault::cancelled, ""};
    }

    FakeBlobs& blobs_;
};

class RunOnNode : public testing::Test {
protected:
    RunOnNode() { make_agent(); }

    void make_agent(std::size_t max_parallel = 4) {
        agent_.reset();
        AgentOptions options;
        options.task_tokens = tokens_;
        options.location = directory_.path();
        options.account_name = "account";
        options.account_url = "http://127.0.0.1:10003";
        options.max_parallel = max_parallel;
        agent_ = std::make_unique<NodeAgent>(
            options,
            clock_,
            slow_blobs_,
            transcoder_,
            [this](domain::RunReport report) {
                std::scoped_lock const lock(mutex_);
                reports_[report.run] = std::move(report);
                changed_.notify_all();
            }
        );
    }

    domain::RunId begin(
        std::string command_line, std::function<void(domain::RunCommand&)> const& change = {}
    ) {
        domain::RunCommand command;
        command.run = ++last_run_;
        command.pool_id = "Pool";
        command.node_id = "node";
        command.job_id = "job";
        command.task_id = "task";
        command.specification.command_line = std::move(command_line);
        if (change) change(command);
        agent_->start(command);
        return command.run;
    }
    domain::RunReport report_of(domain::RunId run) {
        std::unique_lock lock(mutex_);
        bool const came =
            changed_.wait_for(lock, std::chrono::seconds{10}, [&] { return reports_.contains(run); });
        EXPECT_TRUE(came) << "no report of run " << run;
        return reports_[run];
    }
    domain::RunReport run(
        std::string command_line, std::function<void(domain::RunCommand&)> const& change = {}
    ) {
        return report_of(begin(std::move(command_line), change));
    }

    fs::path node() const { return directory_.path() / "nodes/account/pool/node"; }
    fs::path task() const { return node() / "workitems/job/job-1/task"; }
    std::string read(fs::path const& file) const {
        std::ifstream stream(file);
        std::ostringstream text;
        text << stream.rdbuf();
        return text.str();
    }
    static bool eventually(std::function<bool()> const& holds) {
        auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds{5};
        while (!holds()) {
            if (std::chrono::steady_clock::now() > deadline) return false;
            std::this_thread::sleep_for(std::chrono::milliseconds{2});
        }
        return true;
    }
    // Stops the run and says how long its report took.
    std::chrono::milliseconds stop(domain::RunId run, domain::StopReason reason) {
        auto const began = std::chrono::steady_clock::now();
        agent_->stop(run, reason);
        report_of(run);
        return std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::steady_clock::now() - began
        );
    }

    tests::TemporaryDirectory directory_;
    base::SystemClock clock_;
    FakeBlobs blobs_;
    SlowBlobs slow_blobs_{blobs_};
    FakeTranscoder transcoder_;
    std::shared_ptr<domain::TaskTokens> tokens_ = std::make_shared<domain::TaskTokens>();
    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<domain::RunId, domain::RunReport> reports_;
    domain::RunId last_run_ = 0;
    std::unique_ptr<NodeAgent> agent_;
};

}  // namespace bluebatch::emulator::node

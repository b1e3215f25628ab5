#pragma once

#include "client/cli/transcode/plan.hpp"
#include "client/cli/transcode/transcode.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/client/fake_services.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <sstream>

// Whole runs of the client against services that are not there.
namespace bluebatch::tests {

inline constexpr auto kRun = "this-run";

class TypedLines final : public cli::LineReader {
public:
    std::optional<std::string> read_line(std::stop_token) override {
        if (lines.empty() && on_end) on_end();
        if (lines.empty()) return std::nullopt;
        auto line = lines.front();
        lines.pop_front();
        return line;
    }
    std::deque<std::string> lines;
    std::function<void()> on_end;  // when a question finds no line
};

// Stops the run instead of waiting the given number of times.
class StoppingWaiter final : public client::Waiter {
public:
    StoppingWaiter(ManualClock& clock, std::stop_source& source) : clock_(clock), source_(source) {}
    void wait(std::chrono::milliseconds duration, std::stop_token) override {
        clock_.advance(duration);
        if (stop_at_once) source_.request_stop();
    }
    bool stop_at_once = false;

private:
    ManualClock& clock_;
    std::stop_source& source_;
};

inline std::string read(std::filesystem::path const& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

class TranscodeTest : public ::testing::Test {
protected:
    TranscodeTest() {
        options_.input = folder_.path() / "in";
        options_.output = folder_.path() / "out";
        options_.answer = cli::Answer::yes;
        std::filesystem::create_directory(options_.input);
    }

    void add_clip(std::string const& name) { std::ofstream(options_.input / name) << "film"; }

    cli::ExitStatus run() {
        auto services = std::make_unique<FakeServices>();
        services->before = std::move(services_.before);
        services->fates = services_.fates;
        services->containers = services_.containers;
        services->blobs = services_.blobs;
        services->pool = services_.pool;
        services->job = services_.job;
        auto* const kept = services.get();
        cli::Console console(
            {out_, err_, typed_, cli::Device::plain, cli::Device::plain, false}, options_.form
        );
        cli::World const world{
            clock_, random_, waiter_, [](auto const&) { return std::nullopt; }, console, stop_.get_token()};
        cli::Accounts accounts;
        accounts.batch = {"devbatchaccount1", "http://127.0.0.1:10003", "a2V5"};
        accounts.storage = {"devstoreaccount1", "a2V5", "", "http://127.0.0.1:10000/devstoreaccount1"};
        accounts.batch_source = "emulator default";
        cli::Connection connection(accounts, std::move(services), world);
        auto const plan = cli::transcode::prepare(options_, kRun, console);
        if (!plan) {
            err_ << plan.error().message;
            return plan.error().status;
        }
        auto const status = cli::transcode::run(options_, *plan, world, connection);
        left_.containers = kept->containers;
        left_.pool = kept->pool;
        left_.job = kept->job;
        left_.tasks = kept->tasks;
        left_.blobs = kept->blobs;
        left_.log = kept->log;
        return status;
    }

    std::vector<std::string> lines() const {
        std::vector<std::string> result;
        std::istringstream stream(out_.str());
        for (std::string line; std::getline(stream, line);)
            result.push_back(line);
        return result;
    }

    TemporaryDirectory folder_;
    ManualClock clock_;
    base::SeededRandom random_{11};
    std::stop_source stop_;
    StoppingWaiter waiter_{clock_, stop_};
    cli::TranscodeOptions options_;
    std::ostringstream out_, err_;
    TypedLines typed_;
    FakeServices services_;  // what is there before the run
    FakeServices left_;      // what is there after it
};

}  // namespace bluebatch::tests

#include "emulator/app/journal.hpp"

#include "shared/azure/not_emulated.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace bluebatch::emulator::app {
namespace {

using Json = nlohmann::json;

// Refuses "/refused" at once, answers "/absent" by naming what it lacks, and all else with 200.
class SomeService final : public http::Service {
public:
    std::variant<http::Response, http::BodyPlan> admit(http::RequestHead const& head) override {
        http::Response refusal;
        refusal.status = 403;
        if (head.path == "/refused") return refusal;
        return http::BodyPlan{};
    }
    http::Response answer(http::Request request) override {
        http::Response response;
        if (request.path == "/absent") {
            response.status = 501;
            azure::name_not_emulated(response.headers, "a thing");
        }
        if (request.path == "/long") {
            response.status = 501;
            azure::name_not_emulated(response.headers, std::string(5000, 'x'));
        }
        return response;
    }
    http::Response too_large(http::RequestHead const&, std::uint64_t) override { return {413}; }
};

class JournalTest : public testing::Test {
protected:
    void ask(std::string path) {
        http::Request request;
        request.path = std::move(path);
        auto const admitted = noted_.admit(request);
        if (std::holds_alternative<http::BodyPlan>(admitted)) noted_.answer(std::move(request));
    }
    Json report() {
        http::Request request;
        request.verb = http::Verb::get;
        return Json::parse(journal_.answer(request).json);
    }

    Journal journal_;
    SomeService service_;
    JournaledRequests noted_{service_, JournaledService::batch, journal_};
};

TEST_F(JournalTest, CountsEachRequestOnce) {
    ask("/pools");
    ask("/refused");
    noted_.too_large({}, 1);
    EXPECT_EQ(
        report()["requests"],
        (Json{{"blob", 0}, {"batch", 3}, {"identity", 0}, {"resources", 0}, {"absent", 0}})
    );
    EXPECT_EQ(report()["failures"]["batch"], 2);
    EXPECT_EQ(report()["notEmulated"], Json::array());
}

TEST_F(JournalTest, NamesWhatIsNotThere) {
    ask("/absent");
    ask("/absent");
    EXPECT_EQ(report()["notEmulated"], Json::array({{{"what", "a thing"}, {"count", 2}}}));
}

TEST_F(JournalTest, CutsLongNames) {
    ask("/long");
    EXPECT_EQ(report()["notEmulated"][0]["what"], std::string(200, 'x'));
}

TEST_F(JournalTest, IsSilentAboutItself) {
    ask("/_bluebatch/health");
    EXPECT_EQ(report()["requests"]["batch"], 0);
}

}  // namespace
}  // namespace bluebatch::emulator::app

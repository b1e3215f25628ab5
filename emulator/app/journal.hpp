#pragma once

#include "emulator/app/control_answer.hpp"
#include "shared/http/service.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace bluebatch::emulator::app {

enum class JournaledService : std::uint8_t { blob, batch, identity, resources, absent };

// Counts what programs ask for, and what of it the emulator does not have:
//     GET /_bluebatch/report
// answers {"requests": {"blob": 3, ...}, "failures": {...}, "notEmulated": [{"what": ..., "count": 2}]} since
// it was started. Failures are answers of 400 and above. Thread-safe.
class Journal {
public:
    static constexpr std::string_view kPath = "/_bluebatch/report";

    void note(JournaledService service, http::Response const& response);
    ControlAnswer answer(http::Request const& request) const;

private:
    struct Counts {
        std::atomic<std::uint64_t> requests = 0;
        std::atomic<std::uint64_t> failures = 0;
    };
    static constexpr std::size_t kServices = 5;

    std::array<Counts, kServices> counts_;
    mutable std::mutex mutex_;
    std::map<std::string, std::uint64_t> not_emulated_;
};

// A service whose answers are noted.
class JournaledRequests final : public http::Service {
public:
    JournaledRequests(http::Service& service, JournaledService name, Journal& journal)
        : service_(service), name_(name), journal_(journal) {}

    std::variant<http::Response, http::BodyPlan> admit(http::RequestHead const& head) override;
    http::Response answer(http::Request request) override;
    http::Response too_large(http::RequestHead const& head, std::uint64_t limit) override;
    http::Response failed(http::RequestHead const& head, std::exception const& error) override;

private:
    http::Response noted(http::RequestHead const& head, http::Response response);

    http::Service& service_;
    JournaledService const name_;
    Journal& journal_;
};

}  // namespace bluebatch::emulator::app

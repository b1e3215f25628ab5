#pragma once

#include "emulator/app/control_answer.hpp"
#include "emulator/app/endpoints.hpp"
#include "shared/http/service.hpp"

#include <atomic>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bluebatch::emulator::app {

// What lies under /_bluebatch/ on the Batch port: for people and scripts on this machine, so a request whose
// Host or Origin is another machine's is refused (DNS rebinding, posts from foreign pages).
class ControlService final : public http::Service {
public:
    // Paths that begin so are answered by `handler`. To be called before it is ready.
    void serve(std::string_view path, ControlHandler handler, ControlBodyPlan plan = {}) {
        parts_.push_back({path, std::move(handler), std::move(plan)});
    }
    // From now on it says that everything answers, and where; and how long tasks take if they are simulated.
    void set_ready(Endpoints endpoints, std::string simulated_time = {});

    // The certificate that clients are to trust for HTTPS, as PEM. To be called before it is ready.
    void show_authority(std::string pem) { ca_pem_ = std::move(pem); }

    std::variant<http::Response, http::BodyPlan> admit(http::RequestHead const& head) override;
    http::Response answer(http::Request request) override;
    http::Response too_large(http::RequestHead const& head, std::uint64_t limit) override;

private:
    std::string no_such_page() const;

    struct Part {
        std::string_view path;
        ControlHandler handler;
        ControlBodyPlan plan;
    };
    std::vector<Part> parts_;
    Endpoints endpoints_;
    std::string simulated_time_;
    std::string ca_pem_;
    std::atomic<bool> ready_ = false;  // once true, these no longer change
};

}  // namespace bluebatch::emulator::app

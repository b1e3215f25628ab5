#pragma once

#include "emulator/app/application_control.hpp"
#include "emulator/app/endpoints.hpp"
#include "emulator/app/storage_settings.hpp"
#include "shared/http/service.hpp"

#include <atomic>

namespace bluebatch::emulator::app {

// What lies under /_bluebatch/ on the Batch port: for people and scripts on this machine, so a request whose
// Host or Origin is another machine's is refused (DNS rebinding, posts from foreign pages).
class ControlService final : public http::Service {
public:
    // To be called before it is ready.
    void serve(StorageSettings& settings) { settings_ = &settings; }
    void serve(ApplicationControl& applications) { applications_ = &applications; }
    // From now on it says that everything answers, and where.
    void set_ready(Endpoints endpoints);

    std::variant<http::Response, http::BodyPlan> admit(http::RequestHead const& head) override;
    http::Response answer(http::Request request) override;
    http::Response too_large(http::RequestHead const& head, std::uint64_t limit) override;

private:
    StorageSettings* settings_ = nullptr;
    ApplicationControl* applications_ = nullptr;
    Endpoints endpoints_;
    std::atomic<bool> ready_ = false;  // once true, the endpoints no longer change
};

}  // namespace bluebatch::emulator::app

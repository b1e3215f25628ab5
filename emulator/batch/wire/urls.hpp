#pragma once

#include <string>
#include <string_view>

namespace bluebatch::emulator::batch::wire {

// Addresses in answers. They all begin with the scheme and Host of the request, so they work wherever it came
// from.
class Urls {
public:
    explicit Urls(std::string base) : base_(std::move(base)) {}

    // "http://127.0.0.1:10003"
    std::string const& base() const { return base_; }
    std::string pool(std::string_view id) const { return join("/pools/", id); }
    std::string node(std::string_view pool_id, std::string_view id) const {
        return join("/pools/", pool_id).append("/nodes/").append(id);
    }
    std::string job(std::string_view id) const { return join("/jobs/", id); }
    std::string job_schedule(std::string_view id) const { return join("/jobschedules/", id); }
    std::string task(std::string_view job_id, std::string_view id) const {
        return join("/jobs/", job_id).append("/tasks/").append(id);
    }
    // "#pools" or "#pools/@Element" behind it
    std::string metadata(std::string_view fragment) const { return join("/$metadata#", fragment); }

private:
    std::string join(std::string_view path, std::string_view end) const {
        return std::string(base_).append(path).append(end);
    }

    std::string base_;
};

}  // namespace bluebatch::emulator::batch::wire

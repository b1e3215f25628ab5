#include "emulator/domain/task_tokens.hpp"

#include "shared/base/digest.hpp"

namespace bluebatch::emulator::domain {

namespace {

constexpr std::size_t kDigits = 64;  // 256 bits

}  // namespace

std::string TaskTokens::issue(std::string job_id) {
    auto token = random_.hex(kDigits);
    std::scoped_lock const lock(mutex_);
    entries_.push_back({base::sha256(token), std::move(job_id)});
    return token;
}

void TaskTokens::revoke(std::string_view token) {
    auto const digest = base::sha256(token);
    std::scoped_lock const lock(mutex_);
    std::erase_if(entries_, [&](Entry const& entry) { return entry.digest == digest; });
}

std::optional<std::string> TaskTokens::job_of(std::string_view token) const {
    auto const digest = base::sha256(token);
    std::optional<std::string> job_id;
    std::scoped_lock const lock(mutex_);
    // All of them are looked at, each to its end.
    for (Entry const& entry : entries_) {
        if (base::equal_in_constant_time(entry.digest, digest)) job_id = entry.job_id;
    }
    return job_id;
}

}  // namespace bluebatch::emulator::domain

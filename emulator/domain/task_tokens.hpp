#pragma once

#include "shared/base/random.hpp"

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::emulator::domain {

// Tokens by which commands ask the service about their own job while they run. Only digests are kept, and
// only in memory: no command outlives the emulator. Thread-safe. Batch: JM-6, TASK-56
class TaskTokens {
public:
    // A new one that nobody can guess.
    std::string issue(std::string job_id);
    void revoke(std::string_view token);
    // The job that the token opens. How long that takes tells nothing of tokens.
    std::optional<std::string> job_of(std::string_view token) const;

private:
    struct Entry {
        std::string digest;
        std::string job_id;
    };

    base::SystemRandom random_;
    mutable std::mutex mutex_;
    std::vector<Entry> entries_;
};

// A token for the life of this object.
class TaskToken {
public:
    TaskToken(TaskTokens& tokens, std::string job_id)
        : tokens_(tokens), text_(tokens.issue(std::move(job_id))) {}
    ~TaskToken() { tokens_.revoke(text_); }
    TaskToken(TaskToken const&) = delete;
    TaskToken& operator=(TaskToken const&) = delete;

    std::string const& text() const { return text_; }

private:
    TaskTokens& tokens_;
    std::string const text_;
};

}  // namespace bluebatch::emulator::domain

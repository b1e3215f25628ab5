#include "emulator/storage/batch/recent_tasks.hpp"

#include "emulator/storage/batch/record.hpp"

#include <stdexcept>
#include <utility>

namespace bluebatch::emulator::storage::record {
namespace {

// The first byte; JSON begins with a bracket. Each task follows: its texts, its state, which members it has
// (a bit each), and those. A job's id is empty where it is that of the task before; a time is written as the
// difference from the time before. Numbers take seven bits of each byte, the lowest first; those that may be
// negative have their sign in the lowest bit.
constexpr char kForm = 1;

enum Member : std::uint8_t {
    kStart = 1,
    kEnd = 2,
    kExitCode = 4,
    kResult = 8,
    kLastRetry = 16,
    kLastRequeue = 32,
    kFailure = 64,
    kSubtask = 128
};

class Writer {
public:
    void add(domain::RecentTask const& task) {
        auto const& execution = task.execution;
        add(task.job_id == job_id_ ? std::string_view{} : task.job_id);
        job_id_ = task.job_id;
        add(std::string_view{task.task_id});
        out_ += static_cast<char>(task.state);
        out_ += static_cast<char>(members_of(task));
        add_number(static_cast<std::uint64_t>(execution.retry_count));
        add_number(static_cast<std::uint64_t>(execution.requeue_count));
        add(execution.start_time);
        add(execution.end_time);
        if (execution.exit_code) add_signed(*execution.exit_code);
        if (execution.result) out_ += static_cast<char>(*execution.result);
        add(execution.last_retry_time);
        add(execution.last_requeue_time);
        if (execution.failure) add(write_failure(*execution.failure));
        if (task.subtask_id) add_signed(*task.subtask_id);
    }

    std::string take() { return std::move(out_); }

private:
    static int members_of(domain::RecentTask const& task) {
        auto const& execution = task.execution;
        auto const bit = [](auto const& member, Member name) { return member ? name : 0; };
        return bit(execution.start_time, kStart) | bit(execution.end_time, kEnd) |
               bit(execution.exit_code, kExitCode) | bit(execution.result, kResult) |
               bit(execution.last_retry_time, kLastRetry) | bit(execution.last_requeue_time, kLastRequeue) |
               bit(execution.failure, kFailure) | bit(task.subtask_id, kSubtask);
    }

    void add_number(std::uint64_t number) {
        for (; number >= 0x80; number >>= 7U)
            out_ += static_cast<char>(number | 0x80U);
        out_ += static_cast<char>(number);
    }
    void add_signed(std::int64_t number) {
        auto const doubled = static_cast<std::uint64_t>(number) << 1U;
        add_number(number < 0 ? ~doubled : doubled);
    }
    void add(std::string_view text) {
        add_number(text.size());
        out_ += text;
    }
    void add(std::optional<base::TimePoint> const& time) {
        if (!time) return;
        add_signed(column(*time) - time_);
        time_ = column(*time);
    }

    std::string out_{kForm};
    std::string_view job_id_;
    std::int64_t time_ = 0;
};

class Reader {
public:
    explicit Reader(std::string_view left) : left_(left) {}

    bool is_at_end() const { return left_.empty(); }

    domain::RecentTask read() {
        domain::RecentTask task;
        auto& execution = task.execution;
        if (auto const job_id = read_text(); !job_id.empty()) job_id_ = job_id;
        task.job_id = job_id_;
        task.task_id = read_text();
        task.state = read_word<domain::TaskState>();
        auto const has = [members = read_byte()](Member member) { return (members & member) != 0; };
        execution.retry_count = static_cast<int>(read_number());
        execution.requeue_count = static_cast<int>(read_number());
        if (has(kStart)) execution.start_time = read_time();
        if (has(kEnd)) execution.end_time = read_time();
        if (has(kExitCode)) execution.exit_code = static_cast<int>(read_signed());
        if (has(kResult)) execution.result = read_word<domain::TaskResult>();
        if (has(kLastRetry)) execution.last_retry_time = read_time();
        if (has(kLastRequeue)) execution.last_requeue_time = read_time();
        if (has(kFailure)) execution.failure = read_failure(read_text());
        if (has(kSubtask)) task.subtask_id = static_cast<int>(read_signed());
        return task;
    }

private:
    [[noreturn]] static void fail() {
        throw std::runtime_error("the recent tasks of a node are not as they were written");
    }
    std::uint8_t read_byte() {
        if (left_.empty()) fail();
        auto const byte = static_cast<std::uint8_t>(left_.front());
        left_.remove_prefix(1);
        return byte;
    }
    template <class Word>
    Word read_word() {
        auto const byte = read_byte();
        if (byte >= domain::kWords<Word>.size()) fail();
        return static_cast<Word>(byte);
    }
    std::uint64_t read_number() {
        std::uint64_t number = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            std::uint64_t const byte = read_byte();
            number |= (byte & 0x7FU) << shift;
            if (byte < 0x80) return number;
        }
        fail();
    }
    std::int64_t read_signed() {
        auto const number = read_number();
        return static_cast<std::int64_t>(number % 2 == 1 ? ~(number >> 1U) : number >> 1U);
    }
    std::string_view read_text() {
        auto const size = read_number();
        if (size > left_.size()) fail();
        auto const text = left_.substr(0, size);
        left_.remove_prefix(size);
        return text;
    }
    base::TimePoint read_time() {
        // Unsigned, because what was not written by us may overflow.
        time_ += static_cast<std::uint64_t>(read_signed());
        return base::TimePoint{base::Ticks{static_cast<std::int64_t>(time_)}};
    }

    std::string_view left_;
    std::string_view job_id_;
    std::uint64_t time_ = 0;
};

}  // namespace

std::string write_recent_tasks(std::vector<domain::RecentTask> const& tasks) {
    Writer writer;
    for (auto const& task : tasks)
        writer.add(task);
    return writer.take();
}

std::vector<domain::RecentTask> read_recent_tasks(std::string_view column) {
    if (column.empty() || column.front() != kForm) return read_json_of_recent_tasks(column);
    std::vector<domain::RecentTask> tasks;
    Reader reader(column.substr(1));
    while (!reader.is_at_end())
        tasks.push_back(reader.read());
    return tasks;
}

}  // namespace bluebatch::emulator::storage::record

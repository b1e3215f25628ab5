#pragma once

#include "emulator/blob/cases/copying.hpp"
#include "emulator/blob/context.hpp"
#include "emulator/blob/foreign_source.hpp"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace bluebatch::emulator::blob {

struct CopyJob {
    cases::PendingCopy copy;
    ForeignSource source;
    // The source as it was when the copy began, as far as its server told.
    std::optional<std::uint64_t> size;
    std::string etag{};
};

// Carries out the copies from elsewhere, a few at a time, each in bounded memory. What is unfinished when it
// stops stays pending; see cases::fail_interrupted_copies. Thread-safe.
class CopyWorker {
public:
    CopyWorker(Context const& context, ForeignReader const& reader) : context_(context), reader_(reader) {}
    ~CopyWorker() { stop(); }
    CopyWorker(CopyWorker const&) = delete;
    CopyWorker& operator=(CopyWorker const&) = delete;

    void submit(CopyJob job);
    // Soon nothing works on it any more.
    void cancel(std::string_view copy_id);
    // Within about a second; nothing is begun afterwards.
    void stop();

    // For those who read a source while their client waits.
    ForeignReader const& reader() const { return reader_; }
    std::stop_token stop_token() const { return stopping_.get_token(); }

private:
    void add_thread();
    void run(std::stop_token const& stop);
    void carry_out(CopyJob const& job, std::stop_token const& stop);

    Context context_;
    ForeignReader const& reader_;
    std::stop_source stopping_;
    std::mutex mutex_;
    std::condition_variable_any wakes_;
    std::deque<CopyJob> jobs_;
    std::map<std::string, std::stop_source, std::less<>> running_;  // by copy id
    std::size_t idle_ = 0;
    bool is_stopped_ = false;
    std::vector<std::jthread> threads_;
};

}  // namespace bluebatch::emulator::blob

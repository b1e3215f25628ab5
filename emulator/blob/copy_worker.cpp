#include "emulator/blob/copy_worker.hpp"

#include "emulator/storage/blob/new_content.hpp"
#include "shared/base/log.hpp"

#include <fmt/format.h>

#include <system_error>

namespace bluebatch::emulator::blob {
namespace {

constexpr std::size_t kMostThreads = 4;
constexpr std::uint64_t kAnswerInMemory = 64 << 10;
constexpr std::uint64_t kBetweenNotes = 4 << 20;
// Of sources that don't tell their size.
constexpr std::uint64_t kMostUnknown = std::uint64_t{5000} << 20;

constexpr std::string_view kReading = "Copy failed when reading the source.";
constexpr std::string_view kWriting = "Copy failed when writing the destination.";

std::string describe(int status, std::string_view code, std::string_view text) {
    return fmt::format("{} {} \"{}\"", status, code, text);
}

std::string_view detail_of(azure::StorageError const& error, std::string_view name) {
    for (auto const& [known, value] : error.details) {
        if (known == name) return value;
    }
    return {};
}

// As the service puts it: the status, an error code, and what happened.
std::string describe(azure::StorageError const& error) {
    if (error.code == azure::StorageErrorCode::source_condition_not_met) {
        return describe(error.status(), "ConditionNotMet", kReading);
    }
    auto code = detail_of(error, "CopySourceErrorCode");
    constexpr int kServerFault = 500;
    if (code.empty()) code = error.status() >= kServerFault ? "InternalServerError" : error.name();
    return describe(error.status(), code, kReading);
}

}  // namespace

void CopyWorker::submit(CopyJob job) {
    std::scoped_lock const lock(mutex_);
    if (is_stopped_) return;
    jobs_.push_back(std::move(job));
    if (jobs_.size() > idle_ && threads_.size() < kMostThreads) add_thread();
    wakes_.notify_one();
}

// The job is kept whatever happens: it waits for a thread that is there, or for the next job's.
void CopyWorker::add_thread() {
    try {
        threads_.emplace_back([this](std::stop_token const& stop) { run(stop); });
    } catch (std::system_error const& error) {
        base::log::warning("no thread for copies could be started: {}", error.what());
    }
}

void CopyWorker::cancel(std::string_view copy_id) {
    std::scoped_lock const lock(mutex_);
    std::erase_if(jobs_, [&](CopyJob const& job) { return job.copy.copy_id == copy_id; });
    auto const found = running_.find(copy_id);
    if (found != running_.end()) found->second.request_stop();
}

void CopyWorker::stop() {
    stopping_.request_stop();
    std::vector<std::jthread> threads;
    {
        std::scoped_lock const lock(mutex_);
        is_stopped_ = true;
        jobs_.clear();
        for (auto& [id, source] : running_)
            source.request_stop();
        threads.swap(threads_);
    }
    for (auto& thread : threads)
        thread.request_stop();
}

void CopyWorker::run(std::stop_token const& stop) {
    std::unique_lock lock(mutex_);
    while (true) {
        ++idle_;
        wakes_.wait(lock, stop, [this] { return !jobs_.empty(); });
        --idle_;
        if (stop.stop_requested() || jobs_.empty()) return;
        auto const job = std::move(jobs_.front());
        jobs_.pop_front();
        std::stop_source source;
        running_.emplace(job.copy.copy_id, source);
        lock.unlock();
        try {
            carry_out(job, source.get_token());
        } catch (std::exception const& error) {
            // A full disk, say; should the row not be writable either, the copy ends with the process.
            base::log::warning("a copy could not be carried out: {}", error.what());
            constexpr int kServerFault = 500;
            try {
                cases::fail_copy(context_, job.copy, describe(kServerFault, "InternalServerError", kWriting));
            } catch (std::exception const& again) {
                base::log::warning("a copy could not be given up: {}", again.what());
            }
        }
        lock.lock();
        running_.erase(job.copy.copy_id);
    }
}

void CopyWorker::carry_out(CopyJob const& job, std::stop_token const& stop) {
    http::BodyPlan plan;
    plan.limit = job.size.value_or(kMostUnknown);
    plan.memory_limit = kAnswerInMemory;
    plan.spool_folder = context_.storage.spool_folder();
    plan.spare_files = context_.storage.spare_files();
    std::uint64_t noted = 0;
    bool is_wanted = true;
    auto const progress = [&](std::uint64_t copied) {
        if (copied - noted < kBetweenNotes) return true;
        noted = copied;
        is_wanted = cases::note_progress(context_, job.copy, copied);
        return is_wanted;
    };
    auto const changed = [&](ForeignState const& state) {
        return !job.etag.empty() && !state.etag.empty() && state.etag != job.etag;
    };
    auto source = reader_.read(job.source, {}, plan, progress, stop);
    if (stop.stop_requested() || !is_wanted) return;
    if (source && changed(source->state)) source = azure::StorageErrorCode::source_condition_not_met;
    if (source && job.size && source->body.size != *job.size) {
        constexpr int kServerFault = 500;
        source = cases::source_error(kServerFault, {}, {});
    }
    if (!source) {
        cases::fail_copy(context_, job.copy, describe(source.error()));
        return;
    }
    auto& body = source->body;
    auto content = body.file ? store::NewContent::from_file(context_.storage, body.file->path(), body.size)
                             : store::NewContent::from_bytes(context_.storage, std::move(body.bytes));
    if (body.file) static_cast<void>(std::move(*body.file).release());
    cases::finish_copy(context_, job.copy, std::move(content));
}

}  // namespace bluebatch::emulator::blob

#include "emulator/ffmpeg/media_library.hpp"
#include "emulator/ffmpeg/transcoder.hpp"

#include <unistd.h>

#include <array>
#include <mutex>

namespace bluebatch::emulator::ffmpeg {
namespace {

// The strings of a job as C wants them; they live as long as the job they point to.
std::vector<char const*> pointers_to(std::vector<std::string> const& words) {
    std::vector<char const*> pointers;
    pointers.reserve(words.size());
    for (std::string const& word : words)
        pointers.push_back(word.c_str());
    return pointers;
}

BluebatchStopRequest is_stopped(void* context) {
    return static_cast<std::stop_token const*>(context)->stop_requested() ? kBluebatchAbandon
                                                                          : kBluebatchGoOn;
}

class InProcessTranscoder final : public Transcoder {
public:
    explicit InProcessTranscoder(std::filesystem::path library) : library_(std::move(library)) {}

    std::optional<std::string> unsupported_option(std::vector<std::string> const& arguments) override {
        auto const functions = load();
        // Nothing can be done without the library; run() says why.
        if (!functions) return std::nullopt;
        auto const pointers = pointers_to(arguments);
        BluebatchMediaJob const job{
            .arguments = pointers.data(),
            .argument_count = pointers.size(),
            .working_directory = ".",
            .stdout_descriptor = -1,
            .stderr_descriptor = -1,
            .surroundings = kBluebatchShared,
            .stop_request = nullptr,
            .stop_context = nullptr};
        std::array<char, 256> option{};
        if ((*functions)->ffmpeg_unsupported(&job, option.data(), option.size()) == 0) return std::nullopt;
        return option.data();
    }

    int run(TranscodeJob const& job, std::stop_token stop) override {
        auto const functions = load();
        if (!functions) {
            std::string const message = functions.error().message + "\n";
            [[maybe_unused]] ssize_t const written = ::write(job.stderr_fd, message.data(), message.size());
            return 1;
        }
        auto const pointers = pointers_to(job.arguments);
        BluebatchMediaJob const media_job{
            .arguments = pointers.data(),
            .argument_count = pointers.size(),
            .working_directory = job.working_directory.c_str(),
            .stdout_descriptor = job.stdout_fd,
            .stderr_descriptor = job.stderr_fd,
            .surroundings = kBluebatchShared,
            .stop_request = is_stopped,
            .stop_context = &stop};
        return (*functions)->ffmpeg(&media_job);
    }

    void warm_up() override { load(); }

private:
    base::Result<BluebatchMediaFunctions const*> load() {
        std::lock_guard const lock(mutex_);
        if (functions_ == nullptr) {
            auto const loaded = load_media_library(library_);
            if (!loaded) return loaded.error();
            functions_ = *loaded;
        }
        return functions_;
    }

    std::filesystem::path const library_;
    std::mutex mutex_;
    BluebatchMediaFunctions const* functions_ = nullptr;
};

}  // namespace

std::unique_ptr<Transcoder> make_in_process_transcoder(std::filesystem::path media_library) {
    return std::make_unique<InProcessTranscoder>(std::move(media_library));
}

}  // namespace bluebatch::emulator::ffmpeg

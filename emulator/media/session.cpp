#include "emulator/media/session.hpp"

#include <string_view>

namespace bluebatch::emulator::media {
namespace {

int on_interrupt(void* opaque) {
    auto const& session = *static_cast<Session*>(opaque);
    switch (session.stop_request()) {
        case StopRequest::none:
            return 0;
        case StopRequest::finish:
            return session.running ? 0 : 1;
        case StopRequest::abandon:
            return 1;
    }
    return 1;
}

bool is_file(std::string const& url) {
    char const* const protocol = avio_find_protocol_name(url.c_str());
    return protocol != nullptr && std::string_view(protocol) == "file";
}

std::string in_directory(std::filesystem::path const& directory, std::string const& url) {
    constexpr std::string_view kScheme = "file:";
    if (url.starts_with(kScheme))
        return std::string(kScheme) + (directory / url.substr(kScheme.size())).string();
    return (directory / url).string();
}

// libavformat asks for every file here, with the lists of protocols that the context allows.
int on_open(AVFormatContext* context, AVIOContext** io, char const* url, int flags, AVDictionary** options) {
    auto const& session = *static_cast<Session*>(context->opaque);
    std::string const location =
        (flags & AVIO_FLAG_WRITE) != 0 ? session.output_location(url) : session.input_location(url);
    AVDictionary* own_options = nullptr;
    AVDictionary** const used = options != nullptr ? options : &own_options;
    if (context->protocol_whitelist != nullptr)
        av_dict_set(used, "protocol_whitelist", context->protocol_whitelist, 0);
    if (context->protocol_blacklist != nullptr)
        av_dict_set(used, "protocol_blacklist", context->protocol_blacklist, 0);
    int const result = avio_open2(io, location.c_str(), flags, &context->interrupt_callback, used);
    av_dict_set(used, "protocol_whitelist", nullptr, 0);
    av_dict_set(used, "protocol_blacklist", nullptr, 0);
    av_dict_free(&own_options);
    return result;
}

}  // namespace

std::string Session::input_location(std::string const& url) const {
    if (url == "-") return input_location("pipe:");
    if (surroundings == Surroundings::own) return url;
    // Standard input of a task is empty. Batch: ENV-13
    if (url.starts_with("pipe:")) return "/dev/null";
    return is_file(url) ? in_directory(working_directory, url) : url;
}

std::string Session::output_location(std::string const& url) const {
    if (url == "-") return output_location("pipe:");
    if (surroundings == Surroundings::own) return url;
    if (url.starts_with("pipe:")) return fmt::format("pipe:{}", stdout_descriptor);
    return is_file(url) ? in_directory(working_directory, url) : url;
}

void Session::adopt(AVFormatContext& context) {
    context.interrupt_callback = {on_interrupt, this};
    context.opaque = this;
    if (surroundings == Surroundings::shared) context.io_open = on_open;
}

}  // namespace bluebatch::emulator::media

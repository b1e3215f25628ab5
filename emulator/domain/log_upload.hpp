#pragma once

#include <functional>
#include <string>

namespace bluebatch::emulator::domain {

// A text that is to become a blob of a container, whose URL holds what lets one write there.
struct LogUpload {
    std::string container_url;
    std::string blob_name;
    std::string text;
    std::string identity = {};  // the resource id of what opens the container; may be empty
};

// Takes an upload and returns at once; false when too many wait already.
using LogSink = std::function<bool(LogUpload)>;

}  // namespace bluebatch::emulator::domain

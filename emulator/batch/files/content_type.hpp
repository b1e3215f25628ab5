#pragma once

#include <string_view>

namespace bluebatch::emulator::batch::files {

// By the file's extension; "application/octet-stream" for those not known.
std::string_view content_type_of(std::string_view file_name);

}  // namespace bluebatch::emulator::batch::files

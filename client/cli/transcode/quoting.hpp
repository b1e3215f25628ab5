#pragma once

#include <string>
#include <string_view>

namespace bluebatch::cli::transcode {

// Whether a file name means itself as a word of a shell, inside quotes or not, and as a file pattern of
// Batch. Others are staged under a name that does.
bool is_plain_name(std::string_view name);

// Whether a blob can have this name and give it back unchanged.
bool is_blob_name(std::string_view name);

// A command line that Batch hands to bash as one argument. Batch runs no shell of its own: it splits at
// blanks and knows quotes. What names a shell already stays as it is.
std::string wrap_in_bash(std::string_view command);

// Every {input} and {output} replaced.
std::string fill_in(std::string_view command, std::string_view input, std::string_view output);

}  // namespace bluebatch::cli::transcode

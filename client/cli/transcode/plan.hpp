#pragma once

#include "client/cli/options.hpp"
#include "shared/base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace bluebatch::cli::transcode {

struct InputFile {
    std::filesystem::path path;
    std::uint64_t size = 0;
};

struct InputFiles {
    std::vector<InputFile> files;      // sorted by name
    std::vector<std::string> skipped;  // names of files that are no media
};

// The media files of a folder (not of folders in it, not hidden ones), those that match the pattern, or the
// one file itself. Fails when there are none.
base::Result<InputFiles> find_input_files(std::filesystem::path const& input, std::string const& pattern);

// One file, its task and its result.
struct Conversion {
    std::string task_id;
    std::filesystem::path input;
    std::uint64_t size = 0;
    std::string input_blob;     // with the run's folder, like output_blob
    std::string staged_input;   // the file's name in the task's working directory
    std::string staged_output;  // what the command writes there
    std::string output_blob;
    std::filesystem::path result;
    std::string command_line;
};

struct Plan {
    std::string run;  // the run's id; its blobs are below a folder of that name in both containers
    std::string input_container;
    std::string output_container;
    std::vector<Conversion> conversions;
};

// Fails when two results would have one name, or a result would replace an input.
base::Result<Plan> make_plan(
    TranscodeOptions const& options, std::vector<InputFile> const& files, std::string const& run
);

// What the names of all blobs of a run begin with, and of no other run's.
std::string blob_folder(Plan const& plan);

}  // namespace bluebatch::cli::transcode

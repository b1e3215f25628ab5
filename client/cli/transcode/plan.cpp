#include "client/cli/transcode/plan.hpp"

#include "client/cli/transcode/quoting.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <map>
#include <set>
#include <system_error>
#include <utility>

namespace bluebatch::cli::transcode {
namespace {

namespace fs = std::filesystem;

// "clip.mp3"; "clip.mov.mp3" where clip.mp4 is there as well.
std::vector<std::string> name_results(std::vector<InputFile> const& files, std::string const& extension) {
    std::map<std::string, int> counts;
    for (auto const& file : files)
        ++counts[file.path.stem().string()];
    std::vector<std::string> names;
    names.reserve(files.size());
    for (auto const& file : files) {
        auto const stem = file.path.stem().string();
        names.push_back((counts[stem] > 1 ? file.path.filename().string() : stem) + extension);
    }
    return names;
}

std::string extension_of(fs::path const& path) {
    auto extension = path.extension().string();
    return is_plain_name("x" + extension) ? extension : std::string{};
}

Conversion make_conversion(
    TranscodeOptions const& options,
    std::string const& folder,
    InputFile const& file,
    std::size_t number,
    std::string const& result
) {
    Conversion conversion;
    conversion.task_id = fmt::format("Task{}", number);
    conversion.input = file.path;
    conversion.size = file.size;
    conversion.result = options.output / result;
    auto const name = file.path.filename().string();
    auto const input_alias = conversion.task_id + extension_of(file.path);
    auto const output_alias = fmt::format("{}-result{}", conversion.task_id, options.extension);
    conversion.input_blob = folder + (is_blob_name(name) ? name : input_alias);
    conversion.output_blob = folder + (is_blob_name(result) ? result : output_alias);
    conversion.staged_input = is_plain_name(name) ? name : input_alias;
    conversion.staged_output = is_plain_name(result) && result != name ? result : output_alias;
    conversion.command_line =
        wrap_in_bash(fill_in(options.command, conversion.staged_input, conversion.staged_output));
    return conversion;
}

bool is_same_file(fs::path const& left, fs::path const& right) {
    std::error_code error;
    return fs::equivalent(left, right, error) && !error;
}

}  // namespace

std::string blob_folder(Plan const& plan) {
    return plan.run + '/';
}

base::Result<Plan> make_plan(
    TranscodeOptions const& options, std::vector<InputFile> const& files, std::string const& run
) {
    Plan plan{run, options.container_prefix + "input", options.container_prefix + "output", {}};
    if (!is_plain_name("x" + options.extension)) {
        return base::Failure{fmt::format("--ext {}: letters and digits only.", options.extension)};
    }
    auto const results = name_results(files, options.extension);
    std::set<std::string> names;
    for (std::size_t i = 0; i < files.size(); ++i) {
        auto conversion = make_conversion(options, blob_folder(plan), files[i], i, results[i]);
        if (!names.insert(results[i]).second) {
            return base::Failure{fmt::format("Two files would both become {}.", results[i])};
        }
        if (is_same_file(conversion.input, conversion.result)) {
            return base::Failure{fmt::format(
                "{} would replace itself: give another folder for --output or another --ext.",
                conversion.input.string()
            )};
        }
        plan.conversions.push_back(std::move(conversion));
    }
    return plan;
}

}  // namespace bluebatch::cli::transcode

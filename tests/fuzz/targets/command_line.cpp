// Command lines of tasks, as the node reads them and as the client writes them.
#include "client/cli/transcode/quoting.hpp"
#include "emulator/ffmpeg/command.hpp"
#include "emulator/ffmpeg/shell_words.hpp"
#include "shared/base/text.hpp"
#include "tests/fuzz/support/fuzz.hpp"

#include <algorithm>

namespace bluebatch::fuzz {
namespace {

namespace ffmpeg = emulator::ffmpeg;
namespace transcode = cli::transcode;

ffmpeg::Environment const kEnvironment{
    {"AZ_BATCH_TASK_WORKING_DIR", "/tmp/a b"}, {"LIST", "one two  three"}, {"EMPTY", ""}, {"QUOTE", "it's"}};

std::string quote(std::string_view word) {
    std::string quoted = "'";
    for (char const c : word)
        quoted += c == '\'' ? "'\"'\"'" : std::string(1, c);
    return quoted + "'";
}

void check_words(std::string_view input) {
    auto const words = ffmpeg::split_command_line(input);
    if (!words) return;
    std::string quoted;
    for (auto const& word : *words)
        quoted += quote(word) + " ";
    check(ffmpeg::split_command_line(quoted) == words, "quoted words are the same words", quoted);
    check(ffmpeg::expand_simple_command(quoted, kEnvironment) == words, "to a shell as well", quoted);
}

// The shell sees the very command that the user wrote.
void check_wrapped(std::string_view input) {
    auto const command = base::trim(input);
    auto const wrapped = transcode::wrap_in_bash(input);
    if (wrapped == command) return;
    auto const words = ffmpeg::split_command_line(wrapped);
    check(words && words->size() == 3 && words->back() == command, "bash gets what was written", wrapped);
}

void check_names(std::string_view input) {
    if (!transcode::is_plain_name(input)) return;
    auto const words = ffmpeg::expand_simple_command("ffmpeg -i " + std::string(input), kEnvironment);
    check(words && words->size() == 3 && words->back() == input, "a plain name is one word", input);
    check(transcode::is_blob_name(input) || input.size() > 1024 || input.ends_with('.'), "and a blob", input);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const input = to_text(data, size);
    check_words(input);
    check_wrapped(input);
    check_names(input);
    ffmpeg::expand_simple_command(input, kEnvironment);
    ffmpeg::expand_cmd_line(input, kEnvironment);
    if (auto const call = ffmpeg::recognise(input, kEnvironment)) {
        std::string again = "ffmpeg";
        for (auto const& argument : call->arguments)
            again += " " + quote(argument);
        check(ffmpeg::recognise(again, kEnvironment) == call, "a bare call means the same", again);
    }
    return 0;
}

}  // namespace bluebatch::fuzz

#include "client/cli/commands/blob_tail.hpp"

#include "client/cli/commands/blob_paths.hpp"
#include "client/cli/commands/follow.hpp"
#include "client/cli/pace.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace bluebatch::cli {

Outcome<ExitStatus> tail_blob(CommandContext const& context) {
    auto const address = parse_address(context.values.text("BLOB"));
    auto const& blob = context.blob;
    auto& console = context.console();
    auto const look = [&blob, &address]() -> client::ApiResult<TextState> {
        auto const properties = blob.blob_properties(address.container, address.path);
        if (!properties) return properties.error();
        return TextState{properties->item.size, properties->created};
    };
    auto const read = [&blob, &address](std::uint64_t offset, std::uint64_t length) {
        return blob.read_range(address.container, address.path, offset, length);
    };
    auto const failure = [&](client::ApiError const& error) {
        return context.blob_failure(error, fmt::format("read {}", to_string(address)));
    };

    Follower follower({look, read}, [&console](std::string_view bytes) { return console.write(bytes); });
    auto const lines = static_cast<std::size_t>(std::max(context.values.count("--lines").value_or(0), 0));
    if (auto const skipped = follower.skip_to_last_lines(lines); !skipped) return failure(skipped.error());
    PollDelay delay(pace_for(blob.endpoint()));
    for (;;) {
        auto const before = follower.offset();
        if (auto const read_on = follower.catch_up(); !read_on) return failure(read_on.error());
        if (!context.values.has("--follow")) return ExitStatus::success;
        // The program's end says what could not be written.
        if (follower.is_closed() || !console.has_reader()) return ExitStatus::usage;
        if (follower.offset() != before) delay.restart();
        context.world.waiter.wait(delay.next(), context.world.stop);
        if (context.world.stop.stop_requested()) return ExitStatus::interrupted;
    }
}

}  // namespace bluebatch::cli

#include "client/cli/commands/context.hpp"

#include "client/cli/commands/advice_table.hpp"
#include "client/cli/commands/document.hpp"
#include "client/cli/durations.hpp"
#include "client/cli/pace.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <iostream>

namespace bluebatch::cli {
namespace {

constexpr std::size_t kLargestSpecification = 16 << 20;

}  // namespace

void CommandContext::tell(std::string_view text, nlohmann::json const& document) const {
    if (wants_json()) {
        print(document);
    } else {
        console().line(text);
    }
}

void CommandContext::print(nlohmann::json const& document) const {
    console().json(to_text(document));
}

void CommandContext::print(Table const& table, std::string_view when_empty) const {
    bool const has_reader = console().is_terminal();
    if (table.is_empty() && has_reader) {
        console().note(when_empty);
        return;
    }
    for (auto const& line : table.lines({console().has_colours(), console().width()}))
        console().line(line);
}

void CommandContext::print_members(nlohmann::json const& document, std::vector<std::string_view> const& first)
    const {
    if (wants_json()) {
        print(document);
        return;
    }
    auto const members = flatten(document, first);
    std::size_t width = 0;
    for (auto const& [name, value] : members)
        width = std::max(width, display_width(name));
    for (auto const& [name, value] : members)
        console().line(fmt::format("{:<{}}  {}", printable(name), width, printable(value)));
}

bool CommandContext::may_delete(std::string_view what) const {
    if (values.has("--yes") || !console().can_ask()) return true;
    auto const& accounts = connection.accounts();
    auto const& name = accounts.batch.name.empty() ? accounts.storage.name : accounts.batch.name;
    return console().confirm_loss(fmt::format("Delete {} of account {}?", printable(what), name), world.stop);
}

std::optional<ExitStatus> CommandContext::declined(std::string_view what) const {
    if (may_delete(what)) return std::nullopt;
    if (world.stop.stop_requested()) return ExitStatus::interrupted;
    if (wants_json()) print({{"deleted", nlohmann::json::array()}, {"failed", nlohmann::json::array()}});
    return ExitStatus::success;
}

Failure CommandContext::batch_failure(client::ApiError const& error, std::string_view doing) const {
    return explain(error, printable(doing), ServiceKind::batch, connection.accounts(), command_advice());
}

Failure CommandContext::blob_failure(client::ApiError const& error, std::string_view doing) const {
    return explain(error, printable(doing), ServiceKind::blob, connection.accounts(), command_advice());
}

Outcome<ExitStatus> wait_for(
    CommandContext const& context,
    std::string_view what,
    std::function<Outcome<std::optional<ExitStatus>>()> const& look
) {
    auto const& world = context.world;
    auto const patience = context.values.duration("--timeout");
    auto const give_up = world.clock.now() + patience;
    PollDelay delay(pace_for(context.endpoint()));
    for (;;) {
        auto const status = look();
        if (!status) return status.error();
        if (*status) {
            context.console().clear_status();
            return **status;
        }
        auto const now = world.clock.now();
        if (now >= give_up) {
            return Failure{
                ExitStatus::unreachable,
                fmt::format(
                    "{} did not happen within {}.\n  --timeout gives it more.", what, to_clock(patience)
                )};
        }
        auto const left = std::chrono::ceil<std::chrono::milliseconds>(give_up - now);
        world.waiter.wait(std::min(delay.next(), left), world.stop);
        if (world.stop.stop_requested()) return Failure{ExitStatus::interrupted, "Interrupted."};
    }
}

Outcome<nlohmann::json> read_specification(CommandContext const& context) {
    using Json = nlohmann::json;
    auto const name = context.values.find("--file");
    if (!name) return Outcome<Json>(boost::system::in_place_value, Json::object());
    auto const fail = [&name](std::string_view why) {
        return Failure{ExitStatus::usage, fmt::format("--file {}: {}", *name, why)};
    };
    std::ifstream file;
    if (*name != "-") file.open(*name, std::ios::binary);
    std::istream& stream = *name == "-" ? std::cin : file;
    if (!stream) return fail("it can't be read.");
    std::string text(kLargestSpecification + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    if (text.size() > kLargestSpecification) return fail("it is larger than 16 MiB.");
    try {
        auto json = Json::parse(text);
        if (!json.is_object()) return fail("it is not a JSON object.");
        return Outcome<Json>(boost::system::in_place_value, std::move(json));
    } catch (Json::parse_error const& error) {
        return fail(fmt::format("it is not JSON at byte {}.", error.byte));
    }
}

}  // namespace bluebatch::cli

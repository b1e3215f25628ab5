#include "client/cli/parse_doctor.hpp"

#include "client/cli/help.hpp"
#include "client/cli/parse_connection.hpp"
#include "client/cli/parse_groups.hpp"

#include <CLI/CLI.hpp>

#include <utility>

namespace bluebatch::cli {
namespace {

constexpr std::string_view kIntroductionOfDoctor =
    R"(Looks at everything that a run needs, one thing after the other: accounts, names, connections, certificates, clock,
credentials, permissions, what is in use. Each line says ok, warn or FAIL, and what to do.
)";

constexpr std::string_view kFooterOfDoctor = R"(
Examples:
  bluebatch doctor
  bluebatch doctor --target azure
  bluebatch doctor --target azure --auth az --write --json

Exit status: 0 nothing fails; 2 an account, a credential or a permission does; 3 a service can't be reached.)";

struct DoctorFlags {
    DoctorOptions options;
    bool json = false;
};

void prepare(CLI::App& app, DoctorFlags& flags) {
    app.get_formatter()->column_width(kHelpColumn);
    app.add_flag(
        "--write",
        flags.options.write,
        "Also make a container with a blob, and delete it; on the emulator that is done anyway"
    );
    app.add_flag("--json", flags.json, "One JSON document");
    add_connection_options(app, flags.options.connection);
    app.footer(std::string(kFooterOfDoctor));
}

}  // namespace

CommandHelp describe_doctor() {
    DoctorFlags flags;
    CLI::App app(std::string(kIntroductionOfDoctor), "bluebatch doctor");
    prepare(app, flags);
    return read_help(app, std::string(kFooterOfDoctor));
}

Command parse_doctor(std::vector<std::string> arguments) {
    DoctorFlags flags;
    CLI::App app(std::string(kIntroductionOfDoctor), "bluebatch doctor");
    prepare(app, flags);
    if (auto shown = read_arguments(app, std::move(arguments))) return *std::move(shown);
    flags.options.form = flags.json ? OutputForm::json : OutputForm::text;
    return flags.options;
}

}  // namespace bluebatch::cli

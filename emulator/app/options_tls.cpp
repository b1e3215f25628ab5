#include "emulator/app/options_tls.hpp"

#include "emulator/app/options_storage.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <string>

namespace bluebatch::emulator::app {

void declare_tls_options(CLI::App& app, Options& options) {
    auto& own = options.own_certificate;
    app.add_option(
           "--cert",
           own.certificate,
           "Certificate to show for the names in it: PEM, with --key, or PKCS #12, with --pwd"
    )
        ->envname(variable_of("cert"));
    app.add_option("--key", own.key, "Its private key in PEM")->envname(variable_of("key"));
    app.add_option(
           "--pwd",
           own.password,
           "Password of the key or PKCS #12 file; BLUEBATCH_PWD keeps it out of process lists"
    )
        ->envname(variable_of("pwd"));

    auto* const ca = app.add_subcommand(
        "ca", "Print where the certificate of the emulator's authority is, for clients that are to trust it"
    );
    ca->fallthrough();
    ca->add_flag("--pem", options.prints_pem, "Print the certificate itself");
    ca->callback([&options] { options.command = Command::show_authority; });
}

// What comes from a variable may have been set for something else, so that its name must be told.
void check_tls_options(Options const& options) {
    auto const& own = options.own_certificate;
    if (!own.certificate.empty()) return;
    auto const fail = [](std::string const& flag) {
        throw CLI::ValidationError(
            fmt::format("--{}, or the variable {}, is for a certificate", flag, variable_of(flag)),
            "give that with --cert"
        );
    };
    if (!own.key.empty()) fail("key");
    if (!own.password.empty()) fail("pwd");
}

}  // namespace bluebatch::emulator::app

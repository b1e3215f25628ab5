#include "emulator/app/options_tls.hpp"

#include "emulator/app/options_storage.hpp"

#include <CLI/CLI.hpp>

namespace bluebatch::emulator::app {

void declare_tls_options(CLI::App& app, Options& options) {
    auto& own = options.own_certificate;
    auto* const certificate =
        app.add_option(
               "--cert",
               own.certificate,
               "Certificate to show for the names in it: PEM, with --key, or PKCS #12, with --pwd"
        )
            ->envname(variable_of("cert"));
    app.add_option("--key", own.key, "Its private key in PEM")
        ->envname(variable_of("key"))
        ->needs(certificate);
    app.add_option(
           "--pwd",
           own.password,
           "Password of the key or PKCS #12 file; BLUEBATCH_PWD keeps it out of process lists"
    )
        ->envname(variable_of("pwd"))
        ->needs(certificate);

    auto* const ca = app.add_subcommand(
        "ca", "Print where the certificate of the emulator's authority is, for clients that are to trust it"
    );
    ca->fallthrough();
    ca->add_flag("--pem", options.prints_pem, "Print the certificate itself");
    ca->callback([&options] { options.command = Command::show_authority; });
}

}  // namespace bluebatch::emulator::app

#pragma once

#include <cstddef>
#include <string_view>

// The prose of --help.
namespace bluebatch::cli {

inline constexpr std::size_t kHelpColumn = 34;

inline constexpr std::string_view kVersionLine = "bluebatch " BLUEBATCH_VERSION "\n";

inline constexpr std::string_view kIntroduction =
    R"(bluebatch runs media work on Azure Batch, or on the emulator of it on this machine, and looks after what is there.

Usage: bluebatch COMMAND [OPTIONS]

Commands:
)";

inline constexpr std::string_view kOverviewFooter = R"(
  bluebatch COMMAND --help   what a command does, with examples
  bluebatch --version

Try it, without an account and without a running emulator:
  bluebatch transcode --input clips --output results --yes
)";

inline constexpr std::string_view kCompletionHelp =
    R"(Prints a script that has a shell complete bluebatch's commands and options.

Usage: bluebatch completion bash|zsh|fish

Examples:
  source <(bluebatch completion bash)
  bluebatch completion zsh > ~/.zfunc/_bluebatch
  bluebatch completion fish > ~/.config/fish/completions/bluebatch.fish
)";

inline constexpr std::string_view kManualHelp =
    R"(Prints a page of the manual, for man to show.

Usage: bluebatch manual [PAGE]

Examples:
  bluebatch manual | man -l -
  bluebatch manual bluebatch-blob | man -l -
)";

inline constexpr std::string_view kTranscodeIntroduction =
    R"(Uploads media files, makes a pool and a job with one task for each file, waits for the
tasks, fetches the results as they come, and cleans up.
)";

inline constexpr std::string_view kTranscodeFooter = R"(
Examples:
  bluebatch transcode --input clips --output results
      Every media file in clips becomes an MP3 in results, on the emulator.
  bluebatch transcode --input clips --output small --ext .mp4 \
      --command 'ffmpeg -i {input} -vf scale=320:-2 {output}'
  bluebatch transcode --input clips --output results --target azure --dedicated --nodes 2 --yes
      The same on Azure. Only the target changes.

Accounts of --target azure, from the first place that has them: flags, environment, config file.
  Batch     AZURE_BATCH_ENDPOINT   (or AZURE_BATCH_ACCOUNT_URL)    https://ACCOUNT.REGION.batch.azure.com
            AZURE_BATCH_ACCOUNT    (or AZURE_BATCH_ACCOUNT_NAME)
            AZURE_BATCH_ACCESS_KEY (or AZURE_BATCH_ACCOUNT_KEY)
  Storage   AZURE_STORAGE_CONNECTION_STRING, or
            AZURE_STORAGE_ACCOUNT and AZURE_STORAGE_KEY (or AZURE_STORAGE_ACCOUNT_NAME and _ACCOUNT_KEY), or
            AZURE_STORAGE_ACCOUNT and AZURE_STORAGE_SAS_TOKEN
  No keys   tokens of Microsoft Entra ID, by the first that is there (--auth names one):
            AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET; or AZURE_FEDERATED_TOKEN_FILE instead of the
            secret (workload); a managed identity, AZURE_CLIENT_ID picks one; who is signed in with az
Of --target emulator: BLUEBATCH_BATCH_URL, BLUEBATCH_BLOB_URL, BLUEBATCH_ENDPOINTS_FILE, BLUEBATCH_BATCH_ACCOUNT,
BLUEBATCH_BATCH_KEY, BLUEBATCH_STORAGE_ACCOUNT, BLUEBATCH_STORAGE_KEY, BLUEBATCH_CONNECTION_STRING.
The config file: {"azure": {"batch_endpoint": "...", "batch_account": "...", "batch_key": "...",
  "storage_account": "...", "storage_key": "...", "connection_string": "..."}, "emulator": {...}}

Exit status: 0 every task succeeded; 1 a task failed; 2 wrong usage or credentials;
3 the service could not be reached or did not finish in time; 130 interrupted.
Ctrl-C stops and deletes what the run made; a second one leaves at once.)";

}  // namespace bluebatch::cli

// Answers of a service as the client reads them; whatever comes, it goes on.
#include "client/api/account_sas.hpp"
#include "client/api/az_credential.hpp"
#include "client/api/batch_json.hpp"
#include "client/api/clouds.hpp"
#include "client/api/credential.hpp"
#include "client/api/retry.hpp"
#include "tests/fuzz/support/fuzz.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace bluebatch::fuzz {

namespace {

void check_tokens(std::string const& input, base::TimePoint now) {
    auto const token = client::read_token_answer("Somebody", input, now);
    if (!token) check(!token.error().message.empty(), "a failure says why", input);
    auto const say_that = [&input](auto const&, auto, auto) {
        return base::Result<client::ProgramOutput, client::ProgramError>(client::ProgramOutput{0, input, {}});
    };
    auto const az = client::make_az_credential(say_that)->request({"https://storage.azure.com", now, {}});
    if (!az) check(!az.error().message.empty(), "a failure says why", input);
}

void check_signature(std::string const& input, base::TimePoint now) {
    auto const outcome = client::check_sas(input, {"films", "a", "r", now});
    if (!outcome) check(!outcome.error().message.empty(), "a failure says why", input);
    if (auto const* const cloud = client::cloud_of_endpoint(input))
        check(client::find_cloud(cloud->name) == cloud, "a cloud has a name", input);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const input = to_text(data, size);
    auto const now = *base::parse_iso8601("2024-05-01T10:00:00Z");
    if (auto const delay = client::read_retry_after({{"Retry-After", std::string(input)}}, now))
        check(delay->count() >= 0, "a delay is not negative", input);
    check_tokens(std::string(input), now);
    check_signature(std::string(input), now);
    auto const json = nlohmann::json::parse(input, nullptr, false);
    if (json.is_discarded()) return 0;
    client::read_pool(json);
    client::read_job(json);
    client::read_node(json);
    client::read_task(json);
    client::read_task_counts(json);
    client::read_add_task_result(json);
    return 0;
}

}  // namespace bluebatch::fuzz

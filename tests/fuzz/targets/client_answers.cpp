// Answers of a service as the client reads them; whatever comes, it goes on.
#include "client/api/batch_json.hpp"
#include "client/api/retry.hpp"
#include "tests/fuzz/support/fuzz.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace bluebatch::fuzz {

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const input = to_text(data, size);
    auto const now = *base::parse_iso8601("2024-05-01T10:00:00Z");
    if (auto const delay = client::read_retry_after({{"Retry-After", std::string(input)}}, now))
        check(delay->count() >= 0, "a delay is not negative", input);
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

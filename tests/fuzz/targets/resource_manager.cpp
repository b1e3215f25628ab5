// What bodies and queries of the resource manager name: ids, filters, pools.
#include "emulator/resources/resource_id.hpp"
#include "emulator/resources/wire/application.hpp"
#include "emulator/resources/wire/json.hpp"
#include "emulator/resources/wire/pool.hpp"
#include "shared/base/text.hpp"
#include "tests/fuzz/support/fuzz.hpp"

namespace bluebatch::fuzz {
namespace {

namespace resources = emulator::resources;
namespace wire = emulator::resources::wire;

void check_id(std::string_view text) {
    auto const id = resources::parse_resource_id(text);
    if (!id) return;
    check(!id->parts.empty() && !id->group.empty() && !id->provider.empty(), "an id has all its parts", text);
    for (auto const& part : id->parts)
        check(!part.name.empty() && part.name.find('/') == std::string::npos, "a name is one word", text);
}

void check_filter(std::string_view text) {
    auto const filter = wire::to_pool_filter(text);
    if (!filter) return;
    check(wire::to_pool_filter("") == "", "no filter stays none", text);
    check(filter->size() <= text.size() + 1, "a filter gets no longer", text);
}

void check_container(std::string_view text) {
    if (!wire::is_application_name(text)) return;
    auto const name = wire::package_container("account", text);
    check(name.size() <= 63 && name.find("--") == std::string::npos, "a container has a name", text);
}

void check_pool(std::string_view text) {
    auto const body = wire::parse_object(text);
    if (!body) return;
    check(
        wire::find_unsupported_pool(*body).find('\n') == std::string_view::npos, "a header can say it", text
    );
    auto const pool = wire::to_new_pool("pool", *body);
    if (pool) check(pool->at("id").is_string(), "a pool has an id", text);
    check(base::is_valid_utf8(wire::dump(wire::from_pool("account", *body))), "answers are text", text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const input = to_text(data, size);
    check_id(input);
    check_filter(input);
    check_container(input);
    check_pool(input);
    return 0;
}

}  // namespace bluebatch::fuzz

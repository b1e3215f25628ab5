// What bodies and queries of the resource manager name: ids, filters, pools.
#include "emulator/resources/resource_id.hpp"
#include "emulator/resources/service/package_files.hpp"
#include "emulator/resources/wire/application.hpp"
#include "emulator/resources/wire/json.hpp"
#include "emulator/resources/wire/pool.hpp"
#include "emulator/resources/wire/storage_account.hpp"
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
    auto const name = resources::service::package_container("account", text);
    check(name.size() <= 63 && name.find("--") == std::string::npos, "a container has a name", text);
}

void check_pool_change(wire::Json const& properties, wire::Json const& pool, std::string_view text) {
    constexpr std::string_view kAccount =
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.Batch/batchAccounts/a";
    auto const made = wire::to_new_pool(kAccount, "pool", properties);
    if (made) check(made->at("id") == "pool", "a pool has the name of its path", text);
    auto const patch = wire::to_pool_patch(kAccount, properties);
    if (patch) check(!wire::without_start_task(pool, *patch).empty(), "it can be replaced", text);
    wire::has_scale(pool, wire::read_scale(properties));
    auto const shown = wire::from_pool("account", pool);
    check(base::is_valid_utf8(wire::dump(shown)), "answers are text", text);
    check(wire::find_fixed_member(properties, properties).empty(), "nothing differs from itself", text);
    wire::find_fixed_member(properties, shown.at("properties"));
}

// The text is a body, and the properties of one.
void check_bodies(std::string_view text) {
    auto const body = wire::parse_object(text);
    if (!body) return;
    check(
        wire::find_unsupported_pool(*body).find('\n') == std::string_view::npos, "a header can say it", text
    );
    for (auto const& given : {*body, wire::Json{{"properties", *body}}}) {
        if (auto const properties = wire::read_pool_properties(given))
            check_pool_change(*properties, *body, text);
        auto const storage = wire::read_storage(given);
        if (!storage) continue;
        auto document = wire::plain_storage_document();
        wire::take_over_storage(*storage, document);
        auto const again = wire::read_storage(document);
        check(again.has_value(), "what was taken is taken again", text);
        emulator::storage::AccountRecord record;
        record.document = wire::dump(document);
        wire::to_json({}, record);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const input = to_text(data, size);
    check_id(input);
    check_filter(input);
    check_container(input);
    check_bodies(input);
    return 0;
}

}  // namespace bluebatch::fuzz

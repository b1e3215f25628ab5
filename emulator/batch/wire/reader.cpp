#include "emulator/batch/wire/reader.hpp"

#include "shared/base/text.hpp"
#include "shared/base/time.hpp"

#include <fmt/format.h>

#include <limits>
#include <optional>

namespace bluebatch::emulator::batch::wire {
namespace {

using azure::BatchError;
using azure::BatchErrorCode;

constexpr std::size_t kLongestEcho = 256;
constexpr std::string_view kNotYet = "This property is not supported by the emulator yet";

class Reader {
public:
    Reader(Uses use, ApiVersion version) : use_(use), version_(version) {}

    Json read(Json const& body, Object const& object) {
        Json out = Json::object();
        if (!body.is_object()) return fail_type("an object"), out;
        for (auto const& [name, value] : body.get_ref<Json::object_t const&>()) {
            if (value.is_null() || name.find("odata.") != std::string::npos) continue;
            auto const* const field = find_field(object, name);
            path_.push_back(name);
            if (field == nullptr) {
                fail_unknown(object);
            } else {
                read_member(value, *field, out);
            }
            path_.pop_back();
            if (fault_) return out;
        }
        check_required(out, body, object);
        return out;
    }

    std::optional<BatchError> take_fault() { return std::move(fault_); }

private:
    Field const* find_field(Object const& object, std::string_view name) const {
        for (auto const& field : object.fields) {
            if (field.name != name || !field.is_in(version_) || (field.uses & use_) == 0) continue;
            if (use_ == kPatch && version_ < field.first_in_patch) continue;
            return &field;
        }
        return nullptr;
    }

    void read_member(Json const& value, Field const& field, Json& out) {
        if (field.support == Support::unsupported) {
            if (!asks_for_nothing(value, field)) fault_ = unsupported_property(path(), std::string(kNotYet));
            return;
        }
        auto const outer = use_;
        if (field.read_for != 0) use_ = field.read_for;
        auto read = read_value(value, field);
        use_ = outer;
        if (fault_ || field.support == Support::secret) return;
        out[std::string(field.stored_name())] = std::move(read);
    }

    static bool asks_for_nothing(Json const& value, Field const& field) {
        if (value.is_array()) return value.empty();
        if (value.is_boolean()) return !value.get<bool>();
        if (field.kind != Kind::word || !value.is_string()) return false;
        return base::equal_ignoring_case(value.get_ref<std::string const&>(), field.words.front());
    }

    Json read_value(Json const& value, Field const& field) {
        switch (field.kind) {
            case Kind::text:
                return read_text(value);
            case Kind::integer:
                return read_integer(value);
            case Kind::real:
                if (!value.is_number()) fail_type("a number");
                return value;
            case Kind::truth:
                if (!value.is_boolean()) fail_type("true or false");
                return value;
            case Kind::time:
                return read_time(value);
            case Kind::duration:
                return read_duration(value);
            case Kind::word:
                return read_word(value, field);
            case Kind::object:
                return read(value, *field.object);
            case Kind::texts:
            case Kind::words:
            case Kind::objects:
                return read_list(value, field);
            case Kind::texts_by_name:
                return read_texts_by_name(value);
            case Kind::any_object:
                if (!value.is_object()) fail_type("an object");
                return value;
        }
        return {};
    }

    Json read_text(Json const& value) {
        if (!value.is_string()) fail_type("a text");
        return value;
    }

    Json read_integer(Json const& value) {
        // Numbers beyond 63 bits are unsigned, and would turn negative.
        bool const is_huge = value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX;
        bool const fits = value.is_number_integer() && !is_huge &&
                          value.get<std::int64_t>() >= std::numeric_limits<std::int32_t>::min() &&
                          value.get<std::int64_t>() <= std::numeric_limits<std::int32_t>::max();
        if (!fits) fail_type("a whole number of 32 bits");
        return value;
    }

    Json read_time(Json const& value) {
        if (!value.is_string()) return fail_type("a time"), Json{};
        auto const time = base::parse_iso8601(value.get_ref<std::string const&>());
        if (!time) return fail_value(value, "The value is not a time as ISO 8601 writes it"), Json{};
        return base::to_iso8601(*time);
    }

    // Batch: REST-41
    Json read_duration(Json const& value) {
        if (!value.is_string()) return fail_type("a duration"), Json{};
        auto const duration = base::parse_iso8601_duration(value.get_ref<std::string const&>());
        if (!duration) return fail_value(value, "The value is not a duration as ISO 8601 writes it"), Json{};
        if (*duration < base::Ticks{0}) return fail_value(value, "The duration is negative"), Json{};
        return base::to_iso8601_duration(*duration);
    }

    // Batch: REST-43
    Json read_word(Json const& value, Field const& field) {
        if (!value.is_string()) return fail_type("a text"), Json{};
        for (auto const word : field.words) {
            if (base::equal_ignoring_case(word, value.get_ref<std::string const&>())) return word;
        }
        fail_value(value, fmt::format("The value is not one of: {}", fmt::join(field.words, ", ")));
        return {};
    }

    Json read_list(Json const& value, Field const& field) {
        Json out = Json::array();
        if (!value.is_array()) return fail_type("a list"), out;
        for (std::size_t i = 0; i < value.size() && !fault_; ++i) {
            path_.back() = fmt::format("{}[{}]", field.name, i);
            if (field.kind == Kind::objects) {
                out.push_back(read(value[i], *field.object));
            } else {
                out.push_back(field.kind == Kind::words ? read_word(value[i], field) : read_text(value[i]));
            }
        }
        path_.back() = field.name;
        return out;
    }

    Json read_texts_by_name(Json const& value) {
        if (!value.is_object()) return fail_type("an object"), Json{};
        for (auto const& [name, text] : value.get_ref<Json::object_t const&>()) {
            if (!text.is_string()) return fail_type("an object of texts"), Json{};
        }
        return value;
    }

    void check_required(Json const& out, Json const& body, Object const& object) {
        for (auto const& field : object.fields) {
            if ((field.required & use_) == 0 || !field.is_in(version_)) continue;
            if (find(out, field.stored_name()) != nullptr) continue;
            // Secrets and what asks for nothing are checked, but not kept.
            if (auto const* const given = find(body, field.name); given != nullptr && !given->is_null())
                continue;
            path_.emplace_back(field.name);
            fault_ = missing_property(path());
            path_.pop_back();
            return;
        }
    }

    // "startTask.resourceFiles[0].httpUrl"
    std::string path() const { return fmt::format("{}", fmt::join(path_, ".")); }

    void fail_type(std::string_view expected) {
        fail_body(fmt::format("The property '{}' is not {}", path(), expected));
    }

    void fail_unknown(Object const& object) {
        fail_body(fmt::format(
            "The property '{}' does not exist on type '{}' in this api-version", path_.back(), object.name
        ));
    }

    void fail_body(std::string reason) {
        if (!fault_)
            fault_ = BatchError{BatchErrorCode::invalid_request_body, {{"Reason", std::move(reason)}}};
    }

    void fail_value(Json const& value, std::string reason) {
        if (fault_) return;
        fault_ =
            invalid_property(path(), value.get<std::string>().substr(0, kLongestEcho), std::move(reason));
    }

    Uses use_;
    ApiVersion version_;
    std::vector<std::string> path_;
    std::optional<BatchError> fault_;
};

}  // namespace

azure::BatchResult<Json> read_object(Json const& body, Object const& object, Uses use, ApiVersion version) {
    Reader reader(use, version);
    auto json = reader.read(body, object);
    if (auto fault = reader.take_fault()) return std::move(*fault);
    return succeed(std::move(json));
}

azure::BatchError invalid_property(std::string name, std::string value, std::string reason) {
    return {
        BatchErrorCode::invalid_property_value,
        {{"PropertyName", std::move(name)},
         {"PropertyValue", std::move(value)},
         {"Reason", std::move(reason)}}};
}

azure::BatchError missing_property(std::string name) {
    return {BatchErrorCode::missing_required_property, {{"PropertyName", std::move(name)}}};
}

azure::BatchError unsupported_property(std::string name, std::string reason) {
    return {
        BatchErrorCode::unsupported_property,
        {{"PropertyName", std::move(name)}, {"Reason", std::move(reason)}}};
}

}  // namespace bluebatch::emulator::batch::wire

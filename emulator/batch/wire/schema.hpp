#pragma once

#include "emulator/batch/wire/api_version.hpp"

#include <cstdint>
#include <span>
#include <string_view>

// What bodies consist of: one table per object, one row per member, in the order in which the service writes
// them. The tables drive the checking of requests against the api-version that they ask for, the turning of
// old shapes into the newest one (in which everything is stored), and the way back.
namespace bluebatch::emulator::batch::wire {

enum class Kind : std::uint8_t {
    text,
    integer,  // 32 bits
    real,
    truth,
    time,
    duration,
    word,  // one of `words`
    object,
    texts,
    words,
    objects,
    texts_by_name,
    any_object,  // kept as it is
};

// What a member may be part of, as bits.
using Uses = std::uint8_t;
inline constexpr Uses kAnswer = 1;
inline constexpr Uses kAdd = 2;
inline constexpr Uses kPatch = 4;
inline constexpr Uses kReplace = 8;
inline constexpr Uses kEverywhere = kAnswer | kAdd | kPatch | kReplace;

enum class Support : std::uint8_t {
    stored,  // kept and echoed; most are acted on as well
    secret,  // checked, not kept and never echoed
    // Known to the service and not to us: refused by name. What asks for nothing passes: an empty list,
    // false, and the first of the words.
    unsupported,
};

struct Object;

struct Field {
    std::string_view name;
    Kind kind = Kind::text;
    Object const* object = nullptr;
    std::span<std::string_view const> words = {};  // as the service writes them
    ApiVersion first = kOldest;
    ApiVersion last = kNewest;
    ApiVersion first_in_patch = kOldest;
    Uses uses = kEverywhere;
    Uses required = 0;
    Support support = Support::stored;
    Uses read_for = 0;                // what its members are for; 0: the same as the body
    std::string_view stored_as = {};  // the member of the newest shape; empty: the same name

private:
    // Above those who call it: clang must know it by then to evaluate them in constants.
    template <class T>
    constexpr Field with(T Field::*member, T value) const {
        Field copy = *this;
        copy.*member = value;
        return copy;
    }

public:
    constexpr Field since(ApiVersion version) const { return with(&Field::first, version); }
    constexpr Field until(ApiVersion version) const { return with(&Field::last, version); }
    constexpr Field patched_since(ApiVersion version) const { return with(&Field::first_in_patch, version); }
    constexpr Field in(Uses where) const { return with(&Field::uses, where); }
    constexpr Field required_in(Uses where) const { return with(&Field::required, where); }
    constexpr Field needed() const { return with(&Field::required, kEverywhere); }
    constexpr Field secret() const { return with(&Field::support, Support::secret); }
    constexpr Field unsupported() const { return with(&Field::support, Support::unsupported); }
    constexpr Field read_as(Uses where) const { return with(&Field::read_for, where); }
    constexpr Field named(std::string_view newest) const { return with(&Field::stored_as, newest); }

    constexpr std::string_view stored_name() const { return stored_as.empty() ? name : stored_as; }
    constexpr bool is_in(ApiVersion version) const { return first <= version && version <= last; }

    // For aggregate-like construction by the functions below.
    constexpr Field(std::string_view field_name, Kind field_kind) : name(field_name), kind(field_kind) {}
    constexpr Field(std::string_view field_name, Kind field_kind, Object const& of)
        : name(field_name), kind(field_kind), object(&of) {}
    constexpr Field(std::string_view field_name, Kind field_kind, std::span<std::string_view const> of)
        : name(field_name), kind(field_kind), words(of) {}
};

struct Object {
    std::string_view name;
    std::span<Field const> fields;
};

constexpr Field text(std::string_view name) {
    return {name, Kind::text};
}
constexpr Field integer(std::string_view name) {
    return {name, Kind::integer};
}
constexpr Field real(std::string_view name) {
    return {name, Kind::real};
}
constexpr Field truth(std::string_view name) {
    return {name, Kind::truth};
}
constexpr Field time(std::string_view name) {
    return {name, Kind::time};
}
constexpr Field duration(std::string_view name) {
    return {name, Kind::duration};
}
constexpr Field texts(std::string_view name) {
    return {name, Kind::texts};
}
constexpr Field texts_by_name(std::string_view name) {
    return {name, Kind::texts_by_name};
}
constexpr Field any_object(std::string_view name) {
    return {name, Kind::any_object};
}
constexpr Field word(std::string_view name, std::span<std::string_view const> words) {
    return {name, Kind::word, words};
}
constexpr Field words(std::string_view name, std::span<std::string_view const> of) {
    return {name, Kind::words, of};
}
constexpr Field object(std::string_view name, Object const& of) {
    return {name, Kind::object, of};
}
constexpr Field objects(std::string_view name, Object const& of) {
    return {name, Kind::objects, of};
}

}  // namespace bluebatch::emulator::batch::wire

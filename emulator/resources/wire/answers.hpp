#pragma once

#include "emulator/resources/wire/json.hpp"
#include "shared/base/result.hpp"
#include "shared/base/time.hpp"
#include "shared/http/message.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::emulator::resources::wire {

// Who says no: the resource manager itself, or the service that a resource belongs to.
enum class Origin : std::uint8_t { gateway, service };

struct Refusal {
    int status = 400;
    std::string code;
    std::string message;
    Origin origin = Origin::gateway;
    // What some errors say of themselves beside that.
    struct Detail {
        std::string code;
        std::string message;
    };
    std::string target = {};
    std::vector<Detail> details = {};
};

[[noreturn]] void throw_exception_from_error(Refusal const& refusal, boost::source_location const&);

template <class T>
using Result = base::Result<T, Refusal>;

// The statuses by which Blob's and Batch's answers are told apart.
inline constexpr int kFirstFailure = 400;
inline constexpr int kNotFound = 404;
inline constexpr int kConflict = 409;

// {"error": {"code": ..., "message": ...}}, with "target" and "details" where it has them
http::Response to_response(Refusal const& refusal);
// As Microsoft.Batch says it: with the request's id and the time behind the message.
Refusal batch_refusal(
    int status, std::string code, std::string_view message, std::string_view request_id, base::TimePoint now
);

// InvalidRequestBody for the member of that name.
Refusal bad_member(std::string_view name);

// The properties of a body, nullptr where it has none; bad_member where they are no object.
Result<Json const*> find_properties(Json const& body);

// JSON converts to nearly everything, so a Result of it has to be told what it is given.
inline Result<Json> succeed(Json json) {
    return Result<Json>(boost::system::in_place_value, std::move(json));
}

http::Response answer(Json const& body, int status = 200);
http::Response empty_answer(int status);
// {"value": [...]}
http::Response list_answer(Json values);

// What stands for something that the emulator does not have: 501 that names it.
http::Response not_emulated(std::string_view what);

}  // namespace bluebatch::emulator::resources::wire

#include "client/api/error.hpp"

#include "client/api/json_text.hpp"
#include "shared/base/text.hpp"
#include "shared/codec/xml.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <stdexcept>

namespace bluebatch::client {
namespace {

constexpr std::string_view kShortRange = "ShortRange";

// Both services append their request id and time to the text, which are of no use to a reader.
std::string first_line(std::string_view text) {
    return std::string(base::trim(text.substr(0, text.find_first_of("\r\n"))));
}

void read_json(std::string const& body, ApiError& error) {
    auto const json = nlohmann::json::parse(body, nullptr, false);
    if (!json.is_object()) return;
    error.code = text_member(json, "code");
    if (error.code.empty()) {
        // Microsoft Entra ID's form.
        error.code = text_member(json, "error");
        error.message = first_line(text_member(json, "error_description"));
    }
    if (auto const message = json.find("message"); message != json.end() && message->is_object()) {
        error.message = first_line(text_member(*message, "value"));
    } else if (error.message.empty()) {
        // App Service's, in its managed identity.
        error.message = first_line(text_member(json, "message"));
    }
    if (auto const values = json.find("values"); values != json.end() && values->is_array()) {
        for (auto const& value : *values) {
            if (value.is_object())
                error.details.emplace_back(text_member(value, "key"), text_member(value, "value"));
        }
    }
}

void read_xml(std::string const& body, ApiError& error) {
    auto const root = codec::parse_xml(body);
    if (!root || root->name != "Error") return;
    for (auto const& child : root->children) {
        if (child.name == "Code") {
            error.code = child.text;
        } else if (child.name == "Message") {
            error.message = first_line(child.text);
        } else {
            error.details.emplace_back(child.name, child.text);
        }
    }
}

// Details that show what was signed are long, and of no use without the key.
bool is_for_people(std::string_view detail) {
    return detail != "AuthenticationErrorDetail" && detail != "ClockSkewSeconds";
}

}  // namespace

void throw_exception_from_error(ApiError const& error, boost::source_location const&) {
    throw std::logic_error("unchecked failure: " + describe(error));
}

std::string describe(ApiError const& error) {
    if (error.fault != Fault::service) return error.message;
    auto text = error.code.empty() ? fmt::format("HTTP status {}", error.status)
                                   : fmt::format("{} ({})", error.code, error.status);
    if (!error.message.empty()) text += ": " + error.message;
    for (auto const& [name, value] : error.details) {
        if (is_for_people(name)) text += fmt::format(" {}: {}.", name, value);
    }
    return text;
}

ApiError read_service_error(http::IncomingResponse const& response) {
    ApiError error;
    error.status = response.status;
    auto const body = base::trim(response.body);
    if (body.starts_with('{')) {
        read_json(response.body, error);
    } else if (body.starts_with('<') || body.starts_with("\xEF\xBB\xBF<")) {
        read_xml(response.body, error);
    }
    if (error.code.empty()) error.code = response.headers.get("x-ms-error-code");
    return error;
}

ApiError make_protocol_error(std::string message) {
    ApiError error;
    error.fault = Fault::protocol;
    error.message = std::move(message);
    return error;
}

ApiError make_short_range_error(std::string_view name) {
    auto error = make_protocol_error(fmt::format("The service sent less of {} than asked for.", name));
    error.code = kShortRange;
    return error;
}

bool is_out_of_range(ApiError const& error) {
    return has_status(error, 416) || (error.fault == Fault::protocol && error.code == kShortRange);
}

ApiError make_local_error(std::string message) {
    ApiError error;
    error.fault = Fault::local;
    error.message = std::move(message);
    return error;
}

}  // namespace bluebatch::client

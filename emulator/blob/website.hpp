#pragma once

#include "emulator/blob/context.hpp"
#include "emulator/blob/target.hpp"
#include "shared/azure/storage_error.hpp"
#include "shared/http/message.hpp"

#include <functional>
#include <string>
#include <string_view>

// The static website of an account: what its container $web holds, for everybody's browser.
namespace bluebatch::emulator::blob {

// Websites are answered in this version of the service, whatever browsers say.
inline constexpr std::string_view kWebsiteVersion = "2018-03-28";

// Reads a blob of $web as Get Blob does for anybody who sends these headers.
using ReadPage = std::function<
    azure::StorageResult<http::Response>(std::string const& blob, http::Headers const& headers)>;

// The document that a path names; the error document, or a page that says so, with status 404 where there is
// none. Only GET and HEAD.
http::Response answer_website(
    Context const& context, http::RequestHead const& head, Website const& site, ReadPage const& read
);

}  // namespace bluebatch::emulator::blob

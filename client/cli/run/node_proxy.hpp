#pragma once

#include <string_view>

namespace bluebatch::cli {

// A script that node runs before a program (--require): connections of TLS to other machines go through the
// proxy of HTTPS_PROXY unless NO_PROXY names their host. Releases of node before 24 know no proxy by
// themselves, and would go to Azure itself.
std::string_view node_proxy_script();

}  // namespace bluebatch::cli

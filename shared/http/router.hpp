#pragma once

#include "shared/http/path_pattern.hpp"

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace bluebatch::http {

// One operation of a service. Tables of these are constexpr and stand next to their handlers.
template <class Handler>
struct Route {
    Verb verb;
    std::string_view path;  // "/pools/{poolId}/nodes"; a last "{filePath*}" takes the rest of the path
    std::string_view
        query;  // what the query must hold: "comp=block&restype=container"; "timeout" alone: any value
    std::string_view operation;  // the operation id of Azure's specification
    Handler handler;
    ApiVersions versions = {};
};

enum class RouteOutcome : std::uint8_t { found, wrong_verb, none };

template <class Handler>
struct RouteMatch {
    RouteOutcome outcome = RouteOutcome::none;
    Route<Handler> const* route = nullptr;  // set when found
    PathParameters parameters;              // decoded, segment by segment; %2F stays part of its segment
    std::vector<Verb> allowed;              // the verbs that the path knows, when the verb is wrong
};

// Finds the row of a request. The most specific row wins: literals before parameters before a rest, from left
// to right; then the row that asks more of the query. Two rows that can't be told apart throw
// std::logic_error at construction. Immutable afterwards, so any thread may match. The tables must outlive
// the router.
template <class Handler>
class Router {
public:
    using Row = Route<Handler>;

    explicit Router(std::initializer_list<std::span<Row const>> tables) {
        for (auto const table : tables) {
            for (auto const& row : table)
                rows_.push_back({PathPattern(row.path), QueryPattern(row.query), &row});
        }
        std::ranges::stable_sort(rows_, [](Compiled const& left, Compiled const& right) {
            auto const order = left.path.specificity() <=> right.path.specificity();
            return order != 0 ? order < 0 : left.query.size() > right.query.size();
        });
        refuse_duplicates();
    }

    // An empty api_version is any version.
    RouteMatch<Handler> match(RequestHead const& head, std::string_view api_version = {}) const {
        RouteMatch<Handler> result;
        SplitPath const path(head.path);
        for (auto const& candidate : rows_) {
            if (!candidate.path.matches(path)) continue;
            if (!candidate.query.matches(head)) continue;
            if (!candidate.row->versions.hold(api_version)) continue;
            if (candidate.row->verb != head.verb) {
                note_allowed(result.allowed, candidate.row->verb);
                continue;
            }
            return {RouteOutcome::found, candidate.row, candidate.path.parameters(path), {}};
        }
        if (!result.allowed.empty()) result.outcome = RouteOutcome::wrong_verb;
        return result;
    }

    // Every row, most specific first: for listings.
    std::vector<Row const*> rows() const {
        std::vector<Row const*> all;
        for (auto const& compiled : rows_)
            all.push_back(compiled.row);
        return all;
    }

private:
    struct Compiled {
        PathPattern path;
        QueryPattern query;
        Row const* row;
    };

    static void note_allowed(std::vector<Verb>& allowed, Verb verb) {
        if (std::ranges::find(allowed, verb) == allowed.end()) allowed.push_back(verb);
    }

    static bool is_duplicate(Compiled const& left, Compiled const& right) {
        return left.row->verb == right.row->verb && left.path.same_shape(right.path) &&
               left.query == right.query && left.row->versions.overlap(right.row->versions);
    }

    void refuse_duplicates() const {
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            for (std::size_t j = i + 1; j < rows_.size(); ++j) {
                if (!is_duplicate(rows_[i], rows_[j])) continue;
                throw std::logic_error(
                    "two routes for one request: " + std::string(rows_[i].row->operation) + " and " +
                    std::string(rows_[j].row->operation)
                );
            }
        }
    }

    std::vector<Compiled> rows_;
};

}  // namespace bluebatch::http

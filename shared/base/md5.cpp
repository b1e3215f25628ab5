// The plain functions of OpenSSL show their state, which lanes must take over and hand back.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "shared/base/md5.hpp"

#include "shared/base/md5_lanes.hpp"

#include <openssl/md5.h>

#include <algorithm>
#include <utility>

namespace bluebatch::base {

struct Md5::State {
    MD5_CTX context{};
    State() { MD5_Init(&context); }
};

Md5::Md5() : state_(std::make_unique<State>()) {}
Md5::~Md5() = default;
Md5::Md5(Md5&&) noexcept = default;
Md5& Md5::operator=(Md5&&) noexcept = default;

void Md5::update(std::span<std::byte const> bytes) {
    MD5_Update(&state_->context, bytes.data(), bytes.size());
}
void Md5::update(std::string_view bytes) {
    MD5_Update(&state_->context, bytes.data(), bytes.size());
}

Md5Digest Md5::finish() && {
    Md5Digest digest{};
    MD5_Final(digest.data(), &state_->context);
    state_.reset();
    return digest;
}

Md5Digest md5(std::string_view bytes) {
    Md5 hash;
    hash.update(bytes);
    return std::move(hash).finish();
}

namespace {

// One piece on its way through the lanes: what is left of it.
struct Passenger {
    MD5_CTX* context;
    std::string_view left;

    std::size_t blocks() const { return left.size() / kMd5Block; }

    void update(std::size_t count) {
        MD5_Update(context, left.data(), count);
        left.remove_prefix(count);
    }

    void count_blocks(std::size_t count) {
        auto const size = count * kMd5Block;
        auto const bits = (std::uint64_t{context->Nh} << 32U | context->Nl) + 8 * std::uint64_t{size};
        context->Nh = static_cast<MD5_LONG>(bits >> 32U);
        context->Nl = static_cast<MD5_LONG>(bits);
        left.remove_prefix(size);
    }
};

// Takes all of them as far as the shortest goes.
void advance_together(Md5Lanes const& lanes, std::span<Passenger> passengers) {
    auto const blocks = std::ranges::min(passengers, {}, &Passenger::blocks).blocks();
    std::array<Md5Lane, kMostMd5Lanes> places{};
    auto const taken = std::span(places).first(passengers.size());
    std::ranges::transform(passengers, taken.begin(), [](Passenger const& passenger) {
        auto const& context = *passenger.context;
        return Md5Lane{{context.A, context.B, context.C, context.D}, passenger.left.data()};
    });
    lanes.advance(taken, blocks);
    for (std::size_t i = 0; i < taken.size(); ++i) {
        auto& context = *passengers[i].context;
        context.A = taken[i].state[0];
        context.B = taken[i].state[1];
        context.C = taken[i].state[2];
        context.D = taken[i].state[3];
        passengers[i].count_blocks(blocks);
    }
}

void update_in_lanes(Md5Lanes const& lanes, std::span<Passenger> passengers) {
    while (true) {
        auto const rest = std::partition(passengers.begin(), passengers.end(), [](auto const& one) {
            return one.blocks() > 0;
        });
        std::for_each(rest, passengers.end(), [](Passenger& one) { one.update(one.left.size()); });
        passengers = {passengers.begin(), rest};
        if (passengers.size() < lanes.least()) break;
        advance_together(lanes, passengers);
    }
    for (auto& passenger : passengers)
        passenger.update(passenger.left.size());
}

}  // namespace

void update_together(std::span<Md5Piece const> pieces, Md5Lanes const& lanes) {
    std::array<Passenger, kMostMd5Lanes> passengers{};
    while (!pieces.empty()) {
        auto const now = pieces.first(std::min(pieces.size(), lanes.width()));
        pieces = pieces.subspan(now.size());
        for (std::size_t i = 0; i < now.size(); ++i) {
            passengers[i] = {&now[i].hash->state_->context, now[i].bytes};
            // Lanes begin at blocks.
            auto const begun = passengers[i].context->num;
            if (begun > 0) passengers[i].update(std::min(kMd5Block - begun, now[i].bytes.size()));
        }
        update_in_lanes(lanes, std::span(passengers).first(now.size()));
    }
}

}  // namespace bluebatch::base

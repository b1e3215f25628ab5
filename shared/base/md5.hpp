#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace bluebatch::base {

using Md5Digest = std::array<std::uint8_t, 16>;

class Md5Lanes;
struct Md5Piece;

// Hashes a stream piece by piece.
class Md5 {
public:
    Md5();
    ~Md5();
    Md5(Md5&&) noexcept;
    Md5& operator=(Md5&&) noexcept;
    void update(std::span<std::byte const> bytes);
    void update(std::string_view bytes);
    Md5Digest finish() &&;

private:
    friend void update_together(std::span<Md5Piece const> pieces, Md5Lanes const& lanes);
    struct State;
    std::unique_ptr<State> state_;
};

Md5Digest md5(std::string_view bytes);

struct Md5Piece {
    Md5* hash = nullptr;
    std::string_view bytes;
};

// The same as an update() of each, every hash being another one, in less time.
void update_together(std::span<Md5Piece const> pieces, Md5Lanes const& lanes);

}  // namespace bluebatch::base

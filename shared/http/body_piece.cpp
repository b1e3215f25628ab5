#include "shared/http/body_piece.hpp"

#include <mutex>
#include <vector>

namespace bluebatch::http {

class BodyPiece::Stock {
public:
    static Stock& shared() {
        static Stock stock;
        return stock;
    }

    // Nothing when as many as there may be are taken.
    std::unique_ptr<char[]> take() {
        std::scoped_lock const lock(mutex_);
        if (taken_ == kMostLarge) return nullptr;
        auto memory = take_spare();
        if (!memory) memory = std::make_unique_for_overwrite<char[]>(kLarge);
        ++taken_;
        return memory;
    }

    void give_back(std::unique_ptr<char[]> memory) {
        constexpr std::size_t kMostSpare = 8;
        std::scoped_lock const lock(mutex_);
        --taken_;
        if (spare_.size() < kMostSpare) spare_.push_back(std::move(memory));
    }

private:
    std::unique_ptr<char[]> take_spare() {
        if (spare_.empty()) return nullptr;
        auto memory = std::move(spare_.back());
        spare_.pop_back();
        return memory;
    }

    std::mutex mutex_;
    std::size_t taken_ = 0;
    std::vector<std::unique_ptr<char[]>> spare_;
};

BodyPiece BodyPiece::take() {
    if (auto memory = Stock::shared().take()) return {std::move(memory), kLarge};
    return {std::make_unique_for_overwrite<char[]>(kSmall), kSmall};
}

BodyPiece::~BodyPiece() {
    if (size_ == kLarge) Stock::shared().give_back(std::move(memory_));
}

}  // namespace bluebatch::http

#include "emulator/storage/blob/content_pins.hpp"

#include <utility>

namespace bluebatch::emulator::storage::blob {

ContentPins::Pin::Pin(std::shared_ptr<ContentPins> pins, std::vector<std::int64_t> content_ids)
    : pins_(std::move(pins)), content_ids_(std::move(content_ids)) {
    std::scoped_lock const lock(pins_->mutex_);
    for (auto const id : content_ids_)
        ++pins_->counts_[id];
}

ContentPins::Pin::~Pin() {
    std::scoped_lock const lock(pins_->mutex_);
    for (auto const id : content_ids_) {
        auto const entry = pins_->counts_.find(id);
        if (--entry->second == 0) pins_->counts_.erase(entry);
    }
    if (std::exchange(pins_->has_refused_, false) && pins_->released_) pins_->released_();
}

std::shared_ptr<ContentPins::Pin const> ContentPins::pin(std::vector<std::int64_t> content_ids) {
    return std::make_shared<Pin const>(shared_from_this(), std::move(content_ids));
}

bool ContentPins::remove_unless_pinned(std::int64_t content_id, std::function<void()> const& remove) {
    std::scoped_lock const lock(mutex_);
    if (counts_.contains(content_id)) {
        has_refused_ = true;
        return false;
    }
    remove();
    return true;
}

void ContentPins::on_release(std::function<void()> action) {
    std::scoped_lock const lock(mutex_);
    released_ = std::move(action);
}

}  // namespace bluebatch::emulator::storage::blob

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace bluebatch::emulator::storage::blob {

// Contents whose files must stay although nothing may name them any more: somebody reads them one after
// another and can't hold them all open. Thread-safe.
class ContentPins : public std::enable_shared_from_this<ContentPins> {
public:
    // Holds its contents' files in place while it lives; it may outlive everything else.
    class Pin {
    public:
        Pin(std::shared_ptr<ContentPins> pins, std::vector<std::int64_t> content_ids);
        ~Pin();
        Pin(Pin const&) = delete;
        Pin& operator=(Pin const&) = delete;

    private:
        std::shared_ptr<ContentPins> pins_;
        std::vector<std::int64_t> content_ids_;
    };

    // What is in its place after this call stays there; what the database named before may be gone.
    std::shared_ptr<Pin const> pin(std::vector<std::int64_t> content_ids);
    // Runs `remove`, unless the content is pinned. Nobody can pin it meanwhile.
    bool remove_unless_pinned(std::int64_t content_id, std::function<void()> const& remove);
    // Called when something may be removed that could not be before; called no more once this has been given
    // another one.
    void on_release(std::function<void()> action);

private:
    std::mutex mutex_;
    std::unordered_map<std::int64_t, int> counts_;
    bool has_refused_ = false;
    std::function<void()> released_;
};

}  // namespace bluebatch::emulator::storage::blob

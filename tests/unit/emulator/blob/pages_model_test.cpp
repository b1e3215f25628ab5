#include "tests/unit/emulator/blob/page_fixture.hpp"

#include <random>

namespace bluebatch::emulator::blob {
namespace {

// What a page blob is: for every page its bytes' letter, and which write it stems from; 0 when it is clear.
struct Model {
    struct Page {
        char letter = '\0';
        int write = 0;
    };
    std::vector<Page> pages;

    std::string bytes() const {
        std::string text;
        for (auto const& page : pages)
            text.append(512, page.letter);
        return text;
    }
    // As PageFixture::list shows it; `mark` tells of a page "+" written, "-" cleared, or " " neither.
    template <class Mark>
    std::string show(Mark mark) const {
        std::string text;
        for (std::size_t i = 0; i < pages.size();) {
            auto end = i + 1;
            while (end < pages.size() && mark(end) == mark(i))
                ++end;
            if (mark(i) != ' ') {
                if (!text.empty()) text += ' ';
                if (mark(i) == '-') text += '-';
                text += fmt::format("{}-{}", i * 512, end * 512 - 1);
            }
            i = end;
        }
        return text;
    }
    std::string ranges() const {
        return show([&](std::size_t i) { return pages[i].write > 0 ? '+' : ' '; });
    }
    std::string changes(Model const& previous) const {
        return show([&](std::size_t i) {
            auto const before = i < previous.pages.size() ? previous.pages[i].write : 0;
            if (pages[i].write == before) return ' ';
            return pages[i].write > 0 ? '+' : '-';
        });
    }
};

class PagesModelTest : public PageFixture, public testing::WithParamInterface<unsigned> {
protected:
    std::uint64_t random_below(std::uint64_t end) {
        return std::uniform_int_distribution<std::uint64_t>{0, end - 1}(random_numbers_);
    }
    void change() {
        if (model_.pages.empty()) return resize();
        auto const first = random_below(model_.pages.size());
        auto const most = std::min<std::uint64_t>(model_.pages.size() - first, 80);
        auto const count = random_below(most) + 1;
        auto const end = first + count;
        bool const clears = random_below(3) == 0;
        auto const letter = static_cast<char>('a' + random_below(26));
        auto const response = clears ? clear("b", first * kPage, count * kPage)
                                     : write("b", first * kPage, std::string(count * kPage, letter));
        ASSERT_EQ(response.status, 201) << response.text;
        ++writes_;
        for (auto i = first; i < end; ++i)
            model_.pages[i] = clears ? Model::Page{} : Model::Page{letter, writes_};
    }
    void resize() {
        auto const count = random_below(200) + 1;
        auto const response =
            set_properties("b", Headers{{"x-ms-blob-content-length", std::to_string(count * kPage)}});
        ASSERT_EQ(response.status, 200) << response.text;
        model_.pages.resize(count);
    }
    void keep() { snapshots_.emplace_back(snapshot("b"), model_); }
    void forget() {
        if (snapshots_.empty()) return;
        auto const which = static_cast<std::ptrdiff_t>(random_below(snapshots_.size()));
        auto const found = snapshots_.begin() + which;
        ASSERT_EQ(ask({http::Verb::remove, "/con/b?snapshot=" + found->first}).status, 202);
        snapshots_.erase(found);
    }
    void check() {
        ASSERT_EQ(read("b"), model_.bytes());
        ASSERT_EQ(list("b"), model_.ranges());
        ASSERT_EQ(list("b", {}, 3), model_.ranges());
        for (auto const& [moment, model] : snapshots_) {
            ASSERT_EQ(read("b?snapshot=" + moment), model.bytes());
            ASSERT_EQ(list("b?snapshot=" + moment), model.ranges());
            ASSERT_EQ(list("b?prevsnapshot=" + moment), model_.changes(model));
        }
        if (snapshots_.size() < 2) return;
        auto const& [old_moment, old] = snapshots_.front();
        auto const& [new_moment, newer] = snapshots_.back();
        ASSERT_EQ(
            list("b?snapshot=" + new_moment + "&prevsnapshot=" + old_moment, {}, 2), newer.changes(old)
        );
    }

    std::mt19937 random_numbers_{GetParam()};
    Model model_;
    int writes_ = 0;
    std::vector<std::pair<std::string, Model>> snapshots_;
};

TEST_P(PagesModelTest, BehavesAsAnArrayOfBytes) {
    put_pages_blob("b", 100 * kPage);
    model_.pages.resize(100);
    for (int i = 0; i < 150; ++i) {
        auto const what = random_below(20);
        if (what == 0) {
            keep();
        } else if (what == 1) {
            resize();
        } else if (what == 2) {
            forget();
        } else {
            change();
        }
        if (i % 10 == 9) check();
        if (HasFatalFailure()) return;
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, PagesModelTest, testing::Range(1U, 6U));

}  // namespace
}  // namespace bluebatch::emulator::blob

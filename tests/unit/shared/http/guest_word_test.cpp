#include "shared/http/guest_word.hpp"

#include <gtest/gtest.h>

namespace bluebatch::http {
namespace {

using State = GuestPreface::State;

TEST(GuestWord, IsAHeaderOfTheProxyProtocol) {
    std::string const expected{"\r\n\r\n\0\r\nQUIT\n\x20\0\0\x07\xE0\0\x04word", 23};
    EXPECT_EQ(make_guest_preface("word"), expected);
}

TEST(GuestWord, IsReadOnceItIsWhole) {
    auto const preface = make_guest_preface("word");
    for (std::size_t size = 1; size < preface.size(); ++size)
        EXPECT_EQ(read_guest_word(preface.substr(0, size), "word").state, State::incomplete) << size;
    auto const read = read_guest_word(preface + "GET /", "word");
    EXPECT_EQ(read.state, State::right);
    EXPECT_EQ(read.size, preface.size());
}

TEST(GuestWord, IsAnswerEnoughToNobodyElse) {
    auto const longer = make_guest_preface("another word");
    auto const read = read_guest_word(longer + "GET /", "word");
    EXPECT_EQ(read.state, State::wrong);
    EXPECT_EQ(read.size, longer.size());
    EXPECT_EQ(read_guest_word(make_guest_preface("wors"), "word").state, State::wrong);
    EXPECT_EQ(read_guest_word("GET / HTTP/1.1\r\n", "word").state, State::absent);
    EXPECT_EQ(read_guest_word("\r\nGET / HTTP/1.1\r\n", "word").state, State::absent);
    EXPECT_EQ(read_guest_word("\x16\x03\x01", "word").state, State::absent);
}

TEST(GuestWord, IsNoLongerThanItMayBe) {
    EXPECT_EQ(read_guest_word(make_guest_preface(std::string(129, 'x')), "word").state, State::malformed);
}

}  // namespace
}  // namespace bluebatch::http

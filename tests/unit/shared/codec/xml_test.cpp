#include "shared/codec/xml.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace bluebatch::codec {
namespace {

TEST(XmlWriter, EscapesTextAndAttributes) {
    XmlWriter xml;
    xml.open("List", {{"At", "a\"<&"}});
    xml.element("Name", "<a> & \"b\"\r");
    xml.empty_element("Next");
    xml.close();

    EXPECT_EQ(
        std::move(xml).finish(),
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><List At=\"a&quot;&lt;&amp;\">"
        "<Name>&lt;a&gt; &amp; &quot;b&quot;&#xD;</Name><Next /></List>"
    );
}

TEST(XmlWriter, RefusesToLeaveAnElementOpen) {
    XmlWriter xml;
    xml.open("List");

    EXPECT_THROW(static_cast<void>(std::move(xml).finish()), std::logic_error);
}

TEST(IsXmlText, KnowsWhatXmlCannotCarry) {
    EXPECT_TRUE(is_xml_text("a\tb\n\xC3\xBC"));
    EXPECT_FALSE(is_xml_text("\x01"));
    EXPECT_FALSE(is_xml_text("\xEF\xBF\xBF"));
    EXPECT_TRUE(is_xml_text("\xEF\xBF\xBD"));
    EXPECT_FALSE(is_xml_text("\xFF"));
}

TEST(ParseXml, KeepsElementsInOrder) {
    auto const root = parse_xml(
        "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<BlockList>\n <Latest>YQ==</Latest>"
        "<Committed>Yg==</Committed><Latest><![CDATA[c&]]></Latest></BlockList>"
    );

    ASSERT_TRUE(root);
    EXPECT_EQ(root->name, "BlockList");
    ASSERT_EQ(root->children.size(), 3U);
    EXPECT_EQ(root->children[0].text, "YQ==");
    EXPECT_EQ(root->children[1].name, "Committed");
    EXPECT_EQ(root->children[2].text, "c&");
    EXPECT_EQ(root->find("Committed"), &root->children[1]);
    EXPECT_EQ(root->find("Other"), nullptr);
}

TEST(ParseXml, KeepsTextOfBlanksAlone) {
    auto const root = parse_xml("<a> <b> </b>\n</a>");
    ASSERT_TRUE(root);
    EXPECT_EQ(root->text, "");
    EXPECT_EQ(root->find("b")->text, " ");
}

TEST(ParseXml, RefusesWhatIsNoDocument) {
    for (auto const* const text : {"", "text", "<a>", "<a></b>", "<a/><b/>", "{}"}) {
        EXPECT_FALSE(parse_xml(text)) << text;
    }
}

TEST(ParseXml, RefusesTextWhereThereIsNone) {
    for (auto const* document :
         {"oops <a/>",
          "<a/> oops",
          "<a></a>&amp;",
          "<a>text<b/></a>",
          "<a><b/>text</a>",
          "<a/><a/>",
          "<a/><![CDATA[x]]>"})
        EXPECT_FALSE(parse_xml(document)) << document;
    EXPECT_TRUE(parse_xml("\xEF\xBB\xBF<a/>")) << "a byte order mark is no text";
    EXPECT_TRUE(parse_xml("<?xml version='1.0'?>\n<!-- & --> <a>\n <b/>\n</a>\n<!-- & -->\n"));
}

TEST(ParseXml, RefusesReferencesToNothing) {
    for (auto const* document :
         {"<a>&undefined;</a>", "<a>x & y</a>", "<a>&#;</a>", "<a>&#xyz;</a>", "<a b='&c'/>"})
        EXPECT_FALSE(parse_xml(document)) << document;
    EXPECT_EQ(parse_xml("<a>&amp;&lt;&gt;&quot;&apos;&#65;&#x42;</a>")->text, "&<>\"'AB");
    EXPECT_EQ(parse_xml("<a><![CDATA[x & y]]>&amp;</a>")->text, "x & y&");
}

TEST(ParseXml, RefusesAnAttributeTwice) {
    EXPECT_FALSE(parse_xml("<a b='1' b='2'/>"));
}

TEST(ParseXml, RefusesEndlessDepth) {
    std::string text;
    for (int i = 0; i < 100'000; ++i)
        text += "<a>";
    for (int i = 0; i < 100'000; ++i)
        text += "</a>";

    EXPECT_FALSE(parse_xml(text));
}

TEST(ParseXml, RefusesTextThatNoXmlCanCarry) {
    EXPECT_FALSE(parse_xml("<a>\x8F</a>"));
    EXPECT_FALSE(parse_xml("<a>\x01</a>"));
    EXPECT_FALSE(parse_xml("<a><b\xFF/></a>"));
    EXPECT_TRUE(parse_xml("<a>\xC3\xBC\t</a>"));
}

TEST(ParseXml, DoesNotExpandEntitiesOfItsDocument) {
    auto const root = parse_xml("<!DOCTYPE a [<!ENTITY b \"secret\">]><a>&b;</a>");

    EXPECT_TRUE(!root || root->text == "&b;");
}

TEST(ParseXml, KeepsWhiteSpaceThatIsAWholeText) {
    auto const root = parse_xml("<a>\n  <b>\t</b>\n  <c> &#10; </c>\n</a>").value();

    EXPECT_EQ(root.find("b")->text, "\t");
    EXPECT_EQ(root.find("c")->text, " \n ");
    EXPECT_EQ(root.children.size(), 2U);
}

}  // namespace
}  // namespace bluebatch::codec

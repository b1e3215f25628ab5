#include "emulator/blob/wire/service_properties.hpp"

#include "tests/unit/emulator/blob/blob_fixture.hpp"

namespace bluebatch::emulator::blob {
namespace {

using http::Headers;
using http::Verb;

constexpr std::string_view kRule =
    "<CorsRule><AllowedMethods>GET,PUT</AllowedMethods><AllowedOrigins>https://a.example</AllowedOrigins>"
    "<AllowedHeaders>x-ms-*</AllowedHeaders><ExposedHeaders>x-ms-meta-*</ExposedHeaders>"
    "<MaxAgeInSeconds>5</MaxAgeInSeconds></CorsRule>";

std::string document_of(std::string const& parts) {
    return "<StorageServiceProperties>" + parts + "</StorageServiceProperties>";
}

class ServicePropertiesTest : public BlobFixture {
protected:
    http::Response set(std::string const& parts) {
        return ask({Verb::put, "?restype=service&comp=properties", {}, document_of(parts)});
    }
    std::string get() { return ask({Verb::get, "?restype=service&comp=properties"}).text; }
    bool shows(std::string_view part) { return get().find(part) != std::string::npos; }
};

TEST_F(ServicePropertiesTest, BeginAsThoseOfTheService) {
    EXPECT_EQ(get(), wire::default_service_properties());
}

TEST_F(ServicePropertiesTest, ThatAreNotSetStayAsTheyAre) {
    auto const cors = "<Cors>" + std::string{kRule} + "</Cors>";

    EXPECT_EQ(set(cors).status, 202);
    EXPECT_EQ(set("<DefaultServiceVersion>2021-12-02</DefaultServiceVersion>").status, 202);

    EXPECT_TRUE(shows(cors)) << get();
    EXPECT_TRUE(
        shows("</Cors><DefaultServiceVersion>2021-12-02</DefaultServiceVersion><DeleteRetentionPolicy>")
    );
    EXPECT_EQ(set("<Cors />").status, 202);
    EXPECT_TRUE(shows("<Cors />"));
}

TEST_F(ServicePropertiesTest, ShowAndKeepASoftDeletionThatTheAccountHasOtherwise) {
    service_.policies().change("acc", [](cases::AccountPolicy& policy) { policy.blob_retention_days = 9; });

    EXPECT_TRUE(shows("<Days>9</Days>")) << get();
    EXPECT_EQ(set("<Cors />").status, 202);
    EXPECT_TRUE(shows("<Days>9</Days>")) << get();
    EXPECT_EQ(service_.policies().of("acc").blob_retention_days, 9);
}

TEST_F(ServicePropertiesTest, AreRepeatedInTheOrderOfTheService) {
    EXPECT_EQ(
        set("<StaticWebsite><ErrorDocument404Path>404.html</ErrorDocument404Path><IndexDocument>index.html"
            "</IndexDocument><Enabled>True</Enabled></StaticWebsite><Logging><RetentionPolicy><Days>3</"
            "Days><Enabled>"
            "false</Enabled></RetentionPolicy><Delete>false</Delete><Read>false</Read><Write>FALSE</"
            "Write><Version>"
            "1.0</Version></Logging>")
            .status,
        202
    );

    EXPECT_TRUE(
        shows("<StorageServiceProperties><Logging><Version>1.0</Version><Read>false</Read><Write>false"
              "</Write><Delete>false</Delete><RetentionPolicy><Enabled>false</Enabled></RetentionPolicy>"
              "</Logging><HourMetrics>")
    ) << get();
    EXPECT_TRUE(
        shows("<StaticWebsite><Enabled>true</Enabled><IndexDocument>index.html</IndexDocument>"
              "<ErrorDocument404Path>404.html</ErrorDocument404Path></StaticWebsite>")
    );
}

TEST_F(ServicePropertiesTest, ThatWouldHaveNoEffectAreRefusedByName) {
    std::string const off = "<RetentionPolicy><Enabled>false</Enabled></RetentionPolicy>";
    for (std::string const name : {"HourMetrics", "MinuteMetrics"}) {
        auto const response =
            set("<" + name + "><Version>1.0</Version><Enabled>true</Enabled><IncludeAPIs>true</IncludeAPIs>" +
                off + "</" + name + ">");
        EXPECT_EQ(response.status, 501);
        EXPECT_NE(response.text.find(name), std::string::npos);
    }
    EXPECT_EQ(
        set("<Logging><Version>1.0</Version><Read>true</Read><Write>false</Write><Delete>false</Delete>" +
            off + "</Logging>")
            .status,
        501
    );
}

TEST_F(ServicePropertiesTest, AreChecked) {
    struct Case {
        std::string parts;
        std::string_view code;
    };
    std::string const rule{kRule};
    auto const with = [&](std::string const& from, std::string const& to) {
        auto text = rule;
        text.replace(text.find(from), from.size(), to);
        return "<Cors>" + text + "</Cors>";
    };
    for (auto const& [parts, code] : std::vector<Case>{
             {"<Nonsense />", "InvalidXmlDocument"},
             {"<Cors>" + rule + rule + rule + rule + rule + rule + "</Cors>", "InvalidXmlDocument"},
             {with("GET,PUT", "GET,FETCH"), "InvalidXmlNodeValue"},
             {with("https://a.example", ""), "InvalidXmlNodeValue"},
             {with("x-ms-*", "a-*,b-*,c-*"), "InvalidXmlNodeValue"},
             {with("https://a.example", std::string(257, 'a')), "InvalidXmlNodeValue"},
             {with("<MaxAgeInSeconds>5</MaxAgeInSeconds>", ""), "MissingRequiredXmlNode"},
             {with(">5<", ">-1<"), "InvalidXmlNodeValue"},
             {with("<MaxAgeInSeconds>", "<More /><MaxAgeInSeconds>"), "InvalidXmlDocument"},
             {"<StaticWebsite />", "MissingRequiredXmlNode"},
             {"<StaticWebsite><Enabled>yes</Enabled></StaticWebsite>", "InvalidXmlNodeValue"},
             {"<StaticWebsite><Enabled>true</Enabled><IndexDocument>a/b</IndexDocument></StaticWebsite>",
              "InvalidXmlNodeValue"},
             {"<DefaultServiceVersion>newest</DefaultServiceVersion>", "InvalidXmlNodeValue"},
             {"<DeleteRetentionPolicy><Enabled>true</Enabled></DeleteRetentionPolicy>",
              "MissingRequiredXmlNode"},
             {"<DeleteRetentionPolicy><Enabled>true</Enabled><Days>366</Days></DeleteRetentionPolicy>",
              "InvalidXmlNodeValue"},
             {"<HourMetrics><Version>1.0</Version><Enabled>true</Enabled><RetentionPolicy><Enabled>false</"
              "Enabled>"
              "</RetentionPolicy></HourMetrics>",
              "MissingRequiredXmlNode"}}) {
        auto const response = set(parts);
        EXPECT_EQ(response.status, 400) << parts;
        EXPECT_EQ(code_of(response), code) << parts;
    }
    EXPECT_EQ(get(), wire::default_service_properties());
}

TEST(SoftDeletePolicy, IsReadFromTheProperties) {
    auto const policy = [](std::string const& members) {
        return wire::soft_delete_policy(
            document_of("<DeleteRetentionPolicy>" + members + "</DeleteRetentionPolicy>")
        );
    };

    EXPECT_EQ(policy("<Enabled>true</Enabled><Days>7</Days>").days, 7);
    EXPECT_FALSE(policy("<Enabled>true</Enabled><Days>7</Days>").allows_permanent_delete);
    EXPECT_TRUE(
        policy("<Enabled>true</Enabled><Days>7</Days><AllowPermanentDelete>true</AllowPermanentDelete>")
            .allows_permanent_delete
    );
    EXPECT_FALSE(policy("<Enabled>false</Enabled>").days.has_value());
    EXPECT_FALSE(wire::soft_delete_policy("").days.has_value());
}

TEST_F(ServicePropertiesTest, ShowThePolicyOfSoftDeletionHoweverItWasSet) {
    service_.policies().change("acc", [](cases::AccountPolicy& policy) { policy.blob_retention_days = 7; });

    EXPECT_EQ(set("<DefaultServiceVersion>2021-12-02</DefaultServiceVersion>").status, 202);
    EXPECT_TRUE(shows("<DeleteRetentionPolicy><Enabled>true</Enabled><Days>7</Days></DeleteRetentionPolicy>")
    );
    EXPECT_EQ(service_.policies().of("acc").blob_retention_days, 7);

    EXPECT_EQ(set("<DeleteRetentionPolicy><Enabled>false</Enabled></DeleteRetentionPolicy>").status, 202);
    EXPECT_TRUE(shows("<DeleteRetentionPolicy><Enabled>false</Enabled></DeleteRetentionPolicy>"));
    EXPECT_FALSE(service_.policies().of("acc").blob_retention_days.has_value());
}

TEST_F(ServicePropertiesTest, TellAboutTheAccountAtEveryLevel) {
    put("b", "x");
    for (auto const* const target : {"/", "/con", "/con/b"}) {
        for (auto const verb : {Verb::get, Verb::head}) {
            auto const response = ask({verb, std::string{target} + "?restype=account&comp=properties"});
            EXPECT_EQ(response.status, 200) << target;
            EXPECT_EQ(response.headers.get("x-ms-sku-name"), "Standard_RAGRS");
            EXPECT_EQ(response.headers.get("x-ms-account-kind"), "StorageV2");
            EXPECT_EQ(response.headers.get("x-ms-is-hns-enabled"), "false");
        }
    }
}

class CorsTest : public ServicePropertiesTest {
protected:
    static std::string rule(
        std::string const& origins, std::string const& methods, std::string const& exposed = ""
    ) {
        return "<CorsRule><AllowedMethods>" + methods + "</AllowedMethods><AllowedOrigins>" + origins +
               "</AllowedOrigins><AllowedHeaders>x-ms-meta-data,x-ms-blob-*</"
               "AllowedHeaders><ExposedHeaders>" +
               exposed + "</ExposedHeaders><MaxAgeInSeconds>5</MaxAgeInSeconds></CorsRule>";
    }
    void set_rules(std::string const& rules) { ASSERT_EQ(set("<Cors>" + rules + "</Cors>").status, 202); }
    http::Response preflight(
        std::string const& origin, std::string const& method, std::string const& headers = ""
    ) {
        Headers fields{{"Origin", origin}, {"Access-Control-Request-Method", method}};
        if (!headers.empty()) fields.set("Access-Control-Request-Headers", headers);
        return ask_anonymously({Verb::options, "/con/b", fields});
    }
    http::Response get_from(std::string const& origin, std::string const& name = "b") {
        Headers headers;
        if (!origin.empty()) headers.set("Origin", origin);
        return ask({Verb::get, "/con/" + name, headers});
    }
};

TEST_F(CorsTest, PreflightIsAnsweredByTheFirstRuleThatFits) {
    set_rules(rule("https://a.example,https://*.b.example", "PUT") + rule("*", "GET"));

    auto const allowed = preflight("https://a.example", "PUT", "x-ms-meta-data, x-ms-blob-type");
    EXPECT_EQ(allowed.status, 200);
    EXPECT_EQ(allowed.headers.get("Access-Control-Allow-Origin"), "https://a.example");
    EXPECT_EQ(allowed.headers.get("Access-Control-Allow-Credentials"), "true");
    EXPECT_EQ(allowed.headers.get("Access-Control-Allow-Methods"), "PUT");
    EXPECT_EQ(allowed.headers.get("Access-Control-Allow-Headers"), "x-ms-meta-data, x-ms-blob-type");
    EXPECT_EQ(allowed.headers.get("Access-Control-Max-Age"), "5");
    EXPECT_EQ(preflight("https://x.b.example", "PUT").status, 200);
    EXPECT_EQ(preflight("https://c.example", "GET").headers.get("Access-Control-Allow-Origin"), "*");
    EXPECT_EQ(code_of(preflight("https://c.example", "PUT")), "CorsPreflightFailure");
    EXPECT_EQ(preflight("https://a.example", "PUT", "x-ms-meta-other").status, 403);
    EXPECT_EQ(preflight("https://a.example", "DELETE").status, 403);
}

TEST_F(CorsTest, PreflightNeedsItsHeadersAndRules) {
    EXPECT_EQ(preflight("https://a.example", "PUT").status, 403);
    EXPECT_EQ(ask_anonymously({Verb::options, "/con/b"}).status, 400);
    EXPECT_EQ(
        ask_anonymously({Verb::options, "/con/b", Headers{{"Origin", "https://a.example"}}}).status, 400
    );
}

TEST_F(CorsTest, AnswersNameTheHeadersThatPagesMaySee) {
    put("b", "x");
    ask({Verb::put, "/con/b?comp=metadata", Headers{{"x-ms-meta-data1", "1"}, {"x-ms-meta-other", "2"}}});
    set_rules(rule("https://a.example", "GET", "x-ms-meta-data*,etag,x-none") + rule("*", "GET", "*"));

    auto const exact = get_from("https://a.example");
    EXPECT_EQ(exact.headers.get("Access-Control-Allow-Origin"), "https://a.example");
    EXPECT_EQ(exact.headers.get("Access-Control-Expose-Headers"), "ETag,x-ms-meta-data1");
    EXPECT_EQ(exact.headers.get("Vary"), "Origin");
    auto const any = get_from("https://b.example");
    EXPECT_EQ(any.headers.get("Access-Control-Allow-Origin"), "*");
    EXPECT_FALSE(any.headers.has("Access-Control-Allow-Credentials"));
    EXPECT_FALSE(any.headers.has("Vary"));
    EXPECT_TRUE(
        any.headers.get("Access-Control-Expose-Headers").ends_with(",Content-Length,Date,Transfer-Encoding")
    );
}

TEST_F(CorsTest, ErrorsCanBeReadByPagesToo) {
    set_rules(rule("*", "GET", "x-ms-error-code"));

    auto const missing = get_from("https://a.example", "none");

    EXPECT_EQ(missing.status, 404);
    EXPECT_EQ(missing.headers.get("Access-Control-Allow-Origin"), "*");
    EXPECT_EQ(missing.headers.get("Access-Control-Expose-Headers"), "x-ms-error-code");
}

TEST_F(CorsTest, CachesAreToldWhenAnAnswerDependsOnTheOrigin) {
    put("b", "x");
    EXPECT_FALSE(get_from("https://a.example").headers.has("Vary"));

    set_rules(rule("https://a.example", "GET"));
    EXPECT_EQ(get_from("https://b.example").headers.get("Vary"), "Origin");
    EXPECT_FALSE(get_from("https://b.example").headers.has("Access-Control-Allow-Origin"));
    EXPECT_EQ(get_from("").headers.get("Vary"), "Origin");
    EXPECT_FALSE(ask({Verb::put, "/con/b?comp=metadata", Headers{{"Origin", "https://b.example"}}}
    ).headers.has("Vary"));

    set_rules(rule("*", "GET"));
    EXPECT_FALSE(get_from("").headers.has("Vary"));
    set_rules("");
    EXPECT_FALSE(get_from("https://a.example").headers.has("Access-Control-Allow-Origin"));
}

}  // namespace
}  // namespace bluebatch::emulator::blob

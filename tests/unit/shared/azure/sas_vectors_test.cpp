#include "shared/azure/storage_sas.hpp"

#include <gtest/gtest.h>

#include <vector>

// Signatures that the official SDKs made, in every version of the text that they sign:
// @azure/storage-blob 12.32 for JavaScript, azure-storage-blob 12.15 and azure-multiapi-storage for Python.
namespace bluebatch::azure {
namespace {

constexpr auto* kAccount = "devstoreaccount1";
constexpr auto* kKey =
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
constexpr auto* kUserKey = "a2V5IG9mIGEgdXNlcg==";
constexpr auto* kMoment = "2024-05-06T07:08:09.1234567Z";

constexpr auto* kFrame = "&sp=r&st=2030-01-02T03:04:05Z&se=2030-01-03T03:04:05Z";
constexpr auto* kFrameOfPython = "&sp=r&se=2030-01-03T03:04:05Z";
constexpr auto* kDelegationKey =
    "&skoid=11111111-1111-1111-1111-111111111111&sktid=22222222-2222-2222-2222-222222222222"
    "&skt=2030-01-01T00:00:00Z&ske=2030-01-05T00:00:00Z&sks=b&skv=2021-12-02";
constexpr auto* kScopeOnly = "&sr=b&ses=scope1";

struct Signed {
    std::string version;
    std::string signature;
};

SharedAccessSignature read(Signed const& row, std::string const& fields) {
    http::RequestHead head;
    auto const query = "sv=" + row.version + fields + "&sig=" + http::percent_encode(row.signature);
    EXPECT_TRUE(http::parse_target("/?" + query, head));
    return read_shared_access_signature(head.query).value();
}

SasSubject blob_at(std::string_view moment) {
    return {kAccount, "input", "dir/über file.mp4", moment};
}

void expect_signed(
    std::vector<Signed> const& rows, std::string const& fields, SasSubject const& subject, char const* key
) {
    for (auto const& row : rows) {
        auto const sas = read(row, fields);
        EXPECT_TRUE(is_signed_by(sas, subject, key)) << row.version << "\n" << string_to_sign(sas, subject);
        auto other = subject;
        other.blob = "other";
        EXPECT_FALSE(is_signed_by(sas, other, key)) << row.version;
    }
}

TEST(ServiceSasOfTheSdk, OfABlobAreVerifiedInEveryVersion) {
    expect_signed(
        {{"2015-04-05", "HhyweSIIeerp++DvqL1VtOIaDCHgjfR5P0L/OgWs0Gw="},
         {"2018-11-09", "IMpVThA83saO6Xn0IXVBBktecuyIxfyctUzePKKqrzA="},
         {"2020-02-10", "yk0Q2ju7upm/ga9pRS71niwutss9exqLWRoiCUslNu8="},
         {"2020-12-06", "2OaYCLRBjzMzkVIMlxzowPxq2s7lm4+x9VfIql+ijGQ="},
         {"2024-11-04", "88QxYckjk5/BBhYD9M+C+qRoM/kPPmiuXWZP6dLNteU="},
         {"2025-07-05", "FugxEqcSJ3s/Njg5It2WeUB5GHA86vfDbpaO3B5qPBw="},
         {"2026-02-06", "xwgYdczvAhHSbmbXitn54l7ai4EDqtN5M8/O9r6Je7w="},
         {"2026-04-06", "wCy+JQm6fJJIorRwZAe+WyNljwEMfV1P+u+wsCoLsiI="}},
        std::string{kFrame} + "&sr=b&spr=https,http&sip=127.0.0.1&rsct=video/mp4",
        blob_at({}),
        kKey
    );
}

TEST(ServiceSasOfTheSdk, OfASnapshotAreVerifiedInEveryVersion) {
    expect_signed(
        {{"2018-11-09", "8ygTB8Yg8ndtRamHnDn7nqH6hprC0ZWSQlGdFZYG/fM="},
         {"2020-02-10", "cHPQi9O9Db6p+t0esvzul5tl3fA+d7PJ/pq7Z9MFWKs="},
         {"2020-12-06", "Do57y1PZIQ53JwexJPyaOM3cDf7UbxOqzl44KG+FB7Q="},
         {"2024-11-04", "T0JgYZLKvtkcPkEkcAjZumFxtke1XlaVAKM1YjCvDnY="},
         {"2025-07-05", "xoB8WsXnp/Ho/RJfPm/liX2cXXk+8wLq4gXiqbYFJVQ="},
         {"2026-02-06", "2PUmPpOJcPnJjFf5L/8FoYRl+C7V8DHWClGLoijkwHc="},
         {"2026-04-06", "y+pFz5IY6gQZsmm2gD31bpHdWvVQTkrU/DsUM/kvHOY="}},
        std::string{kFrame} + "&sr=bs",
        blob_at(kMoment),
        kKey
    );
}

TEST(ServiceSasOfTheSdk, OfAVersionAreVerifiedInEveryVersion) {
    expect_signed(
        {{"2020-02-10", "a8S7ByRWpM7ZDdiJg4JmhYiyTujl8Vl6H/AcpiEa0lo="},
         {"2020-12-06", "Xim7ovTrSvKxbKMaSlOeNxyOqNl7z9DUBlAOJkKrwnM="},
         {"2024-11-04", "kvqnbtm+kWdrsSlOAhLy4ZLoYpEyF+uEEE6oYRPTTz4="},
         {"2025-07-05", "9H63/7La2tzJdKN+3+GzNmWqX1lXGfWEZ8ApKJiIwQ0="},
         {"2026-02-06", "BvUHXeook21pbaDIsmdPyOdNv/enuZShfJUEIuhZRCw="},
         {"2026-04-06", "RnIvrc58p4scZWRQKVFPnlS1nbLHWNO34u7Q0CCT9Oc="}},
        std::string{kFrame} + "&sr=bv",
        blob_at(kMoment),
        kKey
    );
}

TEST(ServiceSasOfTheSdk, WithAnEncryptionScopeAreVerified) {
    expect_signed(
        {{"2020-12-06", "FJIbmrupqfTFFdgiOoAPY855ER07MySlvqjZK15IkDg="},
         {"2024-11-04", "kJ4FkhJyCIPQ0xkdbwnGcnCcYBCs+LcozpvnT8M4efg="},
         {"2025-07-05", "XdNggjIdzeQC9hiGitbzRjpOWnHzxSwLX2HRlKLaobI="},
         {"2026-02-06", "7zx/0nlRCWXA+pIYkeLIP3tF94jMYXRzjGWxgy98c9c="},
         {"2026-04-06", "vDXiAYd00kBKlc5iKFpQnvScD73RWPcGI6kGH60eeIo="}},
        std::string{kFrame} + kScopeOnly,
        blob_at({}),
        kKey
    );
}

TEST(UserDelegationSasOfTheSdk, AreVerifiedInEveryVersion) {
    expect_signed(
        {{"2018-11-09", "Df7WXInUqDiLVtM6BHnb3Au0ws9QhsAeX5Gy9HmCG3M="},
         {"2020-02-10", "qWYP1Jx1IBh/RcunkuX3z/vz8TGIlVoGOJFxMDccXfY="},
         {"2020-12-06", "06tXjH+GpYQX4slOwxuEUYMjHMOTiK2hwcfbNjnoAeI="},
         {"2024-11-04", "24pUgsDcio8u1evnui+UjUdkTkKIflPfxzOQXMulP7Y="},
         {"2025-07-05", "/Q2AUXcnFbMDApo1r2veNYbVvHfQctfqZNuAY6VTit0="},
         {"2026-02-06", "bPXzmaS/dgY8LaUs6WUg0Aavlyh4YiRPk186zNX3i/Q="},
         {"2026-04-06", "jNIo8OLV2lt5gZ3eJNm1/VPLoxGbXwVj6FHqbWj0m0s="}},
        std::string{kFrame} + kDelegationKey + "&sr=b&rsct=video/mp4",
        blob_at({}),
        kUserKey
    );
}

TEST(UserDelegationSasOfTheSdk, ForAnAgentAreVerified) {
    expect_signed(
        {{"2020-02-10", "HmQyVa6BMmDl3oC/eA4YB6GV2h9Go9cPHFz8hj5j8VE="},
         {"2020-12-06", "lABzZZQxJWuXdTnJ1NsM1pWSnSIkOka7e0k5KIrusfk="},
         {"2024-11-04", "yG/KAE4eJQo69cHqSUkqNcrml8m+Wxj5+YTibMZSfhw="},
         {"2025-07-05", "zAYjEeEk7hvN6lsGNi6Eoe+t/GArkViL8pkfb48mj+8="},
         {"2026-02-06", "kWo3xDI1QDN5ztrgCxd8y6TRq27E4929qRMrTgRsUls="},
         {"2026-04-06", "dZIuctsSc9CaG1XB77MASSx9CPd+Nf6+34gRnONxIe4="}},
        std::string{kFrame} + kDelegationKey +
            "&sr=b&saoid=33333333-3333-3333-3333-333333333333&scid=44444444-4444-4444-4444-444444444444",
        blob_at({}),
        kUserKey
    );
}

TEST(UserDelegationSasOfTheSdk, ForOneUserAreVerified) {
    expect_signed(
        {{"2025-07-05", "u0uTaD+x41Hd00EOv0IlQtzMetROR0rnVNT4uIaoics="},
         {"2026-02-06", "9KKG3UBchBEOnUgQEWTh9gto0WXC65twj1SaHy7z3ik="},
         {"2026-04-06", "C5a32h6hLjhP4J7H6/PdQ56MdKvgnS8a74tIqtZnHhY="}},
        std::string{kFrame} + kDelegationKey +
            "&sr=b&sduoid=55555555-5555-5555-5555-555555555555&skdutid=66666666-6666-6666-6666-666666666666",
        blob_at({}),
        kUserKey
    );
}

TEST(AccountSasOfTheSdk, WithAnEncryptionScopeAreVerified) {
    std::string const fields = "&ss=b&srt=sco&sp=rl&se=2030-01-03T03:04:05Z&ses=scope1";
    std::vector<Signed> const rows{
        {"2020-12-06", "BPCcFDCLRC+9K6SRnqHfenHv5RnVlMZ/4+CURZxZkHI="},
        {"2024-11-04", "JYECNVjt4xeyKoGxI/LjIu3LIJDdRDt2joeSTeg6veI="},
        {"2025-07-05", "VmIquoUTz9QMKaf9nZC/SUD3+U3ijqHBnN9shrgpAk0="},
        {"2026-02-06", "XmXga1FpJn9t/eesIVImA8xEKOKu96JuW4d0RhGII3U="},
        {"2026-04-06", "6CBujFQAcQfwgWVm8F3Qt3aRnwpoEeflNgrzW7G+wHo="},
        {"2021-12-02", "zpyjatiU3wPC8Cj2eIxeYRSZjNQo1KD0zKL8oJpvmTc="}};
    for (auto const& row : rows) {
        EXPECT_TRUE(is_signed_by(read(row, fields), blob_at({}), kKey)) << row.version;
        EXPECT_FALSE(is_signed_by(read(row, fields + "x"), blob_at({}), kKey)) << row.version;
    }
}

TEST(SasOfThePythonSdk, AreVerified) {
    std::string const frame = kFrameOfPython;
    auto const of_blob = blob_at({});
    expect_signed(
        {{"2018-11-09", "aU9f9SOH5OEjhBPkmiD8G0Rv+TjSLI6bhg3D4bqKmgU="}}, frame + "&sr=b", of_blob, kKey
    );
    expect_signed(
        {{"2018-11-09", "WJ3XQjlZYMlT6E9Q+3ODJuB2zN5kYt55Oj607FFyOgU="},
         {"2021-12-02", "HtlEQbdOIcXrLZk6i/yG6hqguJlpU4zoGXwT5sXOJ9o="}},
        frame + "&sr=bs",
        blob_at(kMoment),
        kKey
    );
    expect_signed(
        {{"2021-12-02", "rimt8wN90FUhz9LpGA1CaKzrRgY6gRxYGxDlATapo8M="}},
        frame + "&sr=bv",
        blob_at(kMoment),
        kKey
    );
    expect_signed(
        {{"2021-12-02", "s/8kvBL9OsmUCJwQfCWcd9KG4vAjPRqZzr7kxL8aEcc="}}, frame + kScopeOnly, of_blob, kKey
    );
    expect_signed(
        {{"2018-11-09", "593WyjghL6kdmLIf+WeuqEbynbDks7DYb/QmatV8Dnc="}},
        frame + kDelegationKey + "&sr=b",
        of_blob,
        kUserKey
    );
    expect_signed(
        {{"2021-12-02", "vs2XIXFFBJT8qd3h6W+pkiC1QWghIsgyeXZHkzOipOE="}},
        frame + kDelegationKey +
            "&sr=b&rsct=video/mp4&ses=scope1&saoid=33333333-3333-3333-3333-333333333333"
            "&scid=44444444-4444-4444-4444-444444444444",
        of_blob,
        kUserKey
    );
}

TEST(UserDelegationSasOfTheSdk, OfAContainerAreVerified) {
    auto const fields = std::string{"&sr=c&sp=rl&se=2030-01-03T03:04:05Z"} + kDelegationKey;
    auto const sas = read({"2021-12-02", "hW3BrN1Ey6+BbD4syoymQlb/LrepjENmB88r0kuq2jI="}, fields);

    EXPECT_TRUE(is_signed_by(sas, {kAccount, "input", "any"}, kUserKey));
    EXPECT_FALSE(is_signed_by(sas, {kAccount, "other", "any"}, kUserKey));
    EXPECT_FALSE(is_signed_by(sas, {kAccount, "input", "any"}, kKey));
}

TEST(UserDelegationSasOfTheSdk, BindsTheRequestPartsThatItNames) {
    auto const sas = read(
        {"2026-04-06", "QpMG7zmZUoq23b2Q47ZEoms1Rbvw5X6W4raOQYN552A="},
        std::string{kFrame} + kDelegationKey + "&sr=b&srh=x-ms-meta-a,x-ms-client-request-id&srq=timeout"
    );
    auto const is_signed = [&](http::Headers const& headers, char const* timeout) {
        auto subject = blob_at({});
        subject.request_headers = canonical_request_headers(sas.request_headers, headers).value();
        subject.request_parameters =
            canonical_request_parameters(sas.request_parameters, {{"timeout", timeout, timeout}}).value();
        return is_signed_by(sas, subject, kUserKey);
    };
    http::Headers const headers{{"x-ms-client-request-id", "id"}, {"X-Ms-Meta-A", "1"}};

    EXPECT_TRUE(is_signed(headers, "30"));
    EXPECT_FALSE(is_signed(headers, "31"));
    EXPECT_FALSE(is_signed({{"x-ms-client-request-id", "id"}, {"x-ms-meta-a", "2"}}, "30"));
    EXPECT_FALSE(canonical_request_headers(sas.request_headers, {{"x-ms-meta-a", "1"}}));
    EXPECT_FALSE(canonical_request_parameters(sas.request_parameters, {}));
}

TEST(MakeUserDelegationSas, MakesWhatTheSdkMakes) {
    UserDelegationSasOptions options;
    options.account = kAccount;
    options.key = {
        "11111111-1111-1111-1111-111111111111",
        "22222222-2222-2222-2222-222222222222",
        "2030-01-01T00:00:00Z",
        "2030-01-05T00:00:00Z",
        "b",
        "2021-12-02",
        {},
        kUserKey};
    options.container = "input";
    options.permissions = "rl";
    options.expiry = base::parse_iso8601("2030-01-03T03:04:05Z").value();

    EXPECT_NE(
        make_user_delegation_sas(options).find(
            "sig=" + http::percent_encode("hW3BrN1Ey6+BbD4syoymQlb/LrepjENmB88r0kuq2jI=")
        ),
        std::string::npos
    );
}

}  // namespace
}  // namespace bluebatch::azure

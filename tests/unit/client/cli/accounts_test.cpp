#include "client/cli/accounts.hpp"

#include "client/cli/advice.hpp"
#include "tests/support/temporary_directory.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <fstream>
#include <map>

namespace bluebatch::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Given = std::map<std::string, std::string>;

Environment environment_of(Given variables) {
    return [variables = std::move(variables)](std::string const& name) -> std::optional<std::string> {
        auto const found = variables.find(name);
        if (found == variables.end()) return std::nullopt;
        return found->second;
    };
}

base::Result<Accounts> find(Target target, Given variables, Flags flags = {}, ConfigFile config = {}) {
    return find_accounts(
        target, Sources(target, std::move(flags), environment_of(std::move(variables)), std::move(config))
    );
}

Given complete() {
    return {
        {"AZURE_BATCH_ENDPOINT", "mine.westeurope.batch.azure.com/"},
        {"AZURE_BATCH_ACCOUNT", "mine"},
        {"AZURE_BATCH_ACCESS_KEY", "a2V5"},
        {"AZURE_STORAGE_ACCOUNT", "store"},
        {"AZURE_STORAGE_KEY", "c3Rv"},
    };
}

TEST(Accounts, TheEmulatorNeedsNothing) {
    auto const accounts = find(Target::emulator, {});
    ASSERT_TRUE(accounts);
    EXPECT_EQ(accounts->batch.endpoint, "http://127.0.0.1:10003");
    EXPECT_EQ(accounts->batch.name, "devbatchaccount1");
    EXPECT_EQ(accounts->storage.blob_endpoint, "http://127.0.0.1:10000/devstoreaccount1");
    EXPECT_TRUE(accounts->are_emulator_defaults);
    EXPECT_EQ(accounts->batch_source, "emulator default");
}

TEST(Accounts, ACommandNeedsOnlyTheServiceItSpeaksTo) {
    auto variables = complete();
    for (auto const* name : {"AZURE_STORAGE_ACCOUNT", "AZURE_STORAGE_KEY"})
        variables.erase(name);
    Sources const batch_only(Target::azure, {}, environment_of(variables), {});
    EXPECT_FALSE(find_accounts(Target::azure, batch_only));
    EXPECT_FALSE(find_accounts(Target::azure, batch_only, Services::blob));
    auto const accounts = find_accounts(Target::azure, batch_only, Services::batch);
    ASSERT_TRUE(accounts);
    EXPECT_EQ(accounts->storage.blob_endpoint, "");
    EXPECT_EQ(describe(*accounts).size(), 1u);
}

TEST(Accounts, TheEmulatorNeverTakesWhatIsMeantForAzure) {
    auto variables = complete();
    auto const accounts = find(Target::emulator, variables);
    ASSERT_TRUE(accounts);
    EXPECT_EQ(accounts->batch.endpoint, "http://127.0.0.1:10003");
}

TEST(Accounts, AnEndpointThatWasGivenIsNotReplacedByAnEmulatorOfOurs) {
    auto const accounts = find(Target::emulator, {{"BLUEBATCH_BATCH_URL", "127.0.0.1:5000"}});
    ASSERT_TRUE(accounts);
    EXPECT_EQ(accounts->batch.endpoint, "http://127.0.0.1:5000");
    EXPECT_FALSE(accounts->are_emulator_defaults);
}

TEST(Accounts, AnEndpointWithASecretIsRefusedWithoutShowingIt) {
    for (auto const* endpoint :
         {"https://store.blob.core.windows.net/?sig=SECRET", "http://me:SECRET@127.0.0.1:10000/a"}) {
        auto const sas = fmt::format("BlobEndpoint={};SharedAccessSignature=sv=1", endpoint);
        for (auto const& variables : {
                 Given{{"BLUEBATCH_BLOB_URL", endpoint}},
                 Given{{"BLUEBATCH_BATCH_URL", endpoint}},
                 Given{{"BLUEBATCH_CONNECTION_STRING", sas}},
             }) {
            auto const accounts = find(Target::emulator, variables);
            ASSERT_FALSE(accounts) << variables.begin()->first;
            EXPECT_THAT(accounts.error().message, Not(HasSubstr("SECRET")));
            EXPECT_THAT(accounts.error().message, HasSubstr(variables.begin()->first));
        }
    }
}

TEST(Accounts, AnEmptyKeyIsRefusedWithWhatToDo) {
    for (auto const target : {Target::emulator, Target::azure}) {
        for (auto const setting : {Setting::batch_key, Setting::storage_key}) {
            auto const flag = find(target, complete(), {{setting, ""}});
            ASSERT_FALSE(flag);
            EXPECT_THAT(flag.error().message, HasSubstr(names_of(setting).flag));
            EXPECT_THAT(flag.error().message, HasSubstr("is empty. Give the account's key"));
            ConfigFile config;
            config.values.emplace(names_of(setting).config_key, " ");
            auto variables = complete();
            variables.erase("AZURE_BATCH_ACCESS_KEY");
            variables.erase("AZURE_STORAGE_KEY");
            auto const file = find(target, variables, {}, config);
            ASSERT_FALSE(file);
            EXPECT_THAT(file.error().message, HasSubstr("is empty. Give the account's key"));
        }
    }
}

TEST(Accounts, NameAndKeyInOneTextAreTakenApart) {
    for (auto const* text :
         {"films:a2V5", "films:a2V5:c2Vjb25k", " films:a2V5; books:b3RoZXI=", ";films:a2V5:c2Vj;"}) {
        auto const accounts = find(Target::emulator, {{"BLUEBATCH_BATCH_ACCOUNT", text}});
        ASSERT_TRUE(accounts);
        EXPECT_EQ(accounts->batch.name, "films");
        EXPECT_EQ(accounts->batch.key_base64, "a2V5");
        EXPECT_EQ(accounts->batch_source, "environment BLUEBATCH_BATCH_ACCOUNT");
        for (auto const& line : describe(*accounts))
            EXPECT_THAT(line, Not(HasSubstr("a2V5")));
    }
    auto const other = find(
        Target::emulator, {{"BLUEBATCH_BATCH_ACCOUNT", "films:a2V5"}, {"BLUEBATCH_BATCH_KEY", "b3RoZXI="}}
    );
    ASSERT_TRUE(other);
    EXPECT_EQ(other->batch.name, "films");
    EXPECT_EQ(other->batch.key_base64, "b3RoZXI=");
    auto const storage = find(Target::emulator, {}, {{Setting::storage_account, "store:a2V5"}});
    ASSERT_TRUE(storage);
    EXPECT_EQ(storage->storage.name, "store");
    EXPECT_EQ(storage->storage.key_base64, "a2V5");
}

TEST(Accounts, AzureReadsTheEnvironment) {
    auto const accounts = find(Target::azure, complete());
    ASSERT_TRUE(accounts);
    EXPECT_EQ(accounts->batch.endpoint, "https://mine.westeurope.batch.azure.com");
    EXPECT_EQ(accounts->storage.blob_endpoint, "https://store.blob.core.windows.net");
    EXPECT_EQ(accounts->batch_source, "environment AZURE_BATCH_ACCESS_KEY");
    EXPECT_EQ(accounts->storage_source, "environment AZURE_STORAGE_KEY");
}

TEST(Accounts, AzureReadsTheOtherFamilyOfVariables) {
    auto const accounts = find(
        Target::azure,
        {{"AZURE_BATCH_ACCOUNT_URL", "https://mine.westeurope.batch.azure.com"},
         {"AZURE_BATCH_ACCOUNT_NAME", "mine"},
         {"AZURE_BATCH_ACCOUNT_KEY", "a2V5"},
         {"AZURE_STORAGE_ACCOUNT_NAME", "store"},
         {"AZURE_STORAGE_ACCOUNT_KEY", "c3Rv"}}
    );
    ASSERT_TRUE(accounts);
    EXPECT_EQ(accounts->batch.name, "mine");
    EXPECT_EQ(accounts->storage.name, "store");
}

TEST(Accounts, FlagsWinOverTheEnvironmentAndThatOverTheConfigFile) {
    ConfigFile const config{"/c.json", {{"batch_key", "Y29uZmln"}, {"batch_account", "fromconfig"}}};
    auto variables = complete();
    variables.erase("AZURE_BATCH_ACCOUNT");
    auto const accounts = find(Target::azure, variables, {{Setting::batch_key, "ZmxhZw=="}}, config);
    ASSERT_TRUE(accounts);
    EXPECT_EQ(accounts->batch.key_base64, "ZmxhZw==");
    EXPECT_EQ(accounts->batch_source, "flag --batch-key");
    EXPECT_EQ(accounts->batch.name, "fromconfig");

    auto const without_flag = find(Target::azure, variables, {}, config);
    EXPECT_EQ(without_flag->batch_source, "environment AZURE_BATCH_ACCESS_KEY");
    variables.erase("AZURE_BATCH_ACCESS_KEY");
    EXPECT_EQ(find(Target::azure, variables, {}, config)->batch_source, "config file /c.json");
}

TEST(Accounts, AConnectionStringWinsOnItsOwnLevel) {
    auto variables = complete();
    variables["AZURE_STORAGE_CONNECTION_STRING"] = "AccountName=other;AccountKey=a2V5";
    EXPECT_EQ(find(Target::azure, variables)->storage.name, "other");
    auto const flagged = find(Target::azure, variables, {{Setting::storage_account, "byflag"}});
    EXPECT_EQ(flagged->storage.name, "byflag");
}

TEST(Accounts, ACredentialThatIsSaidNearerWinsOverThatOfAConnectionString) {
    auto variables = complete();
    variables["AZURE_STORAGE_CONNECTION_STRING"] = "AccountName=other;AccountKey=a2V5";
    auto const by_key = find(Target::azure, variables, {{Setting::storage_key, "bmVhcmVy"}});
    ASSERT_TRUE(by_key);
    EXPECT_EQ(by_key->storage.key_base64, "bmVhcmVy");
    EXPECT_EQ(by_key->storage_source, "flag --storage-key");
    EXPECT_EQ(by_key->storage.name, "other");
    EXPECT_EQ(by_key->storage.blob_endpoint, "https://other.blob.core.windows.net");
    for (auto const* const way : {"auto", "sas"}) {
        auto const by_sas =
            find(Target::azure, variables, {{Setting::storage_sas, "sig=y"}, {Setting::auth, way}});
        ASSERT_TRUE(by_sas);
        EXPECT_EQ(by_sas->storage.sas + "|" + by_sas->storage.key_base64, "sig=y|");
    }
    EXPECT_EQ(
        find(
            Target::azure, variables, {{Setting::storage_sas, "sig=y"}, {Setting::auth, "key"}}
        )->storage.key_base64,
        "a2V5"
    );
    EXPECT_EQ(find(Target::azure, variables)->storage.key_base64, "a2V5") << "said at the same place";
}

TEST(Accounts, TheAccountIsReadFromTheEndpointWhenNotNamed) {
    auto variables = complete();
    variables.erase("AZURE_BATCH_ACCOUNT");
    EXPECT_EQ(find(Target::azure, variables)->batch.name, "mine");
}

TEST(Accounts, WithoutKeysTokensAreUsed) {
    auto variables = complete();
    variables.erase("AZURE_BATCH_ACCESS_KEY");
    variables.erase("AZURE_STORAGE_KEY");
    EXPECT_EQ(
        find(Target::azure, variables)->batch_source,
        "Microsoft Entra ID, managed identity of this machine or az"
    );
    variables["IDENTITY_ENDPOINT"] = "http://127.0.0.1/msi";
    EXPECT_EQ(
        find(Target::azure, variables)->batch_source,
        "Microsoft Entra ID, managed identity, IDENTITY_ENDPOINT"
    );
    variables["AZURE_TENANT_ID"] = "t";
    variables["AZURE_CLIENT_ID"] = "c";
    variables["AZURE_FEDERATED_TOKEN_FILE"] = "/token";
    EXPECT_EQ(
        find(Target::azure, variables)->storage_source,
        "Microsoft Entra ID, workload identity, AZURE_FEDERATED_TOKEN_FILE"
    );
    variables["AZURE_CLIENT_SECRET"] = "s";
    variables["AZURE_AUTHORITY_HOST"] = "login.example.test/";
    auto const accounts = find(Target::azure, variables);
    ASSERT_TRUE(accounts);
    EXPECT_TRUE(accounts->batch.key_base64.empty());
    EXPECT_EQ(accounts->identity->application.authority_host, "https://login.example.test");
    EXPECT_EQ(accounts->batch_source, "Microsoft Entra ID, client secret, AZURE_CLIENT_ID");
    EXPECT_EQ(accounts->identity->managed.client_id, "c");
}

TEST(Accounts, AWayToSignInThatWasNamedWinsOverKeys) {
    auto variables = complete();
    variables["BLUEBATCH_AUTH"] = "az";
    auto const accounts = find(Target::azure, variables);
    ASSERT_TRUE(accounts);
    EXPECT_EQ(accounts->batch.key_base64 + accounts->storage.key_base64, "");
    EXPECT_EQ(accounts->batch_source, "Microsoft Entra ID, az");
    EXPECT_EQ(accounts->identity->managed.probe, client::Probe::no);
    EXPECT_EQ(find(Target::azure, complete())->identity->managed.probe, client::Probe::yes);
}

TEST(Accounts, AWayToSignInNeedsWhatItSignsWith) {
    auto const complaint = [](Given variables, std::string const& way, Target target = Target::azure) {
        auto const accounts = find(target, std::move(variables), {{Setting::auth, way}});
        return accounts ? std::string() : accounts.error().message;
    };
    auto variables = complete();
    EXPECT_EQ(complaint(variables, "key"), "");
    EXPECT_THAT(complaint(variables, "sas"), HasSubstr("AZURE_STORAGE_SAS_TOKEN"));
    EXPECT_THAT(complaint(variables, "magic"), HasSubstr("auto|key|sas|secret|workload|managed-identity|az"));
    variables.erase("AZURE_STORAGE_KEY");
    EXPECT_THAT(complaint(variables, "key"), HasSubstr("AZURE_STORAGE_KEY"));
    EXPECT_THAT(complaint({}, "az", Target::emulator), HasSubstr("--target azure"));
    variables["AZURE_STORAGE_CONNECTION_STRING"] = "AccountName=other;AccountKey=a2V5";
    EXPECT_THAT(complaint(variables, "sas"), HasSubstr("no SharedAccessSignature"));
    EXPECT_EQ(complaint(variables, "managed-identity"), "");
}

TEST(Accounts, ASignatureIsTakenUnlessThereIsAKeyAtTheSamePlace) {
    auto variables = complete();
    variables["AZURE_STORAGE_SAS_TOKEN"] = "?sv=1&sp=r&sig=x";
    EXPECT_EQ(find(Target::azure, variables)->storage.sas, "");
    EXPECT_EQ(find(Target::azure, variables, {{Setting::auth, "sas"}})->storage.sas, "sv=1&sp=r&sig=x");
    EXPECT_EQ(find(Target::azure, variables, {{Setting::storage_sas, "sig=y"}})->storage.sas, "sig=y");
    variables.erase("AZURE_STORAGE_KEY");
    auto const accounts = find(Target::azure, variables);
    EXPECT_EQ(accounts->storage.sas, "sv=1&sp=r&sig=x");
    EXPECT_EQ(accounts->storage_source, "environment AZURE_STORAGE_SAS_TOKEN");
    EXPECT_EQ(accounts->storage.blob_endpoint, "https://store.blob.core.windows.net");
    variables["AZURE_STORAGE_SAS_TOKEN"] = "sv=1SECRET";
    EXPECT_THAT(find(Target::azure, variables).error().message, HasSubstr("AZURE_STORAGE_SAS_TOKEN"));
    EXPECT_THAT(find(Target::azure, variables).error().message, Not(HasSubstr("SECRET")));
    EXPECT_EQ(find(Target::emulator, {{"BLUEBATCH_STORAGE_SAS", "sig=z"}})->storage.sas, "sig=z");
}

TEST(Accounts, TheCloudIsThatOfTheEndpoints) {
    auto variables = complete();
    variables["AZURE_BATCH_ENDPOINT"] = "https://mine.chinaeast2.batch.chinacloudapi.cn";
    auto const china = find(Target::azure, variables);
    ASSERT_TRUE(china);
    EXPECT_EQ(china->cloud->name, "china");
    EXPECT_EQ(china->storage.blob_endpoint, "https://store.blob.core.chinacloudapi.cn");
    EXPECT_EQ(china->identity->application.authority_host, "https://login.chinacloudapi.cn");
    variables["AZURE_CLOUD"] = "usgov";
    EXPECT_THAT(find(Target::azure, variables).error().message, HasSubstr("of china"));
    variables["AZURE_BATCH_ENDPOINT"] = "https://batch.proxy.test";
    EXPECT_EQ(find(Target::azure, variables)->cloud->name, "usgov");
    EXPECT_EQ(
        find(Target::azure, variables)->storage.blob_endpoint, "https://store.blob.core.usgovcloudapi.net"
    );
    variables["AZURE_CLOUD"] = "mars";
    EXPECT_THAT(find(Target::azure, variables).error().message, HasSubstr("public, china or usgov"));
    variables.erase("AZURE_CLOUD");
    EXPECT_EQ(find(Target::azure, variables)->cloud->name, "public");
    variables["AZURE_STORAGE_CONNECTION_STRING"] =
        "AccountName=a;AccountKey=a2V5;EndpointSuffix=core.usgovcloudapi.net";
    EXPECT_EQ(find(Target::azure, variables)->cloud->name, "usgov");
}

TEST(Accounts, WhatIsMissingIsNamed) {
    auto const remove = [](std::string const& name) {
        auto variables = complete();
        variables.erase(name);
        auto const accounts = find(Target::azure, variables);
        return accounts ? std::string() : accounts.error().message;
    };
    EXPECT_THAT(remove("AZURE_BATCH_ENDPOINT"), HasSubstr("AZURE_BATCH_ENDPOINT"));
    EXPECT_THAT(remove("AZURE_STORAGE_ACCOUNT"), HasSubstr("AZURE_STORAGE_CONNECTION_STRING"));
}

TEST(Accounts, AKeyThatWasCutOffIsNoticedAndNotShown) {
    auto variables = complete();
    variables["AZURE_BATCH_ACCESS_KEY"] = "cutoffsecret!";
    auto const accounts = find(Target::azure, variables);
    ASSERT_FALSE(accounts);
    EXPECT_THAT(accounts.error().message, HasSubstr("AZURE_BATCH_ACCESS_KEY"));
    EXPECT_THAT(accounts.error().message, Not(HasSubstr("cutoffsecret")));
}

TEST(Accounts, TheDescriptionNeverShowsAKey) {
    auto const accounts = find(Target::azure, complete());
    for (auto const& line : describe(*accounts)) {
        EXPECT_THAT(line, Not(HasSubstr("a2V5")));
        EXPECT_THAT(line, Not(HasSubstr("c3Rv")));
        EXPECT_THAT(line, HasSubstr("environment AZURE_"));
    }
}

TEST(Accounts, TheDescriptionSaysWhoNamedTheAccountAndTheEndpoint) {
    auto const accounts = find(
        Target::emulator,
        {{"BLUEBATCH_STORAGE_ACCOUNT", "mine"}},
        {{Setting::batch_endpoint, "127.0.0.1:1"}},
        {"/c.json", {{"blob_endpoint", "http://b/mine"}}}
    );
    ASSERT_TRUE(accounts);
    EXPECT_THAT(
        describe(*accounts),
        ::testing::ElementsAre(
            "Batch account devbatchaccount1 (emulator default) at http://127.0.0.1:1 (flag --batch-url; "
            "credential: emulator default)",
            "Storage account mine (environment BLUEBATCH_STORAGE_ACCOUNT) at http://b/mine (config file "
            "/c.json; credential: emulator default)"
        )
    );
}

TEST(Accounts, TheDescriptionSaysWhatWasConcluded) {
    auto variables = complete();
    variables.erase("AZURE_BATCH_ACCOUNT");
    auto const lines = describe(*find(Target::azure, variables));
    EXPECT_THAT(lines[0], HasSubstr("mine (from the endpoint) at"));
    EXPECT_THAT(lines[1], HasSubstr("windows.net (from the account's name; credential"));
}

TEST(ConfigFile, IsReadForTheTarget) {
    tests::TemporaryDirectory const folder;
    auto const path = folder.path() / "config.json";
    std::ofstream(path) << R"({"azure":{"batch_account":"mine"},"emulator":{"batch_endpoint":"http://e"}})";
    EXPECT_EQ(read_config_file(path, Target::azure, environment_of({}))->values.at("batch_account"), "mine");
    EXPECT_EQ(
        read_config_file(
            {}, Target::emulator, environment_of({{"BLUEBATCH_CONFIG", path}})
        )->values.at("batch_endpoint"),
        "http://e"
    );
}

TEST(ConfigFile, MayBeMissingUnlessNamed) {
    tests::TemporaryDirectory const folder;
    EXPECT_TRUE(read_config_file({}, Target::azure, environment_of({{"HOME", folder.path()}})));
    EXPECT_FALSE(read_config_file(folder.path() / "none", Target::azure, environment_of({})));
}

TEST(ConfigFile, AMistakeIsNamed) {
    tests::TemporaryDirectory const folder;
    auto const path = folder.path() / "config.json";
    std::ofstream(path) << R"({"azure":{"batch_account":5}})";
    auto const config = read_config_file(path, Target::azure, environment_of({}));
    ASSERT_FALSE(config);
    EXPECT_THAT(config.error().message, HasSubstr("batch_account"));
}

TEST(ConfigFile, AnUnknownKeyIsNamedWithTheOneThatWasMeant) {
    tests::TemporaryDirectory const folder;
    auto const path = folder.path() / "config.json";
    auto const complaint = [&path](std::string const& text) {
        std::ofstream(path) << text;
        auto const config = read_config_file(path, Target::azure, environment_of({}));
        return config ? std::string() : config.error().message;
    };
    EXPECT_THAT(
        complaint(R"({"emulator":{"bach_endpoint":"x"}})"), HasSubstr("\"bach_endpoint\" is unknown")
    );
    EXPECT_THAT(complaint(R"({"emulator":{"bach_endpoint":"x"}})"), HasSubstr("mean \"batch_endpoint\"?"));
    EXPECT_THAT(complaint(R"({"azur":{}})"), HasSubstr("\"azur\" is unknown"));
    EXPECT_THAT(complaint(R"({"azure":"mine"})"), HasSubstr("\"azure\" must be an object"));
    EXPECT_EQ(complaint(R"({"azure":{"tenant_id":"t"},"emulator":{"blob_endpoint":"b"}})"), "");
}

client::ApiError transport(http::TransportFault fault) {
    client::ApiError error;
    error.fault = client::Fault::transport;
    error.transport = fault;
    error.message = "host";
    return error;
}

TEST(Explain, SaysWhatToDoNext) {
    auto const accounts = *find(Target::azure, complete());
    auto const text = [&](client::ApiError const& error) {
        return explain(error, "create the pool", ServiceKind::batch, accounts).message;
    };
    EXPECT_THAT(text(transport(http::TransportFault::unresolved_host)), HasSubstr("DNS"));
    EXPECT_THAT(text(transport(http::TransportFault::tls)), HasSubstr("--ca-file"));
    client::ApiError skewed;
    skewed.status = 403;
    skewed.code = "AuthenticationFailed";
    EXPECT_THAT(text(skewed), HasSubstr("environment AZURE_BATCH_ACCESS_KEY"));
    skewed.details = {{"ClockSkewSeconds", "-1800"}};
    EXPECT_THAT(text(skewed), HasSubstr("clock is 30 minutes behind"));
}

TEST(Explain, WhereNothingSignsInAKeyWouldDo) {
    auto variables = complete();
    variables.erase("AZURE_BATCH_ACCESS_KEY");
    auto accounts = *find(Target::azure, variables);
    auto const nothing = client::make_unavailable_error("Nothing.");
    auto const text = explain(nothing, "create the pool", ServiceKind::batch, accounts).message;
    EXPECT_THAT(text, HasSubstr("AZURE_BATCH_ACCESS_KEY"));
    accounts.identity->way = SignIn::az;
    EXPECT_THAT(
        explain(nothing, "create the pool", ServiceKind::batch, accounts).message,
        Not(HasSubstr("ACCESS_KEY"))
    );
}

TEST(ExitStatusOf, FollowsTheKindOfFailure) {
    client::ApiError error;
    error.status = 403;
    EXPECT_EQ(exit_status_of(error), ExitStatus::usage);
    error.status = 500;
    EXPECT_EQ(exit_status_of(error), ExitStatus::unreachable);
    EXPECT_EQ(exit_status_of(transport(http::TransportFault::refused)), ExitStatus::unreachable);
    error.fault = client::Fault::credentials;
    EXPECT_EQ(exit_status_of(error), ExitStatus::usage);
}

}  // namespace
}  // namespace bluebatch::cli

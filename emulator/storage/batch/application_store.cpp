#include "emulator/storage/batch/application_store.hpp"

#include "emulator/storage/batch/record.hpp"

namespace bluebatch::emulator::storage {
namespace {

constexpr std::string_view kSelectApplication =
    "SELECT id, display_name, default_version, allow_updates FROM applications";

domain::Application read_application(Row const& row) {
    domain::Application application;
    application.id = row.text(0);
    application.display_name = row.text(1);
    application.default_version = row.text(2);
    application.allow_updates = row.integer(3) != 0;
    return application;
}

domain::ApplicationPackage read_package(Row const& row) {
    domain::ApplicationPackage package;
    package.sequence = row.integer(0);
    package.version = row.text(1);
    package.size = row.integer(2);
    package.last_modified = record::time(row, 3);
    return package;
}

std::vector<domain::ApplicationPackage> list_packages(Connection& connection, std::string_view id) {
    return connection.all(
        "SELECT sequence, version, size, last_modified FROM application_packages WHERE application_id = ?"
        " ORDER BY version",
        {id},
        read_package
    );
}

}  // namespace

void put_application(Transaction& transaction, domain::Application const& application) {
    transaction.connection().execute(
        "INSERT OR REPLACE INTO applications VALUES (?, ?, ?, ?)",
        {application.id, application.display_name, application.default_version, application.allow_updates}
    );
}

void delete_application(Transaction& transaction, std::string_view id) {
    transaction.connection().execute("DELETE FROM application_packages WHERE application_id = ?", {id});
    transaction.connection().execute("DELETE FROM applications WHERE id = ?", {id});
}

std::optional<domain::Application> find_application(Connection& connection, std::string_view id) {
    static std::string const sql = std::string(kSelectApplication) + " WHERE id = ?";
    auto application = connection.find(sql, {id}, read_application);
    if (application) application->packages = list_packages(connection, id);
    return application;
}

std::vector<domain::Application> list_applications(
    Connection& connection, std::string_view after, int limit
) {
    static std::string const sql = std::string(kSelectApplication) + " WHERE id > ? ORDER BY id LIMIT ?";
    auto applications = connection.all(sql, {after, limit}, read_application);
    for (auto& application : applications)
        application.packages = list_packages(connection, application.id);
    return applications;
}

std::int64_t count_applications(Connection& connection) {
    auto const count = connection.find("SELECT count(*) FROM applications", {}, [](Row const& row) {
        return row.integer(0);
    });
    return count.value_or(0);
}

void put_package(Transaction& transaction, std::string_view id, domain::ApplicationPackage& package) {
    delete_package(transaction, id, package.version);
    transaction.connection().execute(
        "INSERT INTO application_packages (application_id, version, size, last_modified) VALUES (?, ?, ?, ?)",
        {id, package.version, package.size, record::column(package.last_modified)}
    );
    package.sequence = transaction.connection().last_row_id();
}

void delete_package(Transaction& transaction, std::string_view id, std::string_view version) {
    transaction.connection().execute(
        "DELETE FROM application_packages WHERE application_id = ? AND version = ?", {id, version}
    );
}

std::optional<domain::ApplicationPackage> find_package(
    Connection& connection, std::string_view id, std::string_view version
) {
    return connection.find(
        "SELECT p.sequence, p.version, p.size, p.last_modified FROM applications a"
        " JOIN application_packages p ON p.application_id = a.id"
        " WHERE a.id = ?1 AND p.version = iif(?2 = '', a.default_version, ?2) COLLATE NOCASE",
        {id, version},
        read_package
    );
}

}  // namespace bluebatch::emulator::storage

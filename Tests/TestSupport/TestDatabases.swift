import Database
import Foundation

/// Where a test runs: both engines, always. PostgreSQL is a server of our own on a free loopback port.
public enum TestDatabases {
    /// A fresh, empty database on the engine, gone with the test run. With DULY_TEST_ISOLATION=read-committed PostgreSQL runs
    /// everything at that level, to see that the locks of the commands suffice (scale.md, section 3.4), unless the test is about the server's own help.
    public static func fresh(_ engine: Engine, mayRelax: Bool = true) async throws -> any Database {
        switch engine {
        case .sqlite: return try SQLiteDatabase(path: freshFile())
        case .postgres:
            return PostgresDatabase(
                url: try await freshServerDatabase(), connections: 4,
                strictest: mayRelax ? strictest : .serializable)
        }
    }

    /// What PostgreSQL runs serializable transactions at in this test run.
    public static var strictest: Isolation {
        ProcessInfo.processInfo.environment["DULY_TEST_ISOLATION"] == "read-committed" ? .readCommitted : .serializable
    }

    /// Where an SQLite file may be made, in a folder of its own that goes with the test run.
    public static func freshFile() throws -> String {
        try TestFolder.fresh("books").appendingPathComponent("duly.db").path
    }

    /// The URL of a new, empty PostgreSQL database.
    public static func freshServerDatabase() async throws -> String {
        guard let url = ProcessInfo.processInfo.environment["DULY_TEST_POSTGRES"] else { throw NoPostgres() }
        let name = "duly_" + UUID().uuidString.replacingOccurrences(of: "-", with: "").lowercased()
        let server = PostgresDatabase(url: url + "/postgres", connections: 1)
        try await server.outside(
            "CREATE DATABASE \(name) TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")
        return "\(url)/\(name)"
    }

    /// PostgreSQL is not optional: run the tests with ./test, which starts a server of its own.
    public struct NoPostgres: Error, CustomStringConvertible {
        public var description: String {
            "DULY_TEST_POSTGRES is not set; ./test starts a PostgreSQL server and sets it"
        }
    }
}

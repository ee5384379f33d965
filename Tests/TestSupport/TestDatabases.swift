import Database
import Foundation

/// Where a test runs: both engines, always. PostgreSQL is a server of our own on a free loopback port.
public enum TestDatabases {
    /// A fresh, empty database on the engine, gone with the test run.
    public static func fresh(_ engine: Engine) async throws -> any Database {
        switch engine {
        case .sqlite:
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent("duly-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            return try SQLiteDatabase(path: folder.appendingPathComponent("duly.db").path)
        case .postgres:
            guard let url = ProcessInfo.processInfo.environment["DULY_TEST_POSTGRES"] else { throw NoPostgres() }
            let name = "duly_" + UUID().uuidString.replacingOccurrences(of: "-", with: "").lowercased()
            let server = PostgresDatabase(url: url + "/postgres", connections: 1)
            try await server.outside(
                "CREATE DATABASE \(name) TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")
            return PostgresDatabase(url: "\(url)/\(name)", connections: 4)
        }
    }

    /// PostgreSQL is not optional: run the tests with ./test, which starts a server of its own.
    public struct NoPostgres: Error, CustomStringConvertible {
        public var description: String {
            "DULY_TEST_POSTGRES is not set; ./test starts a PostgreSQL server and sets it"
        }
    }
}

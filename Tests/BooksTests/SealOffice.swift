import Database
import Foundation
import Ledger
import Money
import TestOffice
import TestSupport
import Testing

@testable import Books

/// Sealing as the tests of the chain do it.
extension Company {
    func sealer(batchSize: Int = 4_096) -> Sealer {
        let now = self.now
        return Sealer(database, batchSize: batchSize, clock: { now() })
    }

    func head() async throws -> AuditHead { try await database.read { try AuditHead.read(in: $0) } }

    func exported(_ name: String = "chain.jsonl", book: Int64? = nil) async throws -> String {
        let path = folder.appendingPathComponent(name).path
        _ = try await SealExport.write(path, book: book, from: database)
        return path
    }

    /// The lines of all audit records: the permanent records there are.
    func permanentRecords() async throws -> Int64 {
        try await database.read { transaction in
            try transaction.query("SELECT hashes FROM audit_records", []).reduce(0) {
                $0 + Int64(try $1.text(0).split(separator: "\n").count)
            }
        }
    }

    /// What somebody does who has the database's own rights, and no respect for history.
    func force(_ body: @escaping @Sendable (any Transaction) throws -> Void) async throws {
        try await database.transaction { transaction in
            switch transaction.engine {
            case .sqlite:
                for trigger in try transaction.query("SELECT name FROM sqlite_master WHERE type = 'trigger'", []) {
                    try transaction.script("DROP TRIGGER \(try trigger.text(0))")
                }
                try transaction.script("PRAGMA defer_foreign_keys = ON")
            case .postgres: try transaction.script("SET LOCAL session_replication_role = replica")
            }
            try body(transaction)
        }
    }

    /// Takes the whole chain away, and puts every record back into the queue: a forger's clean start.
    func unseal() async throws {
        try await force { transaction in
            for table in ["seals", "sealed_records", "seal_ties", "seal_chains", "unsealed_records"] {
                try transaction.script("DELETE FROM \(table)")
            }
            try transaction.script("INSERT INTO unsealed_records (book, audit) SELECT book, audit FROM audit_records")
        }
    }
}

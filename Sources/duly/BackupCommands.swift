import ArgumentParser
import Books
import Database
import Foundation
import Host

struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a consistent copy of the books, while they are in use. The key file is not in it.")
    @OptionGroup var common: Common
    @Argument(help: "The file to write; it must not exist.") var file: String
    @Flag(help: "Say what would happen, and keep nothing.") var dryRun = false
    func run() async throws {
        guard !FileManager.default.fileExists(atPath: file) else { throw SetUpRefusal.fileExists(file) }
        let database = try await common.open()
        if dryRun {
            if common.json { return print(try Answer.encode(["file": file])) }
            return print("Would write \(file). Nothing was kept.")
        }
        let facts: BackupFacts
        if let embedded = database as? SQLiteDatabase {
            try await embedded.backup(to: file)
            facts = BackupFacts(try SQLiteDatabase.look(at: file) { try AuditHead.read(in: $0) })
        } else {
            facts = try await PostgresTools.dump(common.url, to: file, database)
        }
        try facts.write(beside: file)
        if common.json { return print(try Answer.encode(BackupFacts.Answer(file: file, head: facts.head))) }
        print("Wrote \(file). The key file \(common.keyFile) is not in it; keep a copy of it elsewhere.")
        if !facts.head.isEmpty { print("Its audit chain ends with \(facts.head); \(file).head says so, too.") }
    }
}

struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring books back from a backup, into a place where there are none.")
    @OptionGroup var common: Common
    @Argument(help: "The backup.") var file: String
    @Flag(help: "Look at the backup, say what would happen, and keep nothing.") var dryRun = false
    func run() async throws {
        guard FileManager.default.fileExists(atPath: file) else { throw SetUpRefusal.noBooks(file) }
        guard try await !common.hasBooks() else { throw SetUpRefusal.booksExist(common.url) }
        let promised = try BackupFacts.read(beside: file)
        if common.isPostgres {
            do { try PostgresTools.run("pg_restore", ["--list", "--file=/dev/null", file]) } catch is Outage {
                throw SetUpRefusal.notABackup(file)
            }
            if dryRun { return try wouldRestore() }
            try PostgresTools.run("pg_restore", ["--no-owner", "--exit-on-error", "--dbname=\(common.url)", file])
            // A copy of a file has them already.
            await TableStatistics.renew(PostgresDatabase(url: common.url, connections: 1))
        } else {
            guard (try? SQLiteDatabase.faults(at: file)) == [] else { throw SetUpRefusal.notABackup(file) }
            if dryRun { return try wouldRestore() }
            for leftover in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: common.path + leftover) }
            try FileManager.default.copyItem(atPath: file, toPath: common.path)
        }
        let head = try await compare(promised)
        if common.json { return print(try Answer.encode(["books": common.url, "head": head])) }
        print("Restored \(common.url). Put its key file at \(common.keyFile), then run 'duly verify'.")
        if !head.isEmpty {
            print("Its audit chain ends with \(head)\(promised == nil ? "" : ", as when it was backed up").")
        }
    }

    /// The end of the chain that was restored; it must be the one that was noted beside the backup. Books of an earlier version
    /// have none until they are upgraded.
    private func compare(_ promised: BackupFacts?) async throws -> String {
        let database: any Database =
            common.isPostgres
            ? PostgresDatabase(url: common.url, connections: 1) : try SQLiteDatabase(path: common.path)
        let found = try await Schema.missing(database) == 0 ? try await BackupFacts.of(database) : nil
        guard let promised, let found else { return found?.head ?? "" }
        guard promised == found else { throw SetUpRefusal.otherHead(file, promised: promised.head, found: found.head) }
        return found.head
    }

    private func wouldRestore() throws {
        if common.json { return print(try Answer.encode(["books": common.url])) }
        print("Would restore \(common.url). Nothing was kept.")
    }
}

/// What a backup holds of the audit chain, as it is noted beside it in FILE.head: so that what is restored can be held against it.
struct BackupFacts: Codable, Equatable {
    let batches, records, unsealed: Int64
    let head: String

    struct Answer: Encodable {
        let file, head: String
    }

    static func of(_ database: any Database) async throws -> BackupFacts {
        BackupFacts(try await database.read { try AuditHead.read(in: $0) })
    }
    init(_ head: AuditHead) {
        (batches, records, unsealed, self.head) = (head.batches, head.records, head.unsealed, head.head)
    }

    func write(beside file: String) throws {
        do {
            try Data((try duly.Answer.encode(self) + "\n").utf8).write(
                to: URL(fileURLWithPath: file + ".head"), options: .atomic)
        } catch { throw Outage(message: "\(file).head cannot be written: \(error.localizedDescription)") }
    }
    /// nil where nothing was noted.
    static func read(beside file: String) throws -> BackupFacts? {
        guard let data = FileManager.default.contents(atPath: file + ".head") else { return nil }
        guard let facts = try? JSONDecoder().decode(BackupFacts.self, from: data) else {
            throw SetUpRefusal.notABackup(file + ".head")
        }
        return facts
    }
}

/// PostgreSQL's own programs, which know how to copy a cluster's database.
enum PostgresTools {
    /// Dumps what one snapshot sees, and says where the audit chain ends in that same snapshot.
    static func dump(_ url: String, to file: String, _ database: any Database) async throws -> BackupFacts {
        try await database.read { transaction in
            let snapshot = try transaction.query("SELECT pg_export_snapshot()", [])[0].text(0)
            try run(
                "pg_dump", ["--format=custom", "--no-owner", "--snapshot=\(snapshot)", "--file=\(file)", url])
            return BackupFacts(try AuditHead.read(in: transaction))
        }
    }

    static func run(_ program: String, _ arguments: [String]) throws {
        let process = ChildProcess()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        let error = Pipe()
        process.standardError = error
        try process.run()
        let said = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Outage(message: "\(program): \(said)") }
    }
}

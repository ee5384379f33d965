import ArgumentParser
import Books
import Database
import Foundation
import Ledger

/// `duly verify`: the conservation laws, the records and the audit chain; an exported chain alone, or beside the books.
struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prove the books and their audit chain, and name what is wrong with them.")
    @OptionGroup var common: Common
    @Option(help: "Check this exported chain; without --books (or DULY_BOOKS) it alone, else against the books, too.")
    var offline: String?
    @Option(
        // A root may begin with a dash.
        parsing: .unconditionalSingleValue,
        help: "A root that somebody kept, or the code of one on a statement: the chain must go through it.")
    var head: [String] = []

    private struct Bad: Codable {
        let seller, record, expected, found: String
        let customer: String?
        let document: String?
    }
    private struct Check: Codable {
        let name: String
        let ok: Bool
        let bad: [Bad]
    }
    private struct Seals: Codable {
        let batches, records: Int64
        let head: String
        let unsealed: Int64
    }
    private struct Report: Codable {
        let ok: Bool
        let checks: [Check]
        let seals: Seals
    }

    private var namesBooks: Bool {
        common.books != nil || ProcessInfo.processInfo.environment["DULY_BOOKS"] != nil
    }

    func run() async throws {
        var checks: [VerifiedCheck] = []
        var sellers: [Int64: String] = [:]
        var seals = Seals(batches: 0, records: 0, head: "", unsealed: 0)
        var file: SealFile?
        if let offline {
            let read = try SealFile.read(offline)
            checks = read.checks
            seals = Seals(batches: read.batches, records: read.records, head: read.head, unsealed: 0)
            file = read
        }
        if let file, !namesBooks {
            checks += head.map { file.head($0) }
        } else {
            let (heads, offline, compared) = (head, offline, file)
            let found = try await common.open().read { transaction in
                var checks = try Verification.run(in: transaction)
                if let compared, let offline {
                    checks.append(try SealComparison.check(compared, at: offline, in: transaction))
                }
                for root in heads { checks.append(try Verification.head(root, in: transaction)) }
                return (checks, try AuditHead.read(in: transaction))
            }
            checks += found.0
            sellers = Dictionary(uniqueKeysWithValues: found.1.chains.map { ($0.book, $0.seller) })
            seals = Seals(
                batches: found.1.batches, records: found.1.records, head: found.1.head, unsealed: found.1.unsealed)
        }
        try say(checks, sellers, seals)
    }

    private func say(_ checks: [VerifiedCheck], _ sellers: [Int64: String], _ seals: Seals) throws {
        let ok = checks.allSatisfy { $0.ok }
        if common.json {
            let told = checks.map { check in
                Check(
                    name: check.name, ok: check.ok,
                    bad: check.bad.map {
                        Bad(
                            seller: sellers[$0.book] ?? ($0.book == 0 ? "" : RecordID(number: $0.book).description),
                            record: $0.record, expected: $0.expected, found: $0.found, customer: nil, document: nil)
                    })
            }
            print(try Answer.encode(Report(ok: ok, checks: told, seals: seals)))
        } else {
            for check in checks {
                print("\(check.ok ? "ok " : "BAD")  \(check.name)")
                for bad in check.bad { print("     \(bad.record): expected \(bad.expected), found \(bad.found)") }
            }
            let end = seals.head.isEmpty ? "" : ", the last root \(seals.head)"
            print("\(seals.records) records in \(seals.batches) seals\(end); \(seals.unsealed) wait for one.")
        }
        if !ok { throw ExitCode(1) }
    }
}

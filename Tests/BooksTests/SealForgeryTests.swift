import Database
import Foundation
import Ledger
import Money
import TestOffice
import Testing

@testable import Books

/// Whatever is altered shows, and has a name: in the file that is handed out, and in the books.
@Suite("Forging the chain")
struct SealForgeryTests {
    private static func sealed(_ engine: Engine) async throws -> Company {
        let company = try await TamperingTests.company(engine)
        let other = try await company.found("FR", country: "FR", .eur, account: "FR1420041010050500013M02606")
        try await BooksTests.sell("a", item: 77, minor: 100, company.database, other.book)
        try await company.sealer(batchSize: 6).seal()
        try await BooksTests.sell("b", item: 78, minor: 100, company.database, other.book)
        try await company.sealer(batchSize: 6).seal()
        return company
    }

    @Test("a chain exported twice is the same, and checks with nothing but itself", arguments: Company.engines)
    func twice(engine: Engine) async throws {
        let company = try await Self.sealed(engine)
        let (one, two) = (try await company.exported("1.jsonl"), try await company.exported("2.jsonl"))
        let bytes = try Data(contentsOf: URL(fileURLWithPath: one))
        #expect(bytes == (try Data(contentsOf: URL(fileURLWithPath: two))))
        let (file, head) = (try SealFile.read(one), try await company.head())
        #expect(file.ok, "\(file.checks)")
        #expect(file.records == head.records && file.batches == head.batches && file.head == head.head)
        // Nobody is named in it, and no amount.
        let text = String(decoding: bytes, as: UTF8.self)
        for told in ["Löwe", "C-1", "RE-2026", "202.30", "ines", "SO-1"] { #expect(!text.contains(told), "\(told)") }
        let compared = try await company.database.read { try SealComparison.check(file, at: one, in: $0) }
        #expect(compared.ok, "\(compared)")
    }

    @Test("a byte altered anywhere in the file is found, in its line")
    func bytes() async throws {
        let company = try await Self.sealed(.sqlite)
        let path = try await company.exported()
        let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        let forged = company.folder.appendingPathComponent("forged.jsonl")
        var line = 1
        var kinds: Set<Substring> = []
        for place in whole.indices {
            // Every line begins alike: of its bytes every seventh, and both its ends.
            let isEnd = whole[place] == UInt8(ascii: "\n")
            let isStart = place == 0 || whole[place - 1] == UInt8(ascii: "\n")
            defer { if isEnd { line += 1 } }
            guard isEnd || isStart || place % 7 == 0 else { continue }
            var bytes = whole
            bytes[place] ^= 1
            try Data(bytes).write(to: forged)
            let found = try SealFile.read(forged.path)
            let names = found.checks.flatMap(\.bad).map(\.record)
            #expect(!found.ok, "byte \(place) of line \(line)")
            #expect(names.contains { $0.hasSuffix("(line \(line))") }, "byte \(place) of line \(line): \(names)")
            kinds.formUnion(names.compactMap { $0.split(separator: " ").first })
        }
        #expect(kinds.isSuperset(of: ["event", "entry", "document", "seal", "tie", "a", "first", "the"]), "\(kinds)")
    }

    @Test("a line taken away, doubled or moved is found, also where the file was closed anew")
    func lines() async throws {
        let company = try await Self.sealed(.sqlite)
        let path = try await company.exported()
        let whole = try String(contentsOfFile: path, encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        let forged = company.folder.appendingPathComponent("forged.jsonl")
        func ok(_ lines: [Substring]) throws -> Bool {
            try Data(lines.joined(separator: "\n").utf8).write(to: forged)
            return try SealFile.read(forged.path).ok
        }
        #expect(try ok(whole))
        for place in whole.indices.dropLast() {
            var (gone, doubled, moved) = (whole, whole, whole)
            gone.remove(at: place)
            doubled.insert(whole[place], at: place)
            if place + 2 < whole.count { moved.swapAt(place, place + 1) }
            #expect(try !ok(gone), "without line \(place + 1)")
            #expect(try !ok(doubled), "line \(place + 1) twice")
            if moved != whole { #expect(try !ok(moved), "line \(place + 1) after the next") }
        }
        #expect(try !ok(Array(whole.dropLast(2))))
        #expect(try !ok([]))
        // A forger who reckons the last line anew still cannot take the last seal away: the tie names it.
        let ends = whole.indices.filter { whole[$0].hasPrefix("{\"seal\"") }
        let last = try #require(ends.last)
        let ties = try #require(whole.firstIndex { $0.hasPrefix("{\"tie\"") })
        var cut = Array(whole[..<last] + whole[ties...])
        let body = cut.dropLast(2).map { $0 + "\n" }.joined()
        let records = cut.filter { $0.hasPrefix("{\"record\"") }.count
        cut[cut.count - 2] = "{\"end\":\"\(ends.count - 1) \(records)\",\"sha256\":\"\(Books.hash(body))\"}"
        try Data(cut.joined(separator: "\n").utf8).write(to: forged)
        let found = try SealFile.read(forged.path).checks.flatMap(\.bad)
        #expect(!found.isEmpty && found.allSatisfy { $0.record.hasPrefix("tie ") }, "\(found)")
    }

    @Test(
        "a record removed or altered, and all sealed anew, is found against an earlier head, and named by an earlier file",
        arguments: Company.engines, [true, false])
    func anew(engine: Engine, removed: Bool) async throws {
        let company = try await TamperingTests.company(engine)
        try await company.sealer(batchSize: 6).seal()
        let (head, path) = (try await company.head().head, try await company.exported())
        try await company.order("SO-9 1 C-1 2026-02-05 BOLT 1")
        try await company.sealer().seal()
        #expect(try await company.database.read { try Verification.head(head, in: $0) }.ok)

        // An event that nothing hangs on, with a record of its own: the import of the products.
        let book = company.book
        let event = try await company.database.read { transaction in
            try transaction.query(
                "SELECT command FROM commands WHERE book = $1 AND kind = 'import.products'", [.int(book)])[0].text(0)
        }
        let audit = try await company.database.read { transaction in
            try transaction.query("SELECT audit, hashes FROM audit_records WHERE book = $1", [.int(book)]).first {
                try $0.text(1).hasPrefix("event \(event) ")
            }?.int(0)
        }
        let id = try #require(audit)
        try await company.force { transaction in
            if removed {
                _ = try transaction.execute(
                    "DELETE FROM audit_records WHERE book = $1 AND audit = $2", [.int(book), .int(id)])
                _ = try transaction.execute(
                    "DELETE FROM commands WHERE book = $1 AND command = $2", [.int(book), .text(event)])
            } else {
                _ = try transaction.execute(
                    "UPDATE commands SET actor = 'nobody' WHERE book = $1 AND command = $2", [.int(book), .text(event)])
                let row = try transaction.query(
                    "SELECT kind, fingerprint, day, recorded, outcome FROM commands WHERE book = $1 AND command = $2",
                    [.int(book), .text(event)])[0]
                var bytes = CanonicalBytes("event")
                bytes.append(book)
                for text in [
                    event, try row.text(0), try row.text(1), "nobody", try row.text(2), try row.text(3),
                    try row.text(4),
                ] { bytes.append(text) }
                bytes.append(Int64(0))
                _ = try transaction.execute(
                    "UPDATE audit_records SET hashes = $1 WHERE book = $2 AND audit = $3",
                    [.text("event \(event) \(Books.hash(bytes.bytes))\n"), .int(book), .int(id)])
            }
        }
        // While the old chain stands, it names the batch.
        let faults = try await company.faults()
        #expect(faults.count == 1 + (removed ? 1 : 0), "\(faults)")
        #expect(faults.allSatisfy { $0.hasPrefix("seals: ") }, "\(faults)")
        try await company.unseal()
        try await company.sealer(batchSize: 6).seal()
        #expect(try await company.faults() == [])

        let lost = try await company.database.read { try Verification.head(head, in: $0) }
        #expect(!lost.ok && lost.bad[0].record == "root \(head)")
        let file = try SealFile.read(path)
        #expect(file.ok)
        let compared = try await company.database.read { try SealComparison.check(file, at: path, in: $0) }
        let named = compared.bad.filter { $0.record.hasSuffix("at place 0 of audit \(RecordID(number: id))") }
        #expect(named.count == 1, "\(compared.bad)")
        #expect((named.first?.found == "missing") == removed)
    }

    @Test("a seal that is altered in the books is named", arguments: Company.engines)
    func seals(engine: Engine) async throws {
        let company = try await Self.sealed(engine)
        #expect(try await company.faults().filter { $0.hasPrefix("seal") } == [])
        let book = company.book
        for (forgery, name) in [
            ("UPDATE seals SET records = records + 1 WHERE book = $1 AND batch = 2", "seal 2"),
            ("UPDATE seals SET sealed = replace(sealed, '20', '21') WHERE book = $1 AND batch = 2", "seal 2"),
            ("UPDATE seals SET tree = root WHERE book = $1 AND batch = 2", "seal 2"),
            ("UPDATE seals SET previous = tree WHERE book = $1 AND batch = 2", "seal 2"),
            ("UPDATE seals SET root = tree WHERE book = $1 AND batch = 2", "seal 2"),
            ("DELETE FROM seals WHERE book = $1 AND batch = 2", "seal 2"),
            ("UPDATE seal_chains SET batches = batches + 1 WHERE book = $1", "end of the chain"),
            (
                """
                DELETE FROM sealed_records WHERE book = $1 AND audit IN (
                    SELECT min(audit) FROM sealed_records WHERE book = $1 AND batch = 2)
                """, "seal 2"
            ),
            (
                """
                INSERT INTO unsealed_records (book, audit)
                SELECT book, audit FROM sealed_records WHERE book = $1 AND batch = 2 ORDER BY audit LIMIT 1
                """, "audit "
            ),
        ] {
            let bad = try await TamperingTests.bad(after: [(forgery, [.int(book)])], company)
            #expect(bad.contains { $0.record.hasPrefix(name) }, "\(forgery): \(bad.map(\.record))")
        }
    }
}

import Database
import Dispatch
import Foundation
import Ledger
import Money
import TestOffice
import TestSupport
import Testing

@testable import Books

/// What is recorded is sealed once, in one chain a book, however many write and seal.
@Suite("Seals")
struct SealTests {
    @Test("trees are those of RFC 6962, and every path leads to its root")
    func trees() throws {
        // The leaves and roots of the test vectors of Certificate Transparency, reckoned once more with another program.
        let leaves: [[UInt8]] = [
            [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43], Array(0x50...0x57),
            Array(0x60...0x6F),
        ]
        let roots = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ]
        var tree = MerkleTree()
        for (leaf, root) in zip(leaves, roots) {
            tree.append(SealHash(.leaf, leaf))
            let bytes = stride(from: 0, to: 64, by: 2).map { UInt8(root.dropFirst($0).prefix(2), radix: 16)! }
            #expect(tree.root.text == bytes.withUnsafeBytes { Books.text(of: $0) })
        }
        for count in 1...40 {
            let some = (0..<count).map { SealHash(.leaf, "leaf \($0)") }
            let root = MerkleTree.root(of: some)
            for place in some.indices {
                let path = MerkleTree.path(to: place, of: some[...])
                #expect(MerkleTree.follow(path, from: some[place]) == root)
            }
        }
    }

    @Test("a code is read as people type it, and a hash only as it is written")
    func codes() throws {
        let hash = SealHash(.leaf, "x")
        #expect(hash.code == SealCode.of(hash.text))
        #expect(hash.code.split(separator: "-").map(\.count) == [4, 4, 4, 4])
        #expect(SealCode.read(hash.code.lowercased().replacing("-", with: " ")) == hash.code)
        #expect(SealCode.read("OIL0-0000-0000-0000") == "0110-0000-0000-0000")
        for wrong in ["", "0000-0000-0000", "0000-0000-0000-000U", "0000-0000-0000-00000"] {
            #expect(SealCode.read(wrong) == nil)
        }
        #expect(SealHash(hash.text) == hash)
        // The last character of 43 carries two bits of nothing: only zeros are right.
        let ends = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".filter {
            SealHash(hash.text.dropLast() + String($0)) != nil
        }
        #expect(ends.count == 16)
    }

    @Test("everything is sealed once, and what comes later goes into the next batch", arguments: Company.engines)
    func once(engine: Engine) async throws {
        let company = try await TamperingTests.company(engine)
        let all = try await company.permanentRecords()
        #expect(try await company.head().unsealed == all)
        #expect(try await company.head().head == "")
        let done = try await company.sealer(batchSize: 5).seal()
        #expect(done.records == all && done.batches > 2)
        let head = try await company.head()
        #expect(head.records == all && head.unsealed == 0 && head.batches == Int64(done.batches))
        #expect(try await company.sealer().seal() == Sealer.Done())
        #expect(try await company.head() == head)
        try await company.order("SO-9 1 C-1 2026-02-05 BOLT 1")
        #expect(try await company.head().unsealed == company.permanentRecords() - all)
        #expect(try await company.sealer().seal().batches == 1)
        #expect(try await company.head().head != head.head)
        #expect(try await company.faults() == [])
    }

    @Test(
        "what commits late with an earlier id is sealed in a later batch", .timeLimit(.minutes(10)),
        arguments: [Engine.postgres])
    func late(engine: Engine) async throws {
        let (database, book) = try await BooksTests.founded(engine)
        let sealer = Sealer(database, clock: { BooksTests.noon })
        let began = AsyncStream.makeStream(of: Int64.self)
        let goOn = DispatchSemaphore(value: 0)
        let slow = Task {
            try await database.transaction(isolation: .readCommitted) { transaction in
                let books = try Books(book, in: transaction, clock: BooksTests.noon, chance: 1)
                try books.record([BooksTests.sale("slow", item: 20, minor: 300, in: books)])
                began.continuation.yield(books.mint().number)
                goOn.wait()
            }
        }
        var id: Int64 = 0
        for await one in began.stream {
            id = one
            break
        }
        let later = Instant(micro: BooksTests.noon.micro + 60_000_000)
        try await BooksTests.sell("quick", item: 30, minor: 7, clock: later, database, book)
        #expect(try await sealer.seal().batches == 1)
        goOn.signal()
        try await slow.value
        #expect(try await sealer.seal().batches == 1)
        let audits = try await database.read {
            try $0.query("SELECT batch, audit FROM sealed_records ORDER BY batch", []).map {
                (try $0.int(0), try $0.int(1))
            }
        }
        #expect(audits.map(\.0) == [1, 2])
        #expect(audits[1].1 < audits[0].1 && audits[1].1 < id)
        #expect(try await Self.faults(database) == [])
    }

    @Test("a command commits while a batch is being sealed", .timeLimit(.minutes(10)), arguments: [Engine.postgres])
    func beside(engine: Engine) async throws {
        let (database, book) = try await BooksTests.founded(engine)
        try await BooksTests.sell("first", item: 10, minor: 100, database, book)
        let began = AsyncStream.makeStream(of: Void.self)
        let goOn = DispatchSemaphore(value: 0)
        var sealer = Sealer(database, clock: { BooksTests.noon })
        sealer.beforeCommit = {
            began.continuation.yield()
            goOn.wait()
        }
        let slow = sealer
        let sealing = Task { try await slow.sealBatch(of: book) }
        for await _ in began.stream { break }
        // Would it wait for the sealer, it would wait for ever: the sealer goes on after it.
        try await BooksTests.sell("second", item: 11, minor: 200, database, book)
        let during = try await database.read { try $0.query("SELECT count(*) FROM seals", [])[0].int(0) }
        #expect(during == 0)
        goOn.signal()
        let seal = try await sealing.value
        #expect(seal?.batch == 1)
        #expect(try await database.read { try AuditHead.read(in: $0) }.unsealed > 0)
        #expect(try await Self.faults(database) == [])
    }

    @Test("four sealers at once, while four write, seal everything once and in one chain", arguments: Company.engines)
    func atOnce(engine: Engine) async throws {
        let (database, book) = try await BooksTests.founded(engine)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask {
                    for turn in 0..<12 {
                        // Clocks that disagree: ids come in another order than commits.
                        let clock = Instant(
                            micro: BooksTests.noon.micro + Int64((writer * 7 + turn * 5) % 11) * 1_000_000)
                        try await BooksTests.sell(
                            "w\(writer)-\(turn)", item: Int64(1_000 + writer * 100 + turn), minor: 100, clock: clock,
                            database, book)
                    }
                }
                group.addTask {
                    let sealer = Sealer(database, batchSize: 5, clock: { BooksTests.noon })
                    for _ in 0..<12 { try await sealer.seal() }
                }
            }
            try await group.waitForAll()
        }
        try await Sealer(database, batchSize: 5, clock: { BooksTests.noon }).seal()
        let head = try await database.read { try AuditHead.read(in: $0) }
        // An event and an entry for each sale.
        #expect(head.records == 96 && head.unsealed == 0)
        #expect(try await Self.faults(database) == [])
        let batches = try await database.read {
            try $0.query("SELECT batch FROM seals ORDER BY batch", []).map { try $0.int(0) }
        }
        #expect(batches == Array(1...head.batches))
    }

    @Test("what is neither sealed nor waiting is named, gathered and sealed", arguments: Company.engines)
    func gathers(engine: Engine) async throws {
        let company = try await TamperingTests.company(engine)
        try await company.force { try $0.script("DELETE FROM unsealed_records") }
        let lost = try await company.faults()
        #expect(lost.count > 3 && lost.allSatisfy { $0.hasPrefix("sealed-or-waiting: audit ") })
        #expect(try await company.sealer().seal() == Sealer.Done())
        #expect(try await company.sealer().gather() == lost.count)
        #expect(try await company.sealer().gather() == 0)
        #expect(try await company.sealer().seal().records == company.permanentRecords())
        #expect(try await company.faults() == [])
    }

    @Test("the chains of several sellers are tied under one root", arguments: Company.engines)
    func ties(engine: Engine) async throws {
        let company = try await TamperingTests.company(engine)
        try await company.sealer().seal()
        let alone = try await company.head().head
        let french = try await company.found("FR", country: "FR", .eur, account: "FR1420041010050500013M02606")
        try await BooksTests.sell("a", item: 77, minor: 100, company.database, french.book)
        try await company.sealer().seal()
        let tied = try await company.head()
        #expect(tied.chains.filter { !$0.root.isEmpty }.count == 2)
        #expect(!tied.tie.isEmpty && tied.head == tied.tie && tied.head != alone)
        #expect(try await company.sealer().seal() == Sealer.Done())
        #expect(try await company.head() == tied)
        #expect(try await Self.faults(company.database) == [])
        for root in [alone, tied.tie, SealCode.of(tied.tie)] + tied.chains.map(\.root) {
            #expect(try await company.database.read { try Verification.head(root, in: $0) }.ok)
        }
        let file = try SealFile.read(try await company.exported())
        #expect(file.ok && file.head == tied.head && file.records == tied.records)
        // One seller's chain alone tells nothing of the other's.
        let one = try await company.exported("one.jsonl", book: french.book)
        #expect(try SealFile.read(one).head == tied.chains.first { $0.book == french.book }?.root)
        #expect(try !String(contentsOfFile: one, encoding: .utf8).contains(RecordID(number: company.book).description))
        try await company.force { try $0.script("UPDATE seal_ties SET heads = replace(heads, ' 1 ', ' 2 ')") }
        #expect(try await Self.faults(company.database).contains { $0.hasPrefix("seals: tie 1") })
    }

    static func faults(_ database: any Database) async throws -> [String] {
        // Sales without documents break other laws; here it is the chain that counts.
        try await database.read { try Verification.run(in: $0) }
            .filter { ["hashes", "seals", "sealed-or-waiting"].contains($0.name) }
            .flatMap { check in
                check.bad.map { "\(check.name): \($0.record) expected \($0.expected), found \($0.found)" }
            }
    }
}

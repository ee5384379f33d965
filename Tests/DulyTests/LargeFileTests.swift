import Database
import Foundation
import TestSupport
import Testing

/// `./test --long`: files of the size of a large company's year, through the release program, with the totals that whoever made
/// them knows.
@Suite(
    "Files of a million rows and of two gigabytes", .serialized,
    .enabled(if: ProcessInfo.processInfo.environment["DULY_LONG"] == "1"))
struct LargeFileTests {
    @Test("a million order rows are imported in less than a gigabyte", arguments: [Engine.sqlite, .postgres])
    func orders(engine: Engine) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("duly-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let books =
            switch engine {
            case .sqlite: folder.appendingPathComponent("duly.db").path
            case .postgres: try await TestDatabases.freshServerDatabase()
            }
        let settings = ["DULY_BOOKS": books, "DULY_KEY_FILE": folder.appendingPathComponent("key").path]
        func duly(_ words: String...) throws -> FedProgram {
            let done = try FedProgram.run(words, in: folder, environment: settings)
            #expect(done.status == 0, "\(words.prefix(2)): \(done.error)")
            return done
        }
        _ = try duly("init", "--seller", "Großhandel GmbH", "--country", "DE", "--currency", "EUR")
        let goods = OrderFile(customers: 200, products: 50, rows: 1_000_000)
        try goods.write(to: folder)
        _ = try duly("import", "customers", "customers.csv", "--today", "2025-01-01")
        _ = try duly("import", "products", "products.csv", "--today", "2025-01-01")
        let imported = try duly("import", "orders", "orders.csv", "--today", "2026-01-31", "--json")
        #expect(imported.out.contains("\"added\":1000000"), "\(imported.out.prefix(1000))")
        #expect(imported.peakMiB > 20 && imported.peakMiB < 1024, "\(imported.peakMiB) MiB")
        print("import of 1,000,000 order rows, \(engine): \(Int(imported.seconds)) s, \(imported.peakMiB) MiB")

        let database: any Database = try engine == .sqlite ? SQLiteDatabase(path: books) : PostgresDatabase(url: books)
        let found = try await database.read { transaction in
            var sums: [String: [Int64]] = [:]
            try transaction.rows(
                """
                SELECT c.number, count(*), CAST(sum(h.quantity) AS BIGINT), CAST(sum(h.unit_price) AS BIGINT)
                FROM charges h
                JOIN customers c ON c.book = h.book AND c.customer = h.customer
                GROUP BY c.number
                """, []
            ) { row in sums[try row.text(0)] = [try row.int(1), try row.int(2), try row.int(3)] }
            return sums
        }
        #expect(found == goods.sums())
    }

    @Test("a bank file of two gigabytes is read from a pipe in flat memory, and adds up")
    func bank() throws {
        let small = try Self.read(StatementStream(statements: 1, blocksEach: 40))
        let large = try Self.read(StatementStream(statements: 20, blocksEach: 260))
        #expect(large.done.fed > 2_000_000_000)
        #expect(large.done.peakMiB <= small.done.peakMiB + 16, "\(small.done.peakMiB), then \(large.done.peakMiB) MiB")
        print("bank file of 2 GB: \(Int(large.done.seconds)) s, \(large.done.peakMiB) MiB")
    }

    /// Reads it, and compares every entry's line of the answer, and what is said of each statement, with what the stream holds.
    private static func read(_ stream: StatementStream) throws -> (done: FedProgram, lines: LineSums) {
        let lines = LineSums()
        let done = try FedProgram.run(
            ["bank", "read", "/dev/stdin"], each: { lines.take($0) }, pieces: { stream.next() })
        #expect(done.status == 0, "\(done.error)")
        #expect(lines.entries == stream.entries)
        #expect(lines.cents == stream.cents)
        #expect(lines.closings == stream.closings)
        return (done, lines)
    }
}

/// Order rows that a formula makes, so that whoever reads them can be held to their sums.
private struct OrderFile {
    let customers: Int
    let products: Int
    let rows: Int

    private func quantity(_ row: Int) -> Int { 1 + row * 7 % 40 }
    /// Cents.
    private func price(_ row: Int) -> Int { 100 + row * 7919 % 90_000 }
    private func customer(_ row: Int) -> Int { row / 4 * 31 % customers }

    func write(to folder: URL) throws {
        var text = "customer_id,name,country,currency\n"
        for number in 0..<customers { text += "K\(1000 + number),Kunde \(number),DE,EUR\n" }
        try Data(text.utf8).write(to: folder.appendingPathComponent("customers.csv"))
        text = "sku,name_de,unit,tax_category\n"
        for number in 0..<products { text += "P\(100 + number),Ware \(number),C62,S\n" }
        try Data(text.utf8).write(to: folder.appendingPathComponent("products.csv"))
        let file = folder.appendingPathComponent("orders.csv")
        try Data().write(to: file)
        let handle = try FileHandle(forWritingTo: file)
        text = "order_id,line_no,customer_id,currency,order_date,sku,quantity,unit_price\n"
        for row in 0..<rows {
            let cents = price(row)
            let rest = cents % 100
            text +=
                "SO-\(row / 4),\(row % 4 + 1),K\(1000 + customer(row)),EUR,2025-\(row % 2 == 0 ? "03" : "11")-1\(row / 4 % 10),"
            text += "P\(100 + row % products),\(quantity(row)),\(cents / 100).\(rest < 10 ? "0" : "")\(rest)\n"
            if row % 10_000 == 9_999 {
                try handle.write(contentsOf: Data(text.utf8))
                text = ""
            }
        }
        try handle.write(contentsOf: Data(text.utf8))
        try handle.close()
    }

    /// Of each customer: rows, quantities ×10^6, prices ×10^10.
    func sums() -> [String: [Int64]] {
        var sums: [String: [Int64]] = [:]
        for row in 0..<rows {
            let add = [1, Int64(quantity(row)) * 1_000_000, Int64(price(row)) * 100_000_000]
            sums["K\(1000 + customer(row))", default: [0, 0, 0]] = zip(
                sums["K\(1000 + customer(row))"] ?? [0, 0, 0], add
            ).map(+)
        }
        return sums
    }
}

/// A camt.053 made while it is read: some statements, each of so many blocks of a thousand entries. Asked by one thread.
private final class StatementStream: @unchecked Sendable {
    private static let perBlock = 1_000
    private let statements: Int
    private let blocksEach: Int
    private let block: [UInt8]
    private let blockCents: Int
    private var statement = 0
    private var place = -1

    init(statements: Int, blocksEach: Int) {
        self.statements = statements
        self.blocksEach = blocksEach
        var text = ""
        var sum = 0
        for number in 0..<Self.perBlock {
            let cents = 100 + number * 7919 % 500_000
            let isDebit = number % 5 == 0
            sum += isDebit ? -cents : cents
            text += Self.entry(number, Self.decimal(cents), isDebit)
        }
        block = Array(text.utf8)
        blockCents = sum
    }

    var entries: Int { statements * blocksEach * Self.perBlock }
    var cents: Int { statements * blocksEach * blockCents }
    /// What is said of each statement.
    var closings: [String] {
        (1...statements).map {
            "  \(blocksEach * Self.perBlock) entries, closing \(Self.decimal($0 * blocksEach * blockCents)) EUR"
        }
    }

    func next() -> [UInt8]? {
        defer { place += 1 }
        if place < 0 {
            return Array(
                """
                <?xml version="1.0" encoding="UTF-8"?>
                <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>M</MsgId></GrpHdr>
                """.utf8)
        }
        let parts = blocksEach + 2
        statement = place / parts
        guard statement < statements else {
            return statement == statements && place % parts == 0 ? Array("</BkToCstmrStmt></Document>\n".utf8) : nil
        }
        switch place % parts {
        case 0:
            let opening = Self.decimal(statement * blocksEach * blockCents)
            let closing = Self.decimal((statement + 1) * blocksEach * blockCents)
            return Array(
                ("<Stmt><Id>S\(statement)</Id><Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy></Acct>"
                    + Self.balance("OPBD", opening) + Self.balance("CLBD", closing)).utf8)
        case parts - 1: return Array("</Stmt>".utf8)
        default: return block
        }
    }

    private static func decimal(_ cents: Int) -> String {
        let rest = cents % 100
        return "\(cents / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
    private static func balance(_ type: String, _ amount: String) -> String {
        "<Bal><Tp><CdOrPrtry><Cd>\(type)</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">\(amount)</Amt><CdtDbtInd>CRDT</CdtDbtInd>"
            + "<Dt><Dt>2026-01-31</Dt></Dt></Bal>"
    }
    private static func entry(_ number: Int, _ amount: String, _ isDebit: Bool) -> String {
        let party = isDebit ? "Cdtr" : "Dbtr"
        return """
            <Ntry><NtryRef>N\(number)</NtryRef><Amt Ccy="EUR">\(amount)</Amt><CdtDbtInd>\(isDebit ? "DBIT" : "CRDT")</CdtDbtInd>\
            <Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-01-31</Dt></BookgDt><ValDt><Dt>2026-01-31</Dt></ValDt>\
            <AcctSvcrRef>R\(number)</AcctSvcrRef><NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>\
            <RltdPties><\(party)><Nm>Käufer \(number)</Nm></\(party)></RltdPties>\
            <RmtInf><Ustrd>Rechnung \(number)</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>

            """
    }
}

/// Adds up the lines of an answer as they come. Told by one thread, asked after it has ended.
private final class LineSums: @unchecked Sendable {
    private(set) var entries = 0
    private(set) var cents = 0
    private(set) var closings: [String] = []
    private var rest: [UInt8] = []

    func take(_ piece: [UInt8]) {
        var from = 0
        for (index, byte) in piece.enumerated() where byte == 10 {
            if rest.isEmpty {
                line(piece[from..<index])
            } else {
                line((rest + piece[from..<index])[...])
                rest = []
            }
            from = index + 1
        }
        rest += piece[from...]
    }

    /// `  2026-01-31  1234.50 EUR  …`, `  4711 entries, closing …`, or a statement's heading.
    private func line(_ bytes: ArraySlice<UInt8>) {
        guard bytes.starts(with: [32, 32]) else { return }
        let start = bytes.startIndex
        guard bytes.count > 14, bytes[start + 6] == UInt8(ascii: "-"), bytes[start + 9] == UInt8(ascii: "-") else {
            closings.append(String(decoding: bytes, as: UTF8.self))
            return
        }
        var (value, isNegative) = (0, false)
        for byte in bytes[(start + 14)...] {
            if byte == 32 { break }
            if byte == UInt8(ascii: "-") { isNegative = true }
            if (48...57).contains(byte) { value = value * 10 + Int(byte - 48) }
        }
        entries += 1
        cents += isNegative ? -value : value
    }
}

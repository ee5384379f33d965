import Database
import Demo
import Foundation
import Host
import Money
import TestOffice
import TestSupport
import Testing

/// `duly demo`, run as a person runs it, and its books held against the answers that the generator worked out by itself.
@Suite("The example company's books")
struct DemoBooksTests {
    private struct Document: Hashable {
        let number, order, customer, day, dueDay, reference: String
        let net, tax: Int64
    }

    @Test(
        "hold the documents and nothing but true allocations, on both engines", arguments: [Engine.sqlite, .postgres])
    func agreeWithTheAnswers(engine: Engine) async throws {
        let last = Day("2026-04-10")!
        let company = DemoCompany(seed: 11, customers: 25, orders: 240, days: DemoCompany.year(endingOn: last))
        let url = try await engine == .sqlite ? TestDatabases.freshFile() : TestDatabases.freshServerDatabase()
        let arguments = ["demo", "--books", url, "--seed", "11", "--customers", "25", "--orders", "240", "--json"]
        let key = try TestDatabases.freshFile() + ".key"
        let told = try duly(arguments, today: last, key: key)
        #expect(told.status == 0)
        #expect(told.out.contains("\"documents\":\(company.invoices.count),"), "\(told.out)")
        let database: any Database =
            engine == .sqlite ? try SQLiteDatabase(path: url) : PostgresDatabase(url: url, connections: 1)
        try await compareDocuments(company, database)
        try await compareAllocations(company, database)
        let again = try duly(arguments, today: last, key: key)
        #expect(again.status == 1 && again.out.contains("demo.books-exist"), "\(again.out)")
        #expect(try duly(["verify", "--books", url], today: last, key: key).status == 0)
    }

    /// Runs the program with a key file of its own; what it says while it works is not kept.
    private func duly(_ arguments: [String], today: Day, key: String) throws -> (status: Int32, out: String) {
        let process = ChildProcess()
        process.executableURL = Program.url
        process.arguments = arguments + ["--today", today.description]
        process.environment = ProcessInfo.processInfo.environment.merging(["DULY_KEY_FILE": key]) { $1 }
        let out = Pipe()
        process.standardOutput = out
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }

    private func compareDocuments(_ company: DemoCompany, _ database: any Database) async throws {
        let booked = try await database.read { transaction in
            Set(
                try transaction.query(
                    """
                    SELECT d.number, d.order_id, c.number, d.issue_day, d.due_day, d.reference, d.net, d.tax
                    FROM documents d JOIN customers c ON c.book = d.book AND c.customer = d.customer
                    """, []
                ).map {
                    Document(
                        number: try $0.text(0), order: try $0.text(1), customer: try $0.text(2), day: try $0.text(3),
                        dueDay: try $0.text(4), reference: try $0.text(5), net: try $0.int(6), tax: try $0.int(7))
                })
        }
        let expected = Set(
            company.invoices.map {
                Document(
                    number: $0.number, order: $0.orderID, customer: $0.customer, day: $0.day.description,
                    dueDay: $0.dueDay.description, reference: $0.reference, net: $0.net.minor, tax: $0.tax.minor)
            })
        #expect(booked.subtracting(expected).isEmpty)
        #expect(expected.subtracting(booked).isEmpty)
    }

    /// What was booked by itself is true, and it is nearly everything.
    private func compareAllocations(_ company: DemoCompany, _ database: any Database) async throws {
        let links = try await database.read { transaction in
            Set(
                try transaction.query(
                    """
                    SELECT r.payment_id, d.number FROM allocations a
                    JOIN receipts r ON r.book = a.book AND r.receipt = a.receipt
                    JOIN documents d ON d.book = a.book AND d.document = a.document
                    """, []
                ).map { "\(try $0.text(0)) \(try $0.text(1))" })
        }
        let truth = Set(company.allocations.map { "\($0.payment) \($0.invoice)" })
        #expect(links.subtracting(truth).isEmpty)
        #expect(links.count * 100 >= truth.count * 90, "\(links.count) of \(truth.count)")
    }
}

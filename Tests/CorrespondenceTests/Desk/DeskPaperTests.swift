import Books
import Correspondence
import CorrespondenceDesk
import Database
import Foundation
import Host
import Ledger
import Money
import Testing

@Suite("Papers from the books")
struct DeskPaperTests {
    private static let day = Day("2026-10-05")!

    private static func text(_ pdf: [UInt8]) throws -> String {
        // No-break spaces keep amounts together on paper.
        try PDFTools.pages(of: pdf).joined(separator: "\n").replacingOccurrences(of: "\u{A0}", with: " ")
    }
    private static func read(_ folder: String, _ file: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder).appendingPathComponent(file)))
    }
    private static func lines(_ folder: String, _ file: String) throws -> [String] {
        String(decoding: try read(folder, file), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test(
        "an invoice states what was stored, to the version of the address it was issued to",
        arguments: PostOffice.engines)
    func invoice(engine: Engine) async throws {
        let office = try await PostOffice.open(engine)
        let document = try await office.work { clerk in
            let customer = try clerk.customer("C-1", "Hafenwerk GmbH", mail: [])
            return try clerk.document("RE-000001", customer, net: 10_000, issued: Self.day, due: Self.day + 30)
        }
        let first = try #require(try await office.desk.paper(document, book: office.book)).pdf()
        let text = try Self.text(first)
        for part in [
            "RE-000001", "Hafenwerk GmbH", "Werftstraße 1", "28195 Bremen", "100,00", "19,00", "119,00", "Leuchte Möwe",
            "PO 4711", "DE136695976", "04.11.2026", "DE02 1203 0000 0000 2020 51", "1 Stk.",
        ] { #expect(text.replacingOccurrences(of: "  ", with: " ").contains(part), "\(part)") }

        // Neither a payment nor a new address changes what was issued.
        try await office.work { clerk in
            let customer = RecordID(
                number: try clerk.books.transaction.query("SELECT customer FROM customers", [])[0].int(0))
            clerk.payment(5_000, by: customer, on: Self.day + 2, to: [(document, 5_000)])
            let details = clerk.books.mint()
            try clerk.details(of: customer, as: details, "Hafenwerk Nord GmbH")
            _ = try clerk.books.transaction.execute(
                "UPDATE customers SET details = $1 WHERE customer = $2",
                [.int(details.number), .int(customer.number)])
        }
        #expect(try #require(try await office.desk.paper(document, book: office.book)).pdf() == first)
    }

    @Test("a credit note is stated in positive figures and asks for nothing", arguments: PostOffice.engines)
    func creditNote(engine: Engine) async throws {
        let office = try await PostOffice.open(engine)
        let credit = try await office.work { clerk in
            let customer = try clerk.customer("C-1", "Northwind Ltd", mail: [], language: "en", country: "GB")
            let invoice = try clerk.document("RE-1", customer, net: 10_000, issued: Self.day, due: Self.day + 30)
            return try clerk.document(
                "RE-2", customer, net: -2_000, issued: Self.day + 3, due: Self.day + 3, corrects: invoice)
        }
        let text = try Self.text(try #require(try await office.desk.paper(credit, book: office.book)).pdf())
        #expect(text.contains("23.80") && !text.contains("-23.80") && !text.contains("−23.80"))
        #expect(text.contains("RE-1") && text.contains("UNITED KINGDOM") && text.contains("GERMANY"))
        for asked in ["Please pay", "banking app", "Due"] { #expect(!text.contains(asked), "\(asked)") }
    }

    @Test("an export writes a file for each document, a manifest, and the same bytes each time")
    func export() async throws {
        let office = try await PostOffice.open(.sqlite)
        try await office.work { clerk in
            let customer = try clerk.customer("C,1", "Hafenwerk GmbH", mail: [])
            for number in ["RE/1 ä", "RE_1__", "2026-3"] {
                try clerk.document(number, customer, net: 10_000, issued: Self.day, due: Self.day + 30)
            }
        }
        let (one, two) = (PostOffice.folder(), PostOffice.folder())
        let outcome = try await office.desk.export(.all, book: office.book, to: one)
        #expect(outcome.left.isEmpty)
        #expect(outcome.files.map(\.invoiceNo) == ["2026-3", "RE/1 ä", "RE_1__"])
        #expect(outcome.files[0].file == "2026-3.pdf" && outcome.files[1].file == "RE_1__.pdf")
        #expect(Set(outcome.files.map(\.file)).count == 3)
        let manifest = try Self.lines(one, "manifest.csv")
        #expect(manifest[0] == "file,invoice_no,customer_id,sha256")
        #expect(manifest[1] == "2026-3.pdf,2026-3,\"C,1\",\(outcome.files[0].sha256)")
        let file = URL(fileURLWithPath: one).appendingPathComponent("2026-3.pdf").path
        let process = ChildProcess()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["sha256sum", file]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let sum = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        #expect(sum.hasPrefix(outcome.files[0].sha256 + " "))
        #expect(try await office.desk.export(.all, book: office.book, to: two) == outcome)
        await #expect(throws: CorrespondenceRefusal.noSuchDocument("RE-9")) {
            try await office.desk.export(.numbers(["2026-3", "RE-9"]), book: office.book, to: two)
        }
        for folder in [one, two] { try FileManager.default.removeItem(atPath: folder) }
    }

    @Test(
        "names of files keep letters, digits and . _ -",
        arguments: [
            ("RE-2026.000_1", "RE-2026.000_1"), ("RE/2026 ü", "RE_2026__"), ("../x", "_._x"), ("", "_"),
        ])
    func names(number: String, file: String) { #expect(PaperFiles.name(number) == file) }

    @Test("a statement counts what was dated by its day and known at its instant", arguments: PostOffice.engines)
    func statements(engine: Engine) async throws {
        let office = try await PostOffice.open(engine)
        let documents = try await office.work { clerk in
            let one = try clerk.customer("C-1", "Hafenwerk GmbH", mail: [])
            let two = try clerk.customer("C/2", "Brouwer BV", mail: [], language: "en", country: "NL")
            let first = try clerk.document("RE-1", one, net: 10_000, issued: Self.day, due: Self.day + 10)
            let second = try clerk.document("RE-2", two, net: 1_000, issued: Self.day, due: Self.day + 10)
            try clerk.document(
                "RE-3", two, net: 2_000, issued: Self.day + 1, due: Self.day + 11, currency: .usd)
            return [one, first, two, second]
        }
        let before = try await office.known()
        // Recorded later: of C-1 a payment with something left over, and one of the next month.
        try await office.work { clerk in
            clerk.payment(8_000, by: documents[0], on: Self.day + 5, to: [(documents[1], 7_000)])
            clerk.payment(1_190, by: documents[2], on: Self.day + 40, to: [(documents[3], 1_190)])
        }
        let after = try await office.known()
        func sheets(_ customer: String, _ day: Day, _ known: Instant) async throws -> [String] {
            try await office.desk.statements(of: customer, asOf: day, knownAt: known, book: office.book).map {
                "\($0.currency) \($0.total) \($0.unallocated) \($0.net) \($0.dueNow)"
            }
        }
        let end = Self.day + 26
        #expect(try await sheets("C-1", end, before) == ["EUR 119.00 0.00 119.00 119.00"])
        #expect(try await sheets("C-1", end, after) == ["EUR 49.00 -10.00 39.00 39.00"])
        #expect(try await sheets("C-1", Self.day + 4, after) == ["EUR 119.00 0.00 119.00 0.00"])
        #expect(try await sheets("C-1", Self.day - 1, after) == [])
        #expect(
            try await sheets("C/2", end, after) == ["EUR 11.90 0.00 11.90 11.90", "USD 23.80 0.00 23.80 23.80"])
        #expect(try await sheets("C/2", Self.day + 40, after) == ["USD 23.80 0.00 23.80 23.80"])

        let (one, two) = (PostOffice.folder(), PostOffice.folder())
        let run = StatementRun(asOf: end, knownAt: after)
        let outcome = try await office.desk.run(run, books: [office.book], to: one)
        #expect(
            try Self.lines(one, "index.csv").map { line in
                let fields = line.split(separator: ",")
                return [0, 1, 2, 5, 3].map { fields[$0] }.joined(separator: ",")
            } == [
                "customer_id,currency,total,net,file", "C-1,EUR,49.00,39.00,DE/C-1_2026-10-31_open-item.pdf",
                "C/2,EUR,11.90,11.90,DE/C_2_2026-10-31_open-item.pdf",
                "C/2,USD,23.80,23.80,DE/C_2_2026-10-31_open-item_USD.pdf",
            ])
        let text = try Self.text(try Self.read(one, outcome.statements[0].file))
        for part in ["39,00", "RE-1", "31.10.2026", "Hafenwerk GmbH"] { #expect(text.contains(part), "\(part)") }
        // Later facts of later days change nothing: the same bytes, even known at another instant.
        try await office.work { clerk in
            try clerk.document("RE-9", documents[0], net: 500, issued: end + 1, due: end + 9)
        }
        let again = try await office.desk.run(
            StatementRun(asOf: end, knownAt: try await office.known()), books: [office.book], to: two)
        #expect(again.statements == outcome.statements)
        for file in ["index.csv", "DE/C-1_2026-10-31_open-item.json", "DE/C_2_2026-10-31_open-item_USD.pdf"] {
            #expect(try Self.read(one, file) == Self.read(two, file), "\(file)")
        }
        try await issued(office, end, after)
        for folder in [one, two] { try FileManager.default.removeItem(atPath: folder) }
    }

    /// Whoever issues them first gives them their code; it stands on the paper, and nobody gives them another.
    private func issued(_ office: PostOffice, _ end: Day, _ known: Instant) async throws {
        var papers: [[[UInt8]]] = []
        for clerk in ["ines", "otto"] {
            let folder = PostOffice.folder()
            let issue = StatementIssue(id: CommandID("statements-\(clerk)")!, actor: Actor(name: clerk))
            let run = StatementRun(asOf: end, knownAt: known, issue: issue)
            let outcome = try await office.desk.run(run, books: [office.book], to: folder)
            let codes = outcome.statements.compactMap(\.code)
            #expect(Set(codes).count == 3)
            let words = ["Prüfcode dieses Kontoauszugs:", "Code of this statement:"]
            for (written, words) in zip(outcome.statements, words) {
                let text = try Self.text(try Self.read(folder, written.file))
                #expect(text.contains("\(words) \(written.code ?? "")"))
            }
            papers.append(try outcome.statements.map { try Array(Self.read(folder, $0.file)) })
            try FileManager.default.removeItem(atPath: folder)
        }
        #expect(papers[0] == papers[1])
        let shown = try await office.desk.statements(of: "C-1", asOf: end, knownAt: known, book: office.book)
        #expect(shown.first?.issued != nil)
        let later = try await office.desk.statements(of: "C-1", asOf: end + 1, knownAt: known, book: office.book)
        #expect(later.first?.issued == nil)
    }

    @Test("letters by post are printed into a folder once", arguments: PostOffice.engines)
    func post(engine: Engine) async throws {
        let office = try await PostOffice.open(engine)
        try await office.work { clerk in
            let customer = try clerk.customer("C-1", "Hafenwerk GmbH", mail: [])
            let document = try clerk.document(
                "RE-1", customer, net: 10_000, issued: Self.day, due: Self.day + 10, channel: .post)
            try clerk.document("RE-2", customer, net: 10_000, issued: Self.day, due: Self.day + 10, channel: .email)
            try clerk.reminder(customer, level: 2, day: Self.day + 40, [(document, 11_900)], channel: .post)
        }
        let folder = PostOffice.folder()
        let outcome = try await office.desk.printBatch(to: folder, book: office.book)
        #expect(outcome.refused.isEmpty)
        #expect(Set(outcome.printed.flatMap(\.files)) == ["RE-1.pdf", "Erinnerung_C-1_2026-11-14.pdf"])
        let text = try Self.text(try Self.read(folder, "Erinnerung_C-1_2026-11-14.pdf"))
        for part in ["RE-1", "119,00", "24.11.2026", "Hafenwerk GmbH"] { #expect(text.contains(part), "\(part)") }
        #expect(try await office.desk.printBatch(to: folder, book: office.book).printed.isEmpty)
        #expect(try await office.outbox().map(\.state).sorted() == ["queued", "sent", "sent"])
        try FileManager.default.removeItem(atPath: folder)
    }
}

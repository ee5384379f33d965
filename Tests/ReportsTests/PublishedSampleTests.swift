import Books
import Database
import Foundation
import Ledger
import Money
import ReportsDesk
import Testing

/// The published late-payment histories against figures that somebody else computed from them.
@Suite("The published late-payment sample")
struct PublishedSampleTests {
    /// `../shared/samples/ar` beside the package.
    static let folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("shared/samples/ar")

    struct History: Sendable {
        let number: String
        let customer: String
        let country: String
        let issued: Day
        let due: Day
        let settled: Day
        let minor: Int64
    }

    static func histories() throws -> [History]? {
        guard
            let text = try? String(
                contentsOf: folder.appendingPathComponent("late_payments_20_customers.csv"), encoding: .utf8)
        else {
            print("samples/ar is not beside the package: the published sample was not compared")
            return nil
        }
        func day(_ text: Substring) -> Day? {
            let parts = text.split(separator: "/").compactMap { Int($0) }
            return parts.count == 3 ? Day(year: parts[2], month: parts[0], day: parts[1]) : nil
        }
        let lines = text.split(whereSeparator: \.isNewline).map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        let place = Dictionary(uniqueKeysWithValues: lines[0].enumerated().map { (String($1), $0) })
        return try lines.dropFirst().map { cells in
            func cell(_ name: String) throws -> Substring { cells[try #require(place[name])] }
            return History(
                number: String(try cell("invoiceNumber")), customer: String(try cell("customerID")),
                country: String(try cell("countryCode")), issued: try #require(day(try cell("InvoiceDate"))),
                due: try #require(day(try cell("DueDate"))), settled: try #require(day(try cell("SettledDate"))),
                minor: try Money(try cell("InvoiceAmount"), .usd).minor)
        }
    }

    static func answers() throws -> [String: Any] {
        let data = try Data(contentsOf: folder.appendingPathComponent("answers.json"))
        let whole = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        return try #require(whole["ibmLatePayments"] as? [String: Any])
    }

    @Test("ageing, roll-forward, DSO and late shares come out to the cent", arguments: Office.engines)
    func published(engine: Engine) async throws {
        guard let histories = try Self.histories() else { return }
        let answers = try Self.answers()
        let office = try await Office.open(engine)
        try await office.work(at: Instant("2014-03-01T12:00:00.000000Z")!) { clerk in
            clerk.currency = .usd
            var customers: [String: RecordID] = [:]
            for history in histories where customers[history.customer] == nil {
                customers[history.customer] = try clerk.customer(
                    history.customer, history.customer, country: history.country)
            }
            for history in histories {
                let customer = try #require(customers[history.customer])
                let document = try clerk.invoice(
                    history.number, customer, history.minor, issued: history.issued, due: history.due, kind: .history
                ).document
                let receipt = clerk.receipt(history.number, history.minor, on: history.settled)
                clerk.apply(
                    receipt, of: history.minor, by: customer, on: history.settled, to: [(document, history.minor, 0)])
            }
        }
        try await Self.compareAgeing(office, answers)
        try await Self.compareMonths(office, answers)
        try await Self.compareLate(office, answers)
    }

    static func compareAgeing(_ office: Office, _ answers: [String: Any]) async throws {
        let days = try #require(answers["aging"] as? [String: [String: Any]])
        #expect(days.count == 5)
        for (day, expected) in days {
            let scope = try await office.scope(day)
            let report = try await office.database.read { try AgingReport.read(scope, AgingBuckets()!, in: $0) }
            let block = try #require(report.currencies.first)
            let amounts = try #require(expected["amount"] as? [String: String])
            let counts = try #require(expected["count"] as? [String: Int])
            let names = ["current", "1-30", "31-60", "61-90", "90+"]
            #expect(block.buckets.map(\.amount) == names.map { amounts[$0] ?? "" })
            #expect(block.buckets.map(\.items) == names.map { counts[$0] ?? -1 })
            #expect(block.total == expected["openAmount"] as? String)
            #expect(block.unallocated == "0.00")
        }
    }

    static func compareMonths(_ office: Office, _ answers: [String: Any]) async throws {
        let months = try #require(answers["monthly"] as? [[String: Any]])
        let last = try await office.scope("2014-02-28")
        let report = try await office.database.read { try RollforwardReport.read(last, from: nil, in: $0) }
        let told = try #require(report.currencies.first).months
        #expect(told.count == months.count)
        for (told, expected) in zip(told, months) {
            #expect(told.month == expected["month"] as? String)
            #expect(told.opening == expected["openingAR"] as? String)
            #expect(told.invoiced == expected["invoiced"] as? String)
            #expect(told.collected == expected["collected"] as? String)
            #expect(told.closing == expected["closingAR"] as? String)
            #expect([told.credited, told.writtenOff, told.other] == ["0.00", "0.00", "0.00"])
            let end = try #require(Day("\(told.month)-01")).lastOfMonth.description
            let scope = try await office.scope(end)
            let dso = try await office.database.read { try DSOReport.read(scope, in: $0) }.currencies[0]
            #expect(dso.simpleDays == expected["dsoSimple"] as? String, "\(told.month)")
            #expect(dso.rolling90Days == expected["dsoRolling90"] as? String, "\(told.month)")
            #expect(dso.countBackDays == expected["dsoCountBack"] as? String, "\(told.month)")
            #expect(dso.bestPossibleDays == expected["bestPossibleDso"] as? String, "\(told.month)")
        }
    }

    static func compareLate(_ office: Office, _ answers: [String: Any]) async throws {
        let totals = try #require(answers["totals"] as? [String: Any])
        let scope = try await office.scope("2014-02-28")
        let block = try await office.database.read { try LateReport.read(scope, in: $0) }.currencies[0]
        #expect(Int(block.all.late) == totals["lateInvoices"] as? Int)
        #expect(block.all.lateShare == totals["lateShare"] as? String)
        #expect(block.all.lateShareByAmount == totals["lateShareByAmount"] as? String)
        #expect(block.all.meanDaysLate == totals["meanDaysLateAll"] as? String)
        #expect(block.all.meanDaysLateOfLate == totals["meanDaysLateOfLate"] as? String)
        #expect(block.all.amount == totals["invoiceAmount"] as? String)
        #expect(block.all.lateAmount == totals["lateAmount"] as? String)
        let shares = try #require(answers["lateShareBy"] as? [String: [String: [String: Any]]])
        let countries = try #require(shares["country"])
        #expect(block.countries.count == countries.count)
        for line in block.countries {
            #expect(line.lateShare == countries[line.of]?["lateShare"] as? String)
            #expect(line.meanDaysLate == countries[line.of]?["meanDaysLate"] as? String)
        }
        let customers = try #require(answers["customers_"] as? [String: [String: Any]])
        for (number, expected) in customers {
            let line = try #require(block.customers.first { $0.of == number })
            #expect(line.meanDaysLate == expected["meanDaysLate"] as? String)
            #expect(Int(line.late) == expected["late"] as? Int)
            #expect(line.amount == expected["amount"] as? String)
        }
        let dso = try await office.database.read { try DSOReport.read(scope, in: $0) }.currencies[0]
        #expect(dso.averageDaysLate == totals["meanDaysLateAll"] as? String)
    }
}

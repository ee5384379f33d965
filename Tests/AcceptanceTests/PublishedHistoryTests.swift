import Database
import Foundation
import TestOffice
import Testing

/// `../shared/samples/ar`, brought in and asked for by the program, against figures that somebody else computed.
@Suite("The published histories, by the program")
struct PublishedHistoryTests {
    private static func answers(_ folder: URL, _ name: String) throws -> [String: Any] {
        let data = try Data(contentsOf: folder.appendingPathComponent("answers.json"))
        let all = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        return try #require(all[name] as? [String: Any])
    }

    private static func only(_ report: [String: Any]) throws -> [String: Any] {
        let blocks = try #require(report["currencies"] as? [[String: Any]])
        #expect(blocks.count == 1)
        return try #require(blocks.first)
    }

    @Test("late payments: ageing, roll-forward, DSO and late shares, to the cent", arguments: Company.engines)
    func latePayments(engine: Engine) async throws {
        guard let folder = Program.shared("samples/ar") else { return }
        let answers = try Self.answers(folder, "ibmLatePayments")
        let books = try await ProgramBooks.open(
            engine, today: "2014-03-01",
            seller: ["--seller", "Riverlight Works Inc", "--country", "US", "--currency", "USD"])
        let file = folder.appendingPathComponent("late_payments_20_customers.csv").path
        let first = try books.json("import", "invoices", file, "--dates", "mdy")
        let counts = try #require((first["files"] as? [[String: Any]])?.first)
        #expect(counts["added"] as? Int == answers["rows"] as? Int)
        #expect(counts["created"] as? [String: Int] == ["customers": try #require(answers["customers"] as? Int)])
        let again = try books.json("import", "invoices", file, "--dates", "mdy")
        #expect((again["files"] as? [[String: Any]])?.first?["unchanged"] as? Int == answers["rows"] as? Int)
        try Self.compareAgeing(books, answers)
        try Self.compareMonths(books, answers)
        try Self.compareLate(books, answers)
        #expect(try books.json("verify")["ok"] as? Bool == true)
    }

    private static func compareAgeing(_ books: ProgramBooks, _ answers: [String: Any]) throws {
        let days = try #require(answers["aging"] as? [String: [String: Any]])
        #expect(days.count == 5)
        for (day, expected) in days {
            let block = try only(books.json("report", "aging", "--as-of", day))
            let buckets = try #require(block["buckets"] as? [[String: Any]])
            let amounts = try #require(expected["amount"] as? [String: String])
            let counts = try #require(expected["count"] as? [String: Int])
            let names = ["current", "1-30", "31-60", "61-90", "90+"]
            #expect(buckets.map { $0["amount"] as? String } == names.map { amounts[$0] }, "\(day)")
            #expect(buckets.map { $0["items"] as? Int } == names.map { counts[$0] }, "\(day)")
            #expect(block["total"] as? String == expected["openAmount"] as? String, "\(day)")
            #expect(block["unallocated"] as? String == "0.00", "\(day)")
        }
        // Who owed what at the end of 2012, customer by customer.
        let customers = try #require(answers["customers_"] as? [String: [String: Any]])
        let block = try only(books.json("report", "aging", "--as-of", "2012-12-31"))
        let told = try #require(block["customers"] as? [[String: Any]])
        // The answers name the items of seven customers.
        for (customer, facts) in customers {
            let open = try #require(facts["openAt2012-12-31"] as? [[String: Any]])
            let line = told.first { $0["customer"] as? String == customer }
            let sum = open.compactMap { cents($0["amount"] as? String) }.reduce(0, +)
            #expect(cents(line?["total"] as? String ?? "0.00") == sum, "\(customer)")
        }
    }

    private static func compareMonths(_ books: ProgramBooks, _ answers: [String: Any]) throws {
        let months = try #require(answers["monthly"] as? [[String: Any]])
        let block = try only(books.json("report", "rollforward", "--as-of", "2014-02-28"))
        let told = try #require(block["months"] as? [[String: String]])
        #expect(told.count == months.count)
        for (told, expected) in zip(told, months) {
            let month = try #require(expected["month"] as? String)
            for (own, theirs) in [
                ("month", "month"), ("opening", "openingAR"), ("invoiced", "invoiced"), ("collected", "collected"),
                ("closing", "closingAR"),
            ] { #expect(told[own] == expected[theirs] as? String, "\(month): \(own)") }
            for none in ["credited", "written_off", "other"] { #expect(told[none] == "0.00", "\(month): \(none)") }
            let end = try #require(lastDay(of: month))
            let dso = try only(books.json("report", "dso", "--as-of", end))
            for (own, theirs) in [
                ("simple_days", "dsoSimple"), ("rolling_90_days", "dsoRolling90"), ("count_back_days", "dsoCountBack"),
                ("best_possible_days", "bestPossibleDso"),
            ] { #expect(dso[own] as? String == expected[theirs] as? String, "\(month): \(own)") }
        }
    }

    private static func lastDay(of month: String) -> String? {
        let parts = month.split(separator: "-").compactMap { Int($0) }
        guard parts.count == 2 else { return nil }
        let leap = parts[0] % 4 == 0
        return "\(month)-\([31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][parts[1] - 1])"
    }

    private static func compareLate(_ books: ProgramBooks, _ answers: [String: Any]) throws {
        let totals = try #require(answers["totals"] as? [String: Any])
        let block = try only(books.json("report", "late", "--as-of", "2014-02-28"))
        let all = try #require(block["all"] as? [String: Any])
        for (own, theirs) in [
            ("amount", "invoiceAmount"), ("late_amount", "lateAmount"), ("late_share", "lateShare"),
            ("late_share_by_amount", "lateShareByAmount"), ("mean_days_late", "meanDaysLateAll"),
            ("mean_days_late_of_late", "meanDaysLateOfLate"),
        ] { #expect(all[own] as? String == totals[theirs] as? String, "\(own)") }
        #expect(all["late"] as? Int == totals["lateInvoices"] as? Int)
        let customers = try #require(answers["customers_"] as? [String: [String: Any]])
        let told = try #require(block["customers"] as? [[String: Any]])
        #expect(told.count == answers["customers"] as? Int)
        for (customer, expected) in customers {
            let line = try #require(told.first { $0["of"] as? String == customer })
            #expect(line["invoices"] as? Int == expected["invoices"] as? Int)
            #expect(line["late"] as? Int == expected["late"] as? Int)
            #expect(line["amount"] as? String == expected["amount"] as? String)
            #expect(line["mean_days_late"] as? String == expected["meanDaysLate"] as? String)
        }
        let dso = try only(books.json("report", "dso", "--as-of", "2014-02-28"))
        #expect(dso["average_days_late"] as? String == totals["meanDaysLateAll"] as? String)
    }

    @Test(
        "order lines: every invoice and cancellation, by month and by customer, to the cent", arguments: Company.engines
    )
    func orderLines(engine: Engine) async throws {
        guard let folder = Program.shared("samples/ar") else { return }
        let answers = try Self.answers(folder, "onlineRetail")
        let books = try await ProgramBooks.open(
            engine, today: "2011-04-30",
            seller: ["--seller", "Northlight Gifts Ltd", "--country", "GB", "--currency", "GBP"])
        let file = folder.appendingPathComponent("online_retail_20_customers.csv").path
        let first = try books.json("import", "invoices", file)
        let counts = try #require((first["files"] as? [[String: Any]])?.first)
        #expect(counts["rows"] as? Int == answers["rows"] as? Int)
        #expect(counts["added"] as? Int == answers["invoices"] as? Int)
        let totals = try #require(answers["totals"] as? [String: String])
        let ageing = try Self.only(books.json("report", "aging", "--as-of", "2011-03-31"))
        #expect(ageing["total"] as? String == totals["exact"])
        let months = try #require(answers["monthly"] as? [String: String])
        let rollforward = try Self.only(books.json("report", "rollforward", "--as-of", "2011-03-31"))
        let told = try #require(rollforward["months"] as? [[String: String]])
        #expect(told.compactMap { $0["month"] } == months.keys.sorted())
        for line in told {
            let net = try #require(cents(line["invoiced"])) - #require(cents(line["credited"]))
            #expect(net == cents(months[line["month"]!]), "\(line)")
        }
        #expect(told.compactMap { cents($0["invoiced"]) }.reduce(0, +) == cents(totals["positiveLines"]))
        #expect(
            told.compactMap { cents($0["credited"]) }.reduce(0, +) == -(try #require(cents(totals["negativeLines"]))))
        let customers = try #require(answers["customers_"] as? [String: [String: Any]])
        let owing = try #require(ageing["customers"] as? [[String: Any]])
        // The answers name nine customers, of whom some have no rows in the sample.
        for (customer, expected) in customers where expected["lines"] as? Int != 0 {
            let line = owing.first { $0["customer"] as? String == customer }
            #expect(line?["total"] as? String == expected["amount"] as? String, "\(customer)")
        }
        #expect(owing.compactMap { cents($0["total"] as? String) }.reduce(0, +) == cents(totals["exact"]))
        #expect(try books.json("verify")["ok"] as? Bool == true)
    }
}

/// Two decimals as cents.
private func cents(_ text: String?) -> Int64? {
    text.flatMap { Int64($0.replacing(".", with: "")) }
}

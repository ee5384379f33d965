import Formats
import Foundation
import Money
import Testing

/// Reads the published samples in place, where they are beside the project.
@Suite("Published tables")
struct SampleTableTests {
    private func sample(_ name: String) -> TableFile? {
        let root = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
        let path = root.deletingLastPathComponent().appendingPathComponent("shared/samples/\(name)").path
        guard FileManager.default.fileExists(atPath: path) else {
            print("no sample \(name) here; passed over")
            return nil
        }
        return try? TableFile.open(path: path)
    }

    @Test("late payments: month first, leading zeros, flags")
    func latePayments() throws {
        guard let table = sample("ar/late_payments_20_customers.csv") else { return }
        let survey = try table.survey(fields: [
            FieldDeclaration("invoice_no", .identifier, required: true, synonyms: ["invoice number"]),
            FieldDeclaration("issue_date", .day, required: true, synonyms: ["invoice date"]),
            FieldDeclaration("due_date", .day), FieldDeclaration("settled_date", .day),
            FieldDeclaration("gross", .amount, required: true, synonyms: ["invoice amount"]),
            FieldDeclaration("disputed", .flag), FieldDeclaration("customer_id", .identifier, required: true),
        ])
        let rows = try table.rows(survey)
        var late = 0
        while let row = try rows.next() {
            let number = row.text(survey.field("invoice_no"))
            #expect(number?.count == 10)
            _ = row.money(survey.field("gross"), .usd)
            _ = row.flag(survey.field("disputed"))
            _ = row.day(survey.field("issue_date"))
            if let due = row.day(survey.field("due_date")), let settled = row.day(survey.field("settled_date")),
                settled > due
            {
                late += 1
            }
        }
        #expect(rows.problems.isEmpty)
        #expect(rows.rowCount == survey.rowCount && rows.rowCount > 100)
        #expect(late > 0)
    }

    @Test("online retail: times behind days, added .0, negative quantities")
    func onlineRetail() throws {
        guard let table = sample("ar/online_retail_20_customers.csv") else { return }
        let survey = try table.survey(fields: [
            FieldDeclaration("invoice_no", .identifier, required: true), FieldDeclaration("customer_id", .identifier),
            FieldDeclaration("order_date", .day, synonyms: ["invoice date"]), FieldDeclaration("quantity", .quantity),
            FieldDeclaration("unit_price", .price),
        ])
        let rows = try table.rows(survey)
        while let row = try rows.next() {
            #expect(row.text(survey.field("customer_id"))?.contains(".") == false)
            #expect(row.day(survey.field("order_date")) != nil)
            #expect(row.quantity(survey.field("quantity")) != nil)
            #expect(row.price(survey.field("unit_price"), .gbp) != nil)
        }
        #expect(rows.problems.isEmpty)
        #expect(survey.warnings.map(\.code).contains("table.point-zero-dropped"))
    }

    @Test("labour rates: prices with a dollar sign; no day decides the order, so it has to be said")
    func labourRates() throws {
        guard let table = sample("rates/gsa_it70_labour_rates_sample.csv") else { return }
        #expect(
            problems { _ = try table.survey(fields: [FieldDeclaration("contract_start_date", .day)]) }.map(\.code)
                == ["table.dates-ambiguous"])
        let survey = try table.survey(
            fields: [
                FieldDeclaration("unit_price", .price, required: true), FieldDeclaration("valid_from", .day),
                FieldDeclaration("valid_to", .day),
            ],
            options: TableOptions(
                maps: [
                    "PRICE OFFERED TO GSA (including IFF)=unit_price", "contract start date=valid_from",
                    "contract end date=valid_to",
                ], dates: .monthDayYear))
        let rows = try table.rows(survey)
        while let row = try rows.next() {
            #expect(row.price(survey.field("unit_price"), .usd) != nil)
            _ = row.day(survey.field("valid_from"))
        }
        #expect(rows.problems.isEmpty)
    }
}

import ArgumentParser
import Books
import Charges
import Database
import Foundation
import Invoicing
import InvoicingDesk
import Ledger
import Money

extension BillPer: ExpressibleByArgument {}

struct Bill: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Charges become drafts, drafts are checked, and with --issue what passes is issued.")
    @OptionGroup var common: Common
    @Option(help: "Bill what is due through this day.") var through: String?
    @Option(help: "Only this customer.") var customer: String?
    @Option(help: "The documents' day: charge (of the charges), today, or a day.") var invoiceDay = "charge"
    @Option(help: "One document for each order, po or customer.") var per: BillPer = .order
    @Flag(help: "Issue what passes the checks.") var issue = false
    @Flag(help: "Say what would happen, and keep nothing.") var dryRun = false
    @Flag(help: "List what should be billed and is not.") var unbilled = false
    @Option(help: "Only this seller.") var seller: String?
    @Option(help: "The command's id; the same again returns the first outcome.") var id: String?

    func run() async throws {
        let database = try await common.open()
        let desk = InvoicingDesk(database, clock: Common.clock, chance: Common.chance)
        if unbilled { return try await listUnbilled(database, desk) }
        guard let through else { throw ValidationError("Say --through DAY, or --unbilled.") }
        let command = try common.command(id, "bill")
        var outcomes: [BillRunOutcome] = []
        for seller in try await common.sellers(database, seller) {
            let today = try common.day(in: seller.timeZone)
            let day: BillRun.InvoiceDay =
                switch invoiceDay {
                case "charge": .charge
                case "today": .day(today)
                default: .day(try Common.day(invoiceDay, "--invoice-day"))
                }
            if let customer, try await !has(customer, database, seller.book) { continue }
            let run = BillRun(
                id: command, through: try Common.day(through, "--through"), customer: customer, invoiceDay: day,
                per: per, issue: issue, actor: common.actor, today: today)
            let progress = Progress("bill \(seller.code)")
            outcomes.append(
                try await desk.bill(run, book: seller.book, dryRun: dryRun) { progress.report($0, $1) })
        }
        if let customer, outcomes.isEmpty { throw InvoicingRefusal.noSuchCustomer(customer) }
        if !dryRun { await TableStatistics.renew(database, after: outcomes.reduce(0) { $0 + $1.drafts }) }
        try Self.report(outcomes, command, through: through, common, dryRun: dryRun)
    }

    /// Through today, where no day is named.
    private func listUnbilled(_ database: any Database, _ desk: InvoicingDesk) async throws {
        var parts: [UnbilledCharges] = []
        var last: Day?
        for seller in try await common.sellers(database, seller) {
            let day = try through.map { try Common.day($0, "--through") } ?? common.day(in: seller.timeZone)
            last = day
            if let customer, try await !has(customer, database, seller.book) { continue }
            parts.append(try await desk.unbilled(through: day, customer: customer, book: seller.book))
        }
        if let customer, parts.isEmpty { throw InvoicingRefusal.noSuchCustomer(customer) }
        guard let last else { return }
        let all = UnbilledCharges(through: last, joining: parts)
        if common.json { return print(try Answer.encode(all)) }
        Answer.table(
            ["Seller", "Customer", "Name", "Order", "Line", "Day", "SKU", "Quantity", "Unit price", "Net", ""],
            all.customers.flatMap { one in
                one.charges.map {
                    [
                        one.seller, one.customer, one.name, $0.order_id, "\($0.line)", $0.day, $0.sku, $0.quantity,
                        $0.unit_price ?? "–", $0.net ?? "–", $0.currency,
                    ]
                }
            }, right: [4, 7, 8, 9])
        for charge in all.customers.lazy.flatMap(\.charges) {
            if let why = charge.why { Answer.say(why) }
        }
        let worth = all.totals.map { "\($0.net) \($0.currency)" }.joined(separator: ", ")
        print(
            "\(all.count) charge\(all.count == 1 ? "" : "s") unbilled through \(all.through)"
                + (worth.isEmpty ? "." : ", worth \(worth) net."))
    }

    private func has(_ customer: String, _ database: any Database, _ book: Int64) async throws -> Bool {
        try await database.read {
            try !$0.query(
                "SELECT 1 FROM customers WHERE book = $1 AND number = $2", [.int(book), .text(customer)]
            ).isEmpty
        }
    }

    static func report(
        _ outcomes: [BillRunOutcome], _ command: CommandID, through: String, _ common: Common, dryRun: Bool
    ) throws {
        let all = BillRunOutcome(run: command, through: through, joining: outcomes)
        if common.json { return print(try Answer.encode(all)) }
        for held in all.held {
            Answer.say(
                "\(held.severity) \(held.order_id) (customer \(held.customer)): \(held.why) \(held.next) (\(held.check))"
            )
        }
        print(
            "\(all.drafts) drafts, \(all.issued) issued, \(Set(all.held.filter { $0.severity == "stop" }.map(\.order_id)).count) held. Run \(all.run)."
        )
        Answer.table(
            ["Currency", "Documents", "Net", "Tax", "Gross"],
            all.totals.map { [$0.currency, "\($0.count)", $0.net, $0.tax, $0.gross] }, right: [1, 2, 3, 4])
        if dryRun { print("Nothing was kept.") }
    }
}

/// Where a document of this number is.
enum DocumentPlace {
    /// `reading`: it would only be shown.
    static func find(
        _ number: String, seller: String?, _ common: Common, _ database: any Database, reading: Bool = false
    ) async throws -> (book: Int64, seller: SellerFacts) {
        let sellers = try await common.sellers(database, seller)
        var found: [SellerFacts] = []
        for seller in sellers {
            let there = try await database.read {
                try !$0.query(
                    "SELECT 1 FROM documents WHERE book = $1 AND number = $2", [.int(seller.book), .text(number)]
                ).isEmpty
            }
            if there { found.append(seller) }
        }
        guard let first = found.first else {
            if reading { throw TellingRefusal.noSuchDocument(number) }
            throw InvoicingRefusal.noSuchDocument(number)
        }
        guard found.count == 1 else {
            throw ValidationError("\(number) exists at several sellers; say --seller CODE.")
        }
        return (first.book, first)
    }
}

/// `invoice credit`.
struct Credit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answer an invoice with a credit note: in full, by line, by quantity or by amount.")
    @OptionGroup var common: Common
    @Argument(help: "The invoice.") var number: String
    @Option(help: "A line: N (all of it), N=NET (a net amount), or NxQUANTITY.") var line: [String] = []
    @Option(help: "A gross amount, spread over the lines.") var amount: String?
    @Option(help: "Why; printed on the credit note.") var reason = ""
    @Option(help: "The seller, where several have the number.") var seller: String?
    @Flag(help: "Say what would happen, and keep nothing.") var dryRun = false
    @Option(help: "The command's id; the same again returns the first outcome.") var id: String?

    func run() async throws {
        let database = try await common.open()
        let (book, seller) = try await DocumentPlace.find(number, seller: seller, common, database)
        let currency = try await database.read { transaction in
            Currency(
                try transaction.query(
                    "SELECT currency FROM documents WHERE book = $1 AND number = $2", [.int(book), .text(number)])[0]
                    .text(0)) ?? seller.currency
        }
        let desk = InvoicingDesk(database, clock: Common.clock, chance: Common.chance)
        let issued = try await desk.credit(
            CreditInvoice(
                id: try common.command(id, "credit"), number: number, scope: try scope(currency), reason: reason,
                actor: common.actor, today: try common.day(in: seller.timeZone)), book: book, dryRun: dryRun)
        if common.json { return print(try Answer.encode(issued)) }
        print(
            "\(dryRun ? "Would issue a credit note" : "Issued \(issued.invoice_no)") for \(number): \(issued.gross) \(issued.currency), \(issued.applied) of it set against the invoice."
        )
    }

    private func scope(_ currency: Currency) throws -> CreditScope {
        guard line.isEmpty || amount == nil else { throw ValidationError("Say --line or --amount, not both.") }
        func money(_ text: some StringProtocol) throws -> Money {
            do { return try Money(text, currency) } catch { throw ValidationError("'\(text)': \(error.why).") }
        }
        if let amount { return .gross(try money(amount)) }
        guard !line.isEmpty else { return .all }
        return .lines(
            try line.map { text in
                if let mark = text.firstIndex(of: "="), let number = Int(text[..<mark]) {
                    return LineCredit(line: number, .net(try money(text[text.index(after: mark)...])))
                }
                if let mark = text.firstIndex(of: "x"), let number = Int(text[..<mark]) {
                    do {
                        return LineCredit(line: number, .quantity(try Quantity(text[text.index(after: mark)...])))
                    } catch { throw ValidationError("'\(text)': \(error).") }
                }
                guard let number = Int(text) else {
                    throw ValidationError("--line takes N, N=NET or NxQUANTITY, not '\(text)'.")
                }
                return LineCredit(line: number, .all)
            })
    }
}

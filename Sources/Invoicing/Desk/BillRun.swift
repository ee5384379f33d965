import Books
import Charges
import Customers
import Database
import Invoicing
import Ledger
import Money
import Pricing

/// `duly bill`: charges become drafts, drafts are checked, and with `issue` what passes is issued.
public struct BillRun: Sendable {
    public enum InvoiceDay: Sendable, Equatable {
        /// The latest day of the document's charges.
        case charge
        case day(Day)
    }
    public let id: CommandID
    public let through: Day
    public let customer: String?
    public let invoiceDay: InvoiceDay
    public let per: BillPer
    public let issue: Bool
    public let actor: Actor
    public let today: Day

    public init(
        id: CommandID, through: Day, customer: String?, invoiceDay: InvoiceDay, per: BillPer, issue: Bool, actor: Actor,
        today: Day
    ) {
        self.id = id
        self.through = through
        self.customer = customer
        self.invoiceDay = invoiceDay
        self.per = per
        self.issue = issue
        self.actor = actor
        self.today = today
    }

    /// The command's content: what tells a repeat from another command under the same id.
    var content: String {
        let day: String
        switch invoiceDay {
        case .charge: day = "charge"
        case .day(let fixed): day = fixed.description
        }
        return "bill \(through) \(customer ?? "") \(day) \(per.rawValue) \(issue)"
    }
}

/// What a bill run did.
public struct BillRunOutcome: Codable, Sendable, Equatable {
    public struct Held: Codable, Sendable, Equatable {
        public var draft, customer, order_id, check, severity, why, next: String
    }
    public struct Total: Codable, Sendable, Equatable {
        public var currency: String
        public var count: Int
        public var net, tax, gross: String
    }
    public var run: String
    public var through: String
    public var drafts: Int
    public var issued: Int
    public var held: [Held]
    public var totals: [Total]
}

extension BillRunOutcome {
    /// What one run did at several sellers.
    public init(run: CommandID, through: String, joining outcomes: [BillRunOutcome]) {
        self.run = run.text
        self.through = through
        drafts = outcomes.reduce(0) { $0 + $1.drafts }
        issued = outcomes.reduce(0) { $0 + $1.issued }
        held = outcomes.flatMap(\.held)
        var sums: [String: (count: Int, net: Int64, tax: Int64)] = [:]
        for total in outcomes.flatMap(\.totals) {
            guard let currency = Currency(total.currency), let net = try? Money(total.net, currency),
                let tax = try? Money(total.tax, currency)
            else { continue }
            let sum = sums[total.currency] ?? (0, 0, 0)
            sums[total.currency] = (sum.count + total.count, sum.net + net.minor, sum.tax + tax.minor)
        }
        totals = Total.rows(sums)
    }
}

extension BillRunOutcome.Total {
    /// By currency: count, net and tax in minor units.
    static func rows(_ sums: [String: (count: Int, net: Int64, tax: Int64)]) -> [Self] {
        sums.sorted { $0.key < $1.key }.compactMap { code, sum in
            guard let currency = Currency(code) else { return nil }
            func text(_ minor: Int64) -> String { Money(minor: minor, currency).decimal }
            return Self(
                currency: code, count: sum.count, net: text(sum.net), tax: text(sum.tax), gross: text(sum.net + sum.tax)
            )
        }
    }
}

/// One document to be: charges that go together.
struct BillPiece: Sendable {
    let customer: RecordID
    let day: Day
    let key: String
    let charges: [Charge]
}

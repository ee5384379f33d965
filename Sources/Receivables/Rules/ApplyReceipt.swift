import Ledger
import Money

/// Part of a receipt for one document; negative where a credit note is used.
public struct WantedAllocation: Sendable, Equatable {
    public let document: OpenAmount
    /// As the document is numbered, for refusals.
    public let number: String
    public let amount: Money
    /// Written off together with it, of the sign of the document.
    public let writeOff: Money
    public let reason: WriteOffReason?
    /// The document's tax and gross, so that a discount takes its share of the tax; both zero where not known.
    public let tax: Money
    public let gross: Money

    public init(
        document: OpenAmount, number: String, amount: Money, writeOff: Money, reason: WriteOffReason?, tax: Money,
        gross: Money
    ) {
        self.document = document
        self.number = number
        self.amount = amount
        self.writeOff = writeOff
        self.reason = reason
        self.tax = tax
        self.gross = gross
    }
}

/// Why a receipt was not applied.
public enum ApplyRefusal: Refusal, Equatable {
    case noSuchReceipt(String)
    case noSuchDocument(String)
    case otherCurrency(document: String, its: String, receipt: String)
    case moreThanOpen(document: String, asked: String, open: String)
    case moreThanReceived(asked: String, left: String)
    case wrongSign(document: String, asked: String)
    case nothingAsked
    case ambiguousReceipt(String)
    case unknownReason(String)
    case reasonsDiffer(document: String)
    case nothingApplied(String)
    case appliedTogether(String, others: [String])
    case fromHistory(String)

    public var code: String {
        switch self {
        case .noSuchReceipt: "cash.no-such-receipt"
        case .noSuchDocument: "cash.no-such-document"
        case .otherCurrency: "cash.other-currency"
        case .moreThanOpen: "cash.more-than-open"
        case .moreThanReceived: "cash.more-than-received"
        case .wrongSign: "cash.wrong-sign"
        case .nothingAsked: "cash.nothing-asked"
        case .ambiguousReceipt: "cash.ambiguous-receipt"
        case .unknownReason: "cash.unknown-reason"
        case .reasonsDiffer: "cash.reasons-differ"
        case .nothingApplied: "cash.nothing-applied"
        case .appliedTogether: "cash.applied-together"
        case .fromHistory: "cash.from-history"
        }
    }
    public var what: String {
        switch self {
        case .nothingApplied, .appliedTogether, .fromHistory: "Nothing was taken back."
        default: "The receipt was not applied."
        }
    }
    public var why: String {
        switch self {
        case .noSuchReceipt(let id): "There is no receipt \(id)."
        case .noSuchDocument(let number): "There is no document \(number)."
        case .otherCurrency(let document, let its, let receipt):
            "\(document) is in \(its), the receipt in \(receipt)."
        case .moreThanOpen(let document, let asked, let open): "\(asked) was asked for \(document), \(open) is open."
        case .moreThanReceived(let asked, let left): "\(asked) was asked in all, \(left) of the receipt is left."
        case .wrongSign(let document, let asked): "\(asked) has the wrong sign for \(document)."
        case .nothingAsked: "Neither an amount nor a write-off was given."
        case .ambiguousReceipt(let id): "More than one receipt has the payment id \(id)."
        case .unknownReason(let text): "'\(text)' is not a reason to write off."
        case .reasonsDiffer(let document): "\(document) is written off for two reasons at once."
        case .nothingApplied(let id): "Nothing of receipt \(id) is applied, or nothing to that document."
        case .appliedTogether(let id, let others):
            "One command applied receipt \(id) to \(others.joined(separator: ", ")) together."
        case .fromHistory(let id): "Receipt \(id) was booked with the invoice history that was imported."
        }
    }
    public var next: String {
        switch self {
        case .noSuchReceipt: "'duly cash list' lists the receipts."
        case .noSuchDocument: "'duly invoice list' lists the documents."
        case .otherCurrency: "Apply it to a document in its currency."
        case .moreThanOpen: "Apply at most what is open; the rest stays on account."
        case .moreThanReceived: "Apply at most what is left of the receipt."
        case .wrongSign: "Give a positive amount for an invoice, a negative one for a credit note."
        case .nothingAsked: "Give --amount, --write-off or both."
        case .ambiguousReceipt: "Name the receipt by its id."
        case .reasonsDiffer: "Give one reason, or apply it in two commands."
        case .nothingApplied: "'duly invoice show' lists what was applied to a document."
        case .appliedTogether: "Take back all of it, without --invoice; then apply the rest again."
        case .fromHistory:
            "Take the import back with 'duly undo' and import the document without its settled_date."
        case .unknownReason:
            "Say one of \(WriteOffReason.allCases.map(\.rawValue).joined(separator: ", "))."
        }
    }
}

extension Entry {
    /// Applies a receipt (an item on `unapplied`, its open amount negative; nil where only credit notes are used) to
    /// documents of one customer.
    ///
    /// The entry is dated the latest of the receipt's and the documents' days, and not before `openFrom`; what is written off
    /// without money is given up `today`, and not before. A receipt without a
    /// payer is moved to the customer with it: what is left stands on the customer's account. The realised exchange
    /// difference is posted with it.
    public static func applying(
        _ receipt: OpenAmount?, to wanted: [WantedAllocation], openFrom: Day, today: Day
    ) throws(ApplyRefusal) -> Entry {
        guard !wanted.isEmpty else { throw .nothingAsked }
        let currency = wanted[0].document.open.currency
        var used = Money.zero(currency)
        var day = openFrom
        if let receipt {
            day = max(day, receipt.day)
        } else if wanted.contains(where: { !$0.writeOff.isZero }) {
            day = max(day, today)
        }
        for want in wanted {
            try check(want, against: receipt?.open.currency ?? currency)
            used += want.amount
            day = max(day, want.document.day)
        }
        var lines = try receiptLines(receipt, used: used, customer: wanted[0].document.customer)
        for want in wanted {
            let cleared = want.amount + want.writeOff
            lines.append(want.document.clearing(cleared))
            if !want.writeOff.isZero { lines += writeOffLines(want, cleared: cleared) }
        }
        lines.removeAll { $0.amount.isZero && $0.home.isZero }
        guard !lines.isEmpty else { throw .nothingAsked }
        if let difference = exchangeDifference(of: lines, on: day) { lines.append(difference) }
        return Entry(.allocation, day: day, lines: lines)
    }

    /// Everything that `applying` would refuse, not only the first: a part each, and that they come to more than is left.
    public static func problems(applying receipt: OpenAmount?, to wanted: [WantedAllocation]) -> [ApplyRefusal] {
        guard let first = wanted.first else { return [.nothingAsked] }
        let currency = receipt?.open.currency ?? first.document.open.currency
        var problems: [ApplyRefusal] = []
        var used = Money.zero(currency)
        for want in wanted {
            do {
                try check(want, against: currency)
                used += want.amount
            } catch { problems.append(error) }
        }
        do { _ = try receiptLines(receipt, used: used, customer: first.document.customer) } catch {
            problems.append(error)
        }
        return problems
    }

    private static func check(_ want: WantedAllocation, against currency: Currency) throws(ApplyRefusal) {
        let open = want.document.open
        guard open.currency == currency else {
            throw .otherCurrency(document: want.number, its: open.currency.code, receipt: currency.code)
        }
        guard !want.amount.isZero || !want.writeOff.isZero else { throw .nothingAsked }
        for part in [want.amount, want.writeOff] where !part.isZero && part.isNegative != open.isNegative {
            guard !open.isZero else {
                throw .moreThanOpen(document: want.number, asked: part.description, open: open.description)
            }
            throw .wrongSign(document: want.number, asked: part.description)
        }
        let cleared = want.amount + want.writeOff
        guard abs(cleared.minor) <= abs(open.minor) else {
            throw .moreThanOpen(document: want.number, asked: cleared.description, open: open.description)
        }
    }

    private static func receiptLines(
        _ receipt: OpenAmount?, used: Money, customer: RecordID?
    ) throws(ApplyRefusal) -> [EntryLine] {
        guard let receipt else {
            guard used.isZero else {
                throw .moreThanReceived(asked: used.description, left: Money.zero(used.currency).description)
            }
            return []
        }
        guard used.minor >= 0, used.minor <= -receipt.open.minor else {
            throw .moreThanReceived(asked: used.description, left: (-receipt.open).description)
        }
        guard receipt.customer == nil else { return [receipt.clearing(-used)] }
        // The whole receipt finds its customer; what is left stands on the customer's account.
        let whole = receipt.clearing(receipt.open)
        let share = receipt.home(of: -used)
        let rest = EntryLine(
            .unapplied, customer: customer, item: receipt.item, amount: receipt.open + used,
            home: receipt.openHome - share, rate: receipt.rate)
        return [whole, rest]
    }

    private static func writeOffLines(_ want: WantedAllocation, cleared: Money) -> [EntryLine] {
        guard let reason = want.reason else { preconditionFailure("a write-off without a reason") }
        let document = want.document
        let home = document.home(of: cleared) - document.home(of: want.amount)
        func line(_ account: Account, _ amount: Money, _ atHome: Money) -> EntryLine {
            EntryLine(account, customer: document.customer, amount: amount, home: atHome, rate: document.rate)
        }
        guard reason == .cashDiscount, !want.tax.isZero, !want.gross.isZero else {
            return [line(reason.account, want.writeOff, home)]
        }
        let tax = WriteOffReason.tax(in: want.writeOff, tax: want.tax, of: want.gross)
        let taxAtHome = WriteOffReason.tax(in: home, tax: want.tax, of: want.gross)
        return [
            line(reason.account, want.writeOff - tax, home - taxAtHome), line(.salesTax, tax, taxAtHome),
        ]
    }
}

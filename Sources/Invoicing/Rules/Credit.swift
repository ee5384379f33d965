import Ledger
import Money
import Pricing

/// How much of an invoice is credited.
public enum CreditScope: Sendable, Equatable {
    /// Everything that is left.
    case all
    /// Of some lines, all that is left, a quantity, or a net amount.
    case lines([LineCredit])
    /// A gross amount, spread over the lines in proportion to what is left of them.
    case gross(Money)
}

public struct LineCredit: Sendable, Equatable {
    public enum Amount: Sendable, Equatable {
        case all
        case quantity(Quantity)
        case net(Money)
    }
    public let line: Int
    public let amount: Amount
    public init(line: Int, _ amount: Amount) {
        self.line = line
        self.amount = amount
    }
}

/// A line of the original and what is left to credit of it.
public struct CreditableLine: Sendable, Equatable {
    public let line: Int
    public let sku: String
    public let description: String
    public let unit: String
    public let unitPrice: UnitPrice
    public let discount: Rate
    public let category: VATCategory
    public let rate: Rate
    public let quantity: Quantity
    public let net: Money
    public let quantityLeft: Quantity
    public let netLeft: Money
    public init(
        line: Int, sku: String, description: String, unit: String, unitPrice: UnitPrice, discount: Rate,
        category: VATCategory, rate: Rate, quantity: Quantity, net: Money, quantityLeft: Quantity, netLeft: Money
    ) {
        self.line = line
        self.sku = sku
        self.description = description
        self.unit = unit
        self.unitPrice = unitPrice
        self.discount = discount
        self.category = category
        self.rate = rate
        self.quantity = quantity
        self.net = net
        self.quantityLeft = quantityLeft
        self.netLeft = netLeft
    }
}

/// The tax of the original per rate and category, and what is left of it.
public struct CreditableTax: Sendable, Equatable {
    public let category: VATCategory
    public let rate: Rate
    public let base: Money
    public let tax: Money
    public let baseLeft: Money
    public let taxLeft: Money
    public init(category: VATCategory, rate: Rate, base: Money, tax: Money, baseLeft: Money, taxLeft: Money) {
        self.category = category
        self.rate = rate
        self.base = base
        self.tax = tax
        self.baseLeft = baseLeft
        self.taxLeft = taxLeft
    }
}

/// The credited part of a line: signs turned.
public struct CreditedLine: Sendable, Equatable {
    public let original: CreditableLine
    public let quantity: Quantity
    public let unitPrice: UnitPrice
    public let discount: Rate
    public let net: Money
    public let trace: String
}

/// Why an invoice was not credited.
public enum CreditRefusal: Refusal, Equatable {
    case noSuchLine(Int)
    case moreThanLeft(asked: String, left: String, of: String)
    case nothingLeft(String)
    case notPositive(String)
    case notAnInvoice(String)
    case imported(String)

    public var code: String {
        switch self {
        case .noSuchLine: "credit.no-such-line"
        case .moreThanLeft: "credit.more-than-left"
        case .nothingLeft: "credit.nothing-left"
        case .notPositive: "credit.not-positive"
        case .notAnInvoice: "credit.not-an-invoice"
        case .imported: "credit.imported"
        }
    }
    public var what: String { "No credit note was issued." }
    public var why: String {
        switch self {
        case .noSuchLine(let line): "The invoice has no line \(line)."
        case .moreThanLeft(let asked, let left, let of): "\(asked) of \(of) was asked, \(left) is left to credit."
        case .nothingLeft(let number): "\(number) is credited in full already."
        case .notPositive(let asked): "\(asked) is not more than zero."
        case .notAnInvoice(let number): "\(number) is a credit note."
        case .imported(let number): "\(number) came from an earlier system and has no lines here."
        }
    }
    public var next: String {
        switch self {
        case .noSuchLine: "'duly invoice show' lists the lines."
        case .moreThanLeft: "Credit at most what is left."
        case .nothingLeft: "There is nothing to do."
        case .notPositive: "Give the amount or quantity to credit as a positive number."
        case .notAnInvoice: "Take it back with 'duly undo' instead."
        case .imported: "Credit it by amount where it was issued, or write it off."
        }
    }
}

/// What is credited of an invoice, by line and by tax.
public struct CreditShares: Sendable, Equatable {
    public let lines: [CreditedLine]
    public let taxes: [TaxLine]
    public let net: Money
    public let tax: Money
    public var gross: Money { net + tax }
    /// Nothing is left of the original after this.
    public let exhausts: Bool

    /// Rules `line.credit`, version 2, and `tax.credit`, version 1. A line credited by quantity takes what that quantity costs
    /// at the original's price and discount, so that the line computes as it is printed; the last one takes what is left, as
    /// an amount where that is not what it costs. The tax of a rate is the original's tax × base credited so far / base, less
    /// the tax credited before; the last base takes what is left. So the last credit reaches zero.
    /// An invoice of nothing has nothing to credit, but can be taken back.
    public init(
        _ scope: CreditScope, of number: String, lines: [CreditableLine], taxes: [CreditableTax],
        takingBack: Bool = false
    ) throws(CreditRefusal) {
        guard let currency = lines.first?.net.currency else { throw .imported(number) }
        let worthless = takingBack && lines.allSatisfy { $0.net.isZero && $0.quantity.micro == 0 }
        guard worthless || lines.contains(where: { !$0.netLeft.isZero || $0.quantityLeft.micro != 0 }) else {
            throw .nothingLeft(number)
        }
        let credited: [CreditedLine]
        var exact: [TaxLine]?
        switch scope {
        case .all: credited = lines.compactMap { worthless ? Self.whole($0) : Self.all(of: $0) }
        case .lines(let wanted):
            var chosen: [CreditedLine] = []
            for wish in wanted {
                guard let line = lines.first(where: { $0.line == wish.line }) else { throw .noSuchLine(wish.line) }
                if let part = try Self.part(wish.amount, of: line) { chosen.append(part) }
            }
            guard !chosen.isEmpty else { throw .nothingLeft(number) }
            try Self.checkRepeats(chosen)
            credited = chosen
        case .gross(let gross):
            (credited, exact) = try Self.spread(gross, of: number, lines, taxes)
        }
        self.lines = credited
        let net = credited.reduce(Money.zero(currency)) { $0 + $1.net }
        self.taxes = exact ?? Self.taxes(of: credited, taxes)
        self.net = net
        tax = self.taxes.reduce(.zero(currency)) { $0 + $1.tax }
        let left = taxes.reduce(Money.zero(currency)) { $0 + $1.baseLeft + $1.taxLeft }
        try Self.check(net + tax, against: left, of: number)
        exhausts =
            (left + net + tax).isZero
            && lines.allSatisfy { line in
                let taken = credited.first { $0.original.line == line.line }
                return (line.netLeft + (taken?.net ?? .zero(currency))).isZero
            }
    }

    /// A line named more than once is credited at most once over.
    private static func checkRepeats(_ chosen: [CreditedLine]) throws(CreditRefusal) {
        for line in Set(chosen.map(\.original.line)).sorted() {
            let mine = chosen.filter { $0.original.line == line }
            let sum = mine.dropFirst().reduce(mine[0].net) { $0 + $1.net }
            let left = mine[0].original.netLeft
            guard mine.count == 1 || abs(sum.minor) <= abs(left.minor) else {
                throw .moreThanLeft(
                    asked: sum.magnitude.description, left: left.magnitude.description, of: "line \(line)")
            }
        }
    }

    /// An invoice with a deduction among its lines is worth less than its other lines: no part of it is credited beyond
    /// what is left of the whole, and the deduction alone is no credit.
    private static func check(_ gross: Money, against left: Money, of number: String) throws(CreditRefusal) {
        guard !gross.isZero else { return }
        guard gross.isNegative != left.isNegative, !left.isZero else { throw .notPositive((-gross).description) }
        guard abs(gross.minor) <= abs(left.minor) else {
            throw .moreThanLeft(asked: gross.magnitude.description, left: left.magnitude.description, of: number)
        }
    }

    private static func all(of line: CreditableLine) -> CreditedLine? {
        guard !line.netLeft.isZero || line.quantityLeft.micro != 0 else { return nil }
        let whole = line.netLeft == line.net && line.quantityLeft == line.quantity
        if whole || line.quantityLeft.micro != 0 && isPriced(line) { return self.whole(line) }
        return amount(line.netLeft, of: line)
    }

    private static func whole(_ line: CreditableLine) -> CreditedLine {
        CreditedLine(
            original: line, quantity: -line.quantityLeft, unitPrice: line.unitPrice, discount: line.discount,
            net: -line.netLeft, trace: trace(line, line.netLeft))
    }

    /// Whether what is left of the net is what is left of the quantity costs, to the cent.
    private static func isPriced(_ line: CreditableLine) -> Bool {
        PricedLine.net(line.quantityLeft, at: line.unitPrice, less: line.discount, in: line.net.currency).net
            == line.netLeft
    }

    private static func part(_ wish: LineCredit.Amount, of line: CreditableLine) throws(CreditRefusal) -> CreditedLine?
    {
        switch wish {
        case .all: return all(of: line)
        case .quantity(let quantity):
            guard quantity.micro > 0 else { throw .notPositive(quantity.decimal) }
            let sign: Int64 = line.quantity.isNegative ? -1 : 1
            guard quantity.micro <= line.quantityLeft.micro * sign else {
                throw .moreThanLeft(
                    asked: quantity.decimal, left: Quantity(micro: line.quantityLeft.micro * sign).decimal,
                    of: "line \(line.line)")
            }
            if quantity.micro == line.quantityLeft.micro * sign { return all(of: line) }
            let taken = Quantity(micro: quantity.micro * sign)
            let priced = PricedLine.net(taken, at: line.unitPrice, less: line.discount, in: line.net.currency).net
            if abs(priced.minor) <= abs(line.netLeft.minor) {
                return CreditedLine(
                    original: line, quantity: -taken, unitPrice: line.unitPrice, discount: line.discount, net: -priced,
                    trace: trace(line, priced))
            }
            // Less is left than it costs: rounding of the parts before took the difference, or a part was credited by amount.
            let share = Proportion.of(line.net.minor, taken.micro, line.quantity.micro)
            guard abs(share) <= abs(line.netLeft.minor) else {
                throw .moreThanLeft(
                    asked: "\(quantity.decimal) for \(priced.magnitude)", left: line.netLeft.magnitude.description,
                    of: "line \(line.line)")
            }
            return amount(Money(minor: share, line.net.currency), of: line)
        case .net(let net):
            guard net.minor > 0 else { throw .notPositive(net.description) }
            guard net.minor <= abs(line.netLeft.minor) else {
                throw .moreThanLeft(
                    asked: net.description, left: line.netLeft.magnitude.description, of: "line \(line.line)")
            }
            return amount(line.netLeft.isNegative ? -net : net, of: line)
        }
    }

    /// A credited amount as a line of one piece at that price.
    private static func amount(_ net: Money, of line: CreditableLine) -> CreditedLine {
        var scaled = abs(net.minor)
        for _ in net.currency.decimals..<UnitPrice.decimals { scaled *= 10 }
        return CreditedLine(
            original: line, quantity: Quantity(micro: net.isNegative ? 1_000_000 : -1_000_000),
            unitPrice: UnitPrice(scaled: scaled), discount: .zero, net: -net, trace: trace(line, net))
    }

    private static func trace(_ line: CreditableLine, _ net: Money) -> String {
        #"{"net":{"rule":"\#(RuleID.lineCredit)","line":\#(line.line),"of":"\#(line.net.decimal)","left":"\#(line.netLeft.decimal)","taken":"\#(net.decimal)"}}"#
    }

    private static func taxes(of credited: [CreditedLine], _ taxes: [CreditableTax]) -> [TaxLine] {
        taxes.compactMap { group in
            let mine = credited.filter {
                $0.original.category == group.category && $0.original.rate == group.rate
            }
            guard !mine.isEmpty else { return nil }
            let base = -mine.reduce(Int64(0)) { $0 + $1.net.minor }
            let tax: Int64
            if base == group.baseLeft.minor {
                tax = group.taxLeft.minor
            } else {
                let before = group.base.minor - group.baseLeft.minor
                let due = Proportion.of(group.tax.minor, before + base, group.base.minor)
                tax = clamp(due - (group.tax.minor - group.taxLeft.minor), to: group.taxLeft.minor)
            }
            return taxLine(group, base, tax)
        }
    }

    private static func taxLine(_ group: CreditableTax, _ base: Int64, _ tax: Int64) -> TaxLine {
        let currency = group.base.currency
        return TaxLine(
            category: group.category, rate: group.rate, base: Money(minor: -base, currency),
            tax: Money(minor: -tax, currency),
            trace:
                #"{"rule":"\#(RuleID.taxCredit)","of":"\#(group.tax.decimal)","left":"\#(group.taxLeft.decimal)"}"#)
    }

    /// A gross amount over rates in proportion to what is left gross of each, then over its lines by what is left net.
    private static func spread(
        _ gross: Money, of number: String, _ lines: [CreditableLine], _ taxes: [CreditableTax]
    ) throws(CreditRefusal) -> ([CreditedLine], [TaxLine]?) {
        guard gross.minor > 0 else { throw .notPositive(gross.description) }
        let left = taxes.map { max(0, $0.baseLeft.minor + $0.taxLeft.minor) }
        let whole = taxes.reduce(Int64(0)) { $0 + $1.baseLeft.minor + $1.taxLeft.minor }
        guard gross.minor <= whole, gross.currency == lines[0].net.currency else {
            throw .moreThanLeft(
                asked: gross.description, left: Money(minor: whole, lines[0].net.currency).description, of: number)
        }
        if gross.minor == whole { return (lines.compactMap { all(of: $0) }, nil) }
        var credited: [CreditedLine] = []
        var exact: [TaxLine] = []
        for (group, share) in zip(taxes, gross.allocated(over: left)) where !share.isZero {
            let groupGross = group.baseLeft.minor + group.taxLeft.minor
            let tax =
                share.minor == groupGross
                ? group.taxLeft.minor
                : clamp(Proportion.of(group.taxLeft.minor, share.minor, groupGross), to: share.minor)
            let base = Money(minor: share.minor - tax, gross.currency)
            let mine = lines.filter { $0.category == group.category && $0.rate == group.rate }
            for (line, net) in zip(mine, base.allocated(over: mine.map { max(0, $0.netLeft.minor) })) where !net.isZero
            {
                credited.append(amount(net, of: line))
            }
            exact.append(taxLine(group, base.minor, tax))
        }
        return (credited.sorted { $0.original.line < $1.original.line }, exact)
    }

    /// `value` held between zero and `limit`, which has a sign.
    private static func clamp(_ value: Int64, to limit: Int64) -> Int64 {
        limit >= 0 ? min(max(value, 0), limit) : max(min(value, 0), limit)
    }
}

import Ledger
import Money

/// One step of a price list: from `minQuantity` on, until the next step.
public struct PriceStep: Sendable, Equatable {
    public let row: RecordID
    public let list: String
    public let minQuantity: Quantity
    public let unitPrice: UnitPrice
    public let validFrom: Day
    public init(row: RecordID, list: String, minQuantity: Quantity, unitPrice: UnitPrice, validFrom: Day) {
        self.row = row
        self.list = list
        self.minQuantity = minQuantity
        self.unitPrice = unitPrice
        self.validFrom = validFrom
    }
}

/// Price lists in memory, for a run.
public struct PriceBook: Sendable {
    /// The list everyone falls back to.
    public static let standardList = "STD"

    private struct Key: Hashable, Sendable {
        let list: String
        let sku: String
        let currency: Currency
    }
    /// Newest first, within a day by quantity, largest first.
    private var steps: [Key: [PriceStep]] = [:]
    public init() {}

    public mutating func add(_ step: PriceStep, sku: String, currency: Currency) {
        steps[Key(list: step.list, sku: sku, currency: currency), default: []].append(step)
    }
    /// Call once after the last `add`.
    public mutating func sort() {
        for key in steps.keys {
            steps[key]!.sort { ($0.validFrom, $0.minQuantity) > ($1.validFrom, $1.minQuantity) }
        }
    }

    /// Rule `price.step`, version 1: the customer's list, else the standard list. Of a list, the steps with the newest
    /// `validFrom` not after the day count, whole; of those the one with the largest minimum not above the quantity (its
    /// magnitude, for returns); below the first step, the first step's price.
    public func step(list: String, sku: String, currency: Currency, quantity: Quantity, on day: Day) -> PriceStep? {
        step(Key(list: list, sku: sku, currency: currency), quantity, day)
            ?? (list == Self.standardList
                ? nil : step(Key(list: Self.standardList, sku: sku, currency: currency), quantity, day))
    }

    private func step(_ key: Key, _ quantity: Quantity, _ day: Day) -> PriceStep? {
        guard let all = steps[key], let first = all.firstIndex(where: { $0.validFrom <= day }) else { return nil }
        let wanted = abs(quantity.micro)
        var lowest = all[first]
        for step in all[first...] {
            guard step.validFrom == lowest.validFrom else { break }
            if step.minQuantity.micro <= wanted { return step }
            lowest = step
        }
        return lowest
    }
}

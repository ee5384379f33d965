import Database
import Ledger
import Money

/// `invoice show`: a document with everything that belongs to it, as the books stand now.
public struct InvoiceSheet: Codable, Sendable, Equatable {
    public struct Line: Codable, Sendable, Equatable {
        public let line: Int64
        public let sku: String
        public let description: String
        public let quantity: String
        public let unit: String
        public let unitPrice: String
        public let discountPercent: String
        public let net: String
        public let vatRate: String
        public let vatCategory: String
        enum CodingKeys: String, CodingKey {
            case line, sku, description, quantity, unit, net
            case unitPrice = "unit_price"
            case discountPercent = "discount_pct"
            case vatRate = "vat_rate"
            case vatCategory = "vat_category"
        }
    }
    public struct Tax: Codable, Sendable, Equatable {
        public let rate: String
        public let category: String
        public let base: String
        public let tax: String
    }
    public struct References: Codable, Sendable, Equatable {
        public let orderID: String
        public let poNumber: String
        public let creditorReference: String
        enum CodingKeys: String, CodingKey {
            case orderID = "order_id"
            case poNumber = "po_number"
            case creditorReference = "creditor_ref"
        }
    }
    /// An allocation that stands; a used credit note is negative.
    public struct Allocation: Codable, Sendable, Equatable {
        public let allocation: String
        /// null where a credit note was set against it without money.
        @OrNull public var receipt: String?
        @OrNull public var paymentID: String?
        /// The credit note it was set against, or the invoice that the credit note was used for; null where money paid it.
        @OrNull public var document: String?
        public let day: String
        public let allocated: String
        public let writeOff: String
        public let reason: String
        /// `0.9912`; null where a person did it.
        @OrNull public var confidence: String?
        public let command: String
        enum CodingKeys: String, CodingKey {
            case allocation, receipt, document, day, allocated, reason, confidence, command
            case paymentID = "payment_id"
            case writeOff = "write_off"
        }
    }
    public struct Delivery: Codable, Sendable, Equatable {
        public let message: String
        public let kind: String
        public let channel: String
        public let state: String
        public let attempts: Int64
        public let answer: String
        public let at: String
    }
    public struct Address: Codable, Sendable, Equatable {
        public let name: String
        public let street: String
        public let postcode: String
        public let city: String
        public let country: String
        public let vatID: String
        enum CodingKeys: String, CodingKey {
            case name, street, postcode, city, country
            case vatID = "vat_id"
        }
    }
    public struct Dispute: Codable, Sendable, Equatable {
        public let dispute: String
        public let amount: String
        public let reason: String
        public let opened: String
        @OrNull public var closed: String?
    }

    public let head: InvoiceRow
    public let origin: String
    public let reason: String
    public let recorded: String
    public let command: String
    /// The customer as the document names it: the details it was issued to.
    public let billTo: Address
    public let lines: [Line]
    public let taxes: [Tax]
    public let references: References
    public let allocations: [Allocation]
    @OrNull public var corrects: String?
    public let correctedBy: [String]
    public let deliveries: [Delivery]
    public let disputes: [Dispute]

    enum CodingKeys: String, CodingKey {
        case origin, reason, recorded, command, lines, taxes, references, allocations, corrects, deliveries, disputes
        case billTo = "bill_to"
        case correctedBy = "corrected_by"
    }

    /// The head's fields stand beside the others, as in the list.
    public func encode(to encoder: any Encoder) throws {
        try head.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(origin, forKey: .origin)
        try container.encode(reason, forKey: .reason)
        try container.encode(recorded, forKey: .recorded)
        try container.encode(command, forKey: .command)
        try container.encode(billTo, forKey: .billTo)
        try container.encode(lines, forKey: .lines)
        try container.encode(taxes, forKey: .taxes)
        try container.encode(references, forKey: .references)
        try container.encode(allocations, forKey: .allocations)
        try container.encode(corrects, forKey: .corrects)
        try container.encode(correctedBy, forKey: .correctedBy)
        try container.encode(deliveries, forKey: .deliveries)
        try container.encode(disputes, forKey: .disputes)
    }

    public init(from decoder: any Decoder) throws {
        head = try InvoiceRow(from: decoder)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        origin = try container.decode(String.self, forKey: .origin)
        reason = try container.decode(String.self, forKey: .reason)
        recorded = try container.decode(String.self, forKey: .recorded)
        command = try container.decode(String.self, forKey: .command)
        billTo = try container.decode(Address.self, forKey: .billTo)
        lines = try container.decode([Line].self, forKey: .lines)
        taxes = try container.decode([Tax].self, forKey: .taxes)
        references = try container.decode(References.self, forKey: .references)
        allocations = try container.decode([Allocation].self, forKey: .allocations)
        _corrects = OrNull(wrappedValue: try container.decode(String?.self, forKey: .corrects))
        correctedBy = try container.decode([String].self, forKey: .correctedBy)
        deliveries = try container.decode([Delivery].self, forKey: .deliveries)
        disputes = try container.decode([Dispute].self, forKey: .disputes)
    }

    init(_ record: InvoiceRecord, from reader: InvoiceReader) throws {
        let money = reader.money(record)
        head = record.row
        origin = record.origin
        reason = record.reason
        recorded = record.recorded
        command = record.command
        billTo = try reader.address(of: record)
        lines = try reader.lines(of: record, money)
        taxes = try reader.taxes(of: record, money)
        references = References(
            orderID: record.orderID, poNumber: record.poNumber, creditorReference: record.reference)
        allocations = try reader.allocations(of: record, money)
        _corrects = OrNull(wrappedValue: try reader.number(of: record.corrects))
        correctedBy = try reader.numbers(correcting: record)
        deliveries = try reader.deliveries(of: record)
        disputes = try reader.disputes(of: record, money)
    }

    /// Every document of this number: none, one, or one per seller. The same facts for all of them in one snapshot.
    public static func read(number: String, book: Int64?, asOf: Day, in transaction: any Transaction) throws
        -> [InvoiceSheet]
    {
        try InvoiceReader.books(book, asOf: asOf, in: transaction).flatMap { reader in
            try reader.records(numbered: number).map { try InvoiceSheet($0, from: reader) }
        }
    }

    /// The document of this id.
    public static func read(document: RecordID, book: Int64, asOf: Day, in transaction: any Transaction) throws
        -> InvoiceSheet?
    {
        guard let reader = try InvoiceReader.books(book, asOf: asOf, in: transaction).first else { return nil }
        return try reader.record(document.number).map { try InvoiceSheet($0, from: reader) }
    }
}

import Ledger
import Money
import Typesetting

/// The sender of a paper. Every optional part may be missing; nothing is printed for it.
public struct PaperSeller: Sendable, Hashable {
    /// The legal name.
    public var name: String
    /// The short name set large at the top; nil: the legal name.
    public var wordmark: String?
    /// Street; postcode and town; a country where letters go abroad.
    public var addressLines: [String]
    public var phone: String?
    public var email: String?
    public var vatID: String?
    /// Where there is no VAT id, or beside it where the law wants both.
    public var taxNumber: String?
    /// Court and number, such as `Amtsgericht Bremen HRB 00000`.
    public var register: String?
    /// Who answers for the firm, with the title: `Geschäftsführung: …`.
    public var management: String?
    public var bank: PaperBank?

    public init(
        name: String, wordmark: String? = nil, addressLines: [String], phone: String? = nil, email: String? = nil,
        vatID: String? = nil, taxNumber: String? = nil, register: String? = nil, management: String? = nil,
        bank: PaperBank? = nil
    ) {
        self.name = name
        self.wordmark = wordmark
        self.addressLines = addressLines
        self.phone = phone
        self.email = email
        self.vatID = vatID
        self.taxNumber = taxNumber
        self.register = register
        self.management = management
        self.bank = bank
    }
}

/// The account money is to go to.
public struct PaperBank: Sendable, Hashable {
    /// With or without blanks.
    public var iban: String
    public var bic: String?
    public var name: String?
    /// Where it is not the seller's legal name.
    public var holder: String?

    public init(iban: String, bic: String? = nil, name: String? = nil, holder: String? = nil) {
        self.iban = iban
        self.bic = bic
        self.name = name
        self.holder = holder
    }
}

/// Whom a paper is written to.
public struct PaperRecipient: Sendable, Hashable {
    /// As on the envelope: name, department or person, street, town, country.
    public var addressLines: [String]
    public var customerNumber: String?
    public var vatID: String?

    public init(addressLines: [String], customerNumber: String? = nil, vatID: String? = nil) {
        self.addressLines = addressLines
        self.customerNumber = customerNumber
        self.vatID = vatID
    }
}

extension PaperRecipient {
    /// By the letters of the address, then by its country.
    var hanForms: HanForms {
        for line in addressLines { if let forms = HanForms(of: line) { return forms } }
        let countries: [(HanForms, [String])] = [
            (.japanese, ["JAPAN", "日本"]), (.korean, ["KOREA", "韓國", "韩国"]),
            (.traditional, ["TAIWAN", "HONG KONG", "HONGKONG", "MACAU", "MACAO", "台灣", "臺灣", "香港", "澳門"]),
        ]
        for line in addressLines.reversed() {
            let upper = line.uppercased()
            for (forms, names) in countries where names.contains(where: { upper.contains($0) }) { return forms }
        }
        return .simplified
    }
}

/// The person to ask.
public struct PaperContact: Sendable, Hashable {
    public var name: String
    public var phone: String?
    public var email: String?

    public init(name: String, phone: String? = nil, email: String? = nil) {
        self.name = name
        self.phone = phone
        self.email = email
    }

    var lines: [String] { [name, phone, email].compactMap(\.self).filter { !$0.isEmpty } }
}

/// A paper was not made because its figures contradict each other.
public enum PaperRefusal: Refusal, Hashable {
    case mixedCurrencies(paper: Currency, found: Currency, place: String)
    case doesNotAddUp(place: String, sum: Money, stated: Money)

    public var code: String {
        switch self {
        case .mixedCurrencies: "correspondence.mixed-currencies"
        case .doesNotAddUp: "correspondence.does-not-add-up"
        }
    }
    public var what: String { "The paper was not made." }
    public var why: String {
        switch self {
        case .mixedCurrencies(let paper, let found, let place):
            "It is in \(paper.code), but \(place) is in \(found.code)."
        case .doesNotAddUp(let place, let sum, let stated):
            "\(place): the parts come to \(sum), the paper states \(stated)."
        }
    }
    public var next: String {
        switch self {
        case .mixedCurrencies: "Make one paper for each currency."
        case .doesNotAddUp: "Verify the books, then make it again."
        }
    }
}

import Ledger
import Money

/// What pricing and billing need to know of a customer of one seller.
public struct CustomerFacts: Sendable, Equatable {
    public let id: RecordID
    /// The number the firm uses.
    public let number: String
    /// The version of name and address in force.
    public let details: RecordID
    /// Two letters (ISO 3166); empty where an import did not say.
    public let country: String
    /// Two letters, in countries whose states tax.
    public let state: String
    public let currency: Currency
    /// `de` or `en`.
    public let language: String
    /// A private person.
    public let isConsumer: Bool
    public let hasVATID: Bool
    public let termsDays: Int
    public let priceList: String
    public let creditLimit: Money?
    /// Whether a contact for invoices has a mail address.
    public let channel: LetterRequest.Channel

    public init(
        id: RecordID, number: String, details: RecordID, country: String, state: String, currency: Currency,
        language: String, isConsumer: Bool, hasVATID: Bool, termsDays: Int, priceList: String, creditLimit: Money?,
        channel: LetterRequest.Channel
    ) {
        self.id = id
        self.number = number
        self.details = details
        self.country = country
        self.state = state
        self.currency = currency
        self.language = language
        self.isConsumer = isConsumer
        self.hasVATID = hasVATID
        self.termsDays = termsDays
        self.priceList = priceList
        self.creditLimit = creditLimit
        self.channel = channel
    }
}

/// What a contact is written to about.
public enum ContactPurpose: String, Sendable, CaseIterable { case invoice, statement, reminder, escalation }

/// The European Union as a tax territory.
public enum EuropeanUnion {
    /// Member states, by the day they joined or left where that lies after 2013; Croatia joined on 2013-07-01, the United
    /// Kingdom's transition ended on 2020-12-31 (Agreement on the withdrawal of the United Kingdom, art. 126).
    private static let members: Set<String> = [
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "EL", "HU", "IE", "IT", "LT", "LU",
        "LV",
        "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
    ]
    public static func contains(_ country: String, on day: Day) -> Bool {
        switch country {
        case "HR": day >= Day("2013-07-01")!
        case "GB": day <= Day("2020-12-31")!
        default: members.contains(country)
        }
    }
}

import Ledger
import Money

/// The content of an EPC QR code: a SEPA credit transfer ready to be signed (EPC069-12, version 002, UTF-8).
public struct EPCPayload: Sendable, Hashable {
    public enum Remittance: Sendable, Hashable {
        case structured(CreditorReference)
        /// At most 140 characters.
        case text(String)
        case none
    }

    public enum Problem: Error, Sendable, Hashable {
        case notEuro(Currency)
        /// Allowed: 0.01 to 999,999,999.99.
        case amountOutOfRange(Money)
        /// Empty, over 70 characters, or with control characters.
        case name(String)
        case iban(String)
        case bic(String)
        /// Over 140 characters, or with control characters.
        case text(String)
        /// Over 331 bytes in all.
        case tooLong(Int)
    }

    /// The lines, separated by LF, without trailing empty ones.
    public let text: String

    public init(
        beneficiary: String, iban: String, bic: String? = nil, amount: Money, remittance: Remittance
    ) throws(Problem) {
        guard amount.currency == .eur else { throw .notEuro(amount.currency) }
        guard (1...99_999_999_999).contains(amount.minor) else { throw .amountOutOfRange(amount) }
        guard (1...70).contains(beneficiary.count), Self.isPlain(beneficiary) else { throw .name(beneficiary) }
        let compactIBAN = iban.uppercased().filter { !$0.isWhitespace }
        guard IBAN.isValid(compactIBAN) else { throw .iban(iban) }
        let compactBIC = (bic ?? "").uppercased().filter { !$0.isWhitespace }
        guard compactBIC.isEmpty || Self.isBIC(compactBIC) else { throw .bic(bic ?? "") }
        var structured = ""
        var unstructured = ""
        switch remittance {
        case .structured(let reference): structured = reference.text
        case .text(let words):
            guard words.count <= 140, Self.isPlain(words) else { throw .text(words) }
            unstructured = words
        case .none: break
        }
        var lines = [
            "BCD", "002", "1", "SCT", compactBIC, beneficiary, compactIBAN, "EUR\(amount.decimal)", "", structured,
            unstructured,
        ]
        while lines.last?.isEmpty == true { lines.removeLast() }
        text = lines.joined(separator: "\n")
        guard text.utf8.count <= 331 else { throw .tooLong(text.utf8.count) }
    }

    /// No control characters: a line feed would start the next field.
    private static func isPlain(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) && $0.value != 0x2028 }
    }

    /// ISO 9362: four letters or digits, two letters, two letters or digits, perhaps three more.
    private static func isBIC(_ text: String) -> Bool {
        [8, 11].contains(text.utf8.count)
            && text.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) }
            && text.utf8.dropFirst(4).prefix(2).allSatisfy { $0 >= 65 }
    }
}

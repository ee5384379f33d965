/// The structured creditor reference of ISO 11649: `RF`, two check digits (ISO 7064 mod 97-10), then 1 to 21 letters and digits.
public struct CreditorReference: Hashable, Sendable {
    /// Without blanks, upper case.
    public let text: String

    /// The reference over a document number: its letters A to Z and digits, upper case; nil where none or more than 21 are left.
    public init?(documentNumber: String) {
        let body = documentNumber.uppercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
        guard (1...21).contains(body.count) else { return nil }
        let check = 98 - Self.remainder(of: body + "RF00")
        text = "RF\(check < 10 ? "0" : "")\(check)\(body)"
    }

    /// Reads one as it is written by people and banks, with blanks and in either case; nil where the check digits do not fit.
    public init?(_ written: String) {
        let text = written.uppercased().filter { !$0.isWhitespace }
        guard text.hasPrefix("RF"), (5...25).contains(text.count),
            text.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }),
            text.dropFirst(2).prefix(2).allSatisfy(\.isNumber),
            Self.remainder(of: String(text.dropFirst(4) + text.prefix(4))) == 1
        else { return nil }
        self.text = text
    }

    /// In groups of four, as it is printed.
    public var grouped: String {
        var result = ""
        for (index, character) in text.enumerated() {
            if index > 0, index % 4 == 0 { result.append(" ") }
            result.append(character)
        }
        return result
    }

    /// Remainder by 97 of the text with A to Z read as 10 to 35.
    private static func remainder(of text: String) -> Int {
        text.utf8.reduce(0) { rest, byte in
            byte < 65 ? (rest * 10 + Int(byte) - 48) % 97 : (rest * 100 + Int(byte) - 55) % 97
        }
    }
}
